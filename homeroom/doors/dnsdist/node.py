"""What runs beside dnsdist: writes the tables anew when the bundle changes, and takes back what was answered.

    FOLDER/dnsdist.conf    the configuration
          control          which tables are in force, up to where memories were emptied (three numbers)
          tables-N         the tables; the last three are kept
          places.json      what the counts of threads are counts of: (school, profile) by number
          thread-TID       how often a thread of dnsdist answered from its memory, by place
          blocked.sock     where dnsdist tells each refusal; it is judged again here, for the record

What comes back is written to the same spool under the same rules as by our own doors: a refusal with its
pseudonym, all else as counts. An address lives no longer than it takes to read the datagram.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import socket
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors.bundle_file import BundleWatch, manifest
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.rules import type_text
from homeroom.doors.dnsdist import tables
from homeroom.doors.dnsdist.tables import Places
from homeroom.doors.spool import Spool
from homeroom.doors.status import write_status
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Block

LOOK = 0.05  # seconds between looks at the bundle
KEPT = 3  # tables of older bundles that a thread may still read
_CONTROL = struct.Struct("<QQQ")
_NUMBER = struct.Struct("<Q")
LONGEST = 320
BATCH = 2000  # datagrams read before anything else gets its turn


class Writer:
    """Keeps the tables in a folder as the bundle in force says."""

    def __init__(self, home: Path, folder: Path, page: Page) -> None:
        """Open the folder; raises OSError."""
        self.home, self.folder, self._page = home, folder, page
        self.watch, self.places = BundleWatch(home), Places()
        self.trouble, self.took = "", 0.0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._control = _mapped(folder / "control", 4096)
        with contextlib.suppress(OSError, ValueError):
            for school, profile in json.loads((folder / "places.json").read_text(encoding="utf-8")):
                self.places.number(school, profile)

    @property
    def generation(self) -> int:
        """The number of the tables in force; 0 before the first."""
        return int(_NUMBER.unpack_from(self._control)[0])

    @property
    def refused(self) -> bool:
        """Whether dnsdist could not read the tables in force, and goes on with those before."""
        return bool(self.generation) and self.generation == _CONTROL.unpack_from(self._control)[2]

    def poll(self, at: datetime) -> bool:
        """Write the tables where another bundle is in force; True where that was done. Never raises."""
        if not self.watch.poll() and (self.generation or self.watch.bundle is None):
            return False
        started = time.monotonic()
        try:
            self._write(at)
        except (OSError, ValueError) as trouble:
            self.trouble = f"The tables for dnsdist cannot be written: {trouble}. Those before stay in force."
            return False
        self.trouble, self.took = "", time.monotonic() - started
        return True

    def _write(self, at: datetime) -> None:
        bundle = self.watch.bundle
        assert bundle is not None
        name = manifest(self.home, bundle.id)["rules"]
        lists = self.home / "bundles" / name if name else None
        data = tables.make(bundle, lists, self._page, at, self.places)
        number = self.generation + 1
        _put(self.folder / "places.json", json.dumps(self.places.labels).encode())
        _put(self.folder / f"tables-{number}", data)
        # One store of eight bytes: a thread sees the old number or the new one, never a half.
        _NUMBER.pack_into(self._control, 0, number)
        (self.folder / f"tables-{number - KEPT}").unlink(missing_ok=True)


class Collector:
    """Takes back what dnsdist answered by itself."""

    def __init__(self, folder: Path, writer: Writer, spool: Spool) -> None:
        """Listen; raises OSError."""
        self._folder, self._writer, self._spool = folder, writer, spool
        self._seen: dict[str, list[int]] = {}
        self.blocked = self.remembered = self.unread = 0
        path = folder / "blocked.sock"
        path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(str(path))

    def drain(self, at: datetime) -> bool:
        """Read what was told; True where there may be more."""
        for _ in range(BATCH):
            try:
                said = self.socket.recv(LONGEST)
            except BlockingIOError:
                return False
            try:
                self._refusal(said, at)
            except (ValueError, IndexError):
                self.unread += 1
        return True

    def _refusal(self, said: bytes, at: datetime) -> None:
        """VI.Alt3.A.2: judge the question again, so that the record holds the line and the pseudonym."""
        bundle = self._writer.watch.bundle
        if bundle is None:
            return
        qtype, size = int.from_bytes(said[:2], "big"), said[2]
        who = bundle.roll.by_address(said[3 : 3 + size])
        host = said[3 + size :].decode("ascii")
        decision = decide(Ask(who=who, host=host, qtype=type_text(qtype)), bundle, at)
        self.blocked += 1
        self._spool.cell(who.school, decision.profile, decision.verdict, decision.kind.value, decision.category)[0] += 1
        if isinstance(decision, Block):
            self._spool.blocked(at, who, host, decision)

    def count(self) -> None:
        """Add what threads answered from their memories since the last time."""
        labels = self._writer.places.labels
        for path in self._folder.glob("thread-*"):
            with contextlib.suppress(OSError, ValueError):
                self._thread(path, labels)

    def _thread(self, path: Path, labels: list[tuple[str, str]]) -> None:
        with path.open("rb") as file:
            data = file.read(8 + 8 * len(labels))
        now = list(struct.unpack_from(f"<{(len(data) - 8) // 8}Q", data, 8))
        before = self._seen.get(path.name) or []
        for number, n in enumerate(now):
            more = n - (before[number] if number < len(before) else 0)
            if more > 0:
                school, profile = labels[number]
                self._spool.cell(school, profile, "allow", "district", "")[0] += more
                self.remembered += more
        self._seen[path.name] = now

    def close(self) -> None:
        """Listen no more, and forget threads that are gone."""
        self.socket.close()
        (self._folder / "blocked.sock").unlink(missing_ok=True)


class Node:
    """The tables and the activity of one dnsdist."""

    def __init__(self, home: Path, folder: Path, page: Page) -> None:
        """Open everything; raises OSError."""
        self.home = home
        self.writer = Writer(home, folder, page)
        for path in folder.glob("thread-*"):
            path.unlink(missing_ok=True)  # of an earlier run: its counts are in the spool already
        self.spool = Spool(home, "dnsdist")
        self.collector = Collector(folder, self.writer, self.spool)
        self._second = 0.0

    def turn(self) -> None:
        """Look once at everything."""
        at, now = datetime.now(UTC), time.monotonic()
        self.writer.poll(at)
        self.collector.drain(at)
        if now >= self._second:
            self._second = now + 1.0
            self.collector.count()
            self.spool.flush(at)
            write_status(self.home, "dnsdist", self.status(), at)

    def run(self, ended: Iterator[bool]) -> None:
        """Work until `ended` says so."""
        for over in ended:
            if over:
                break
            self.turn()
        at = datetime.now(UTC)
        self.collector.drain(at)
        self.collector.count()
        self.spool.close(at)
        self.collector.close()

    def status(self) -> dict[str, Any]:
        """How it does."""
        writer = self.writer
        bundle = writer.watch.bundle
        refused = "dnsdist cannot read its newest tables and goes on with those before; see its log."
        trouble = writer.trouble or (refused if writer.refused else "") or writer.watch.trouble or self.spool.trouble
        return {
            "bundle": bundle.id if bundle else "", "generation": writer.generation, "took": round(writer.took, 3),
            "blocked": self.collector.blocked, "remembered": self.collector.remembered,
            "unread": self.collector.unread, "trouble": trouble, "spool_lost": self.spool.lost,
        }  # fmt: skip


def _mapped(path: Path, size: int) -> mmap.mmap:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(fd, size)
        return mmap.mmap(fd, size)
    finally:
        os.close(fd)


def _put(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(data)
    aside.replace(path)
