"""What runs beside dnsdist: writes the tables anew when the bundle changes, and takes back what was answered.

FOLDER/dnsdist.conf    the configuration
      control          which tables are in force, up to where memories were emptied (three numbers)
      tables-N         the tables; the last three are kept
      places.json      what the counts of threads are counts of: (school, profile) by number
      thread-TID       what a thread of dnsdist answered by itself (told.py)
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors import whole_file
from homeroom.doors.bundle_file import BadBundle, BundleWatch, manifest
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist import tables
from homeroom.doors.dnsdist.tables import Kept, Places
from homeroom.doors.dnsdist.told import Collector
from homeroom.doors.spool import Spool
from homeroom.doors.status import write_status
from homeroom.kernel.decision.bundle import Bundle

LOOK = 0.05  # seconds between looks at the bundle
AGAIN = 1.0  # seconds after which tables that could not be written are tried again
KEPT = 3  # tables of older bundles that a thread may still read
_CONTROL = struct.Struct("<QQQ")
_NUMBER = struct.Struct("<Q")


class Writer:
    """Keeps the tables in a folder as the bundle in force says."""

    def __init__(self, home: Path, folder: Path, page: Page) -> None:
        """Open the folder; raises OSError."""
        self.home, self.folder, self._page = home, folder, page
        self.watch, self.places = BundleWatch(home), Places()
        self.trouble, self.took = "", 0.0
        self.written: Bundle | None = None  # whose tables are in force; other leases make another object of the same id
        self._again, self._kept = 0.0, Kept()
        self._until: datetime | None = None  # when a correction of a list begins or ends next
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
        self.watch.poll()
        bundle, started = self.watch.bundle, time.monotonic()
        # VI.Alt3.C: a name may lead to a corrected one and be remembered; so with each correction memories end.
        over = self._until is not None and at >= self._until
        if bundle is None or (bundle is self.written and not over) or started < self._again:
            return False
        try:
            self._write(bundle, at)
        except (OSError, ValueError, BadBundle) as trouble:
            self.trouble = f"The tables for dnsdist cannot be written: {trouble}. Those before stay in force."
            self._again = started + AGAIN
            return False
        self.written, self.trouble, self.took = bundle, "", time.monotonic() - started
        self._until = bundle.overlay.next_change(at, "correct")
        return True

    def _write(self, bundle: Bundle, at: datetime) -> None:
        name = manifest(self.home, bundle.id)["rules"]
        lists = self.home / "bundles" / name if name else None
        data = tables.make(bundle, lists, self._page, at, self.places, self._kept)
        number = self.generation + 1
        whole_file.put(self.folder / "places.json", json.dumps(self.places.labels).encode(), sync=False)
        whole_file.put(self.folder / f"tables-{number}", data, sync=False)
        # One store of eight bytes: a thread sees the old number or the new one, never a half.
        _NUMBER.pack_into(self._control, 0, number)
        (self.folder / f"tables-{number - KEPT}").unlink(missing_ok=True)


class Node:
    """The tables and the activity of one dnsdist."""

    def __init__(self, home: Path, folder: Path, page: Page) -> None:
        """Open everything; raises OSError."""
        self.home = home
        self.writer = Writer(home, folder, page)
        self.spool = Spool(home, "dnsdist", soon=lambda push: None)  # the collector pushes after each batch
        self.collector = Collector(folder, self.spool)
        self._second = 0.0

    def turn(self) -> None:
        """Look once at everything."""
        at, now = datetime.now(UTC), time.monotonic()
        # What waits was refused by the tables in force until now, so it is judged by their bundle, not by the next.
        before = self.writer.written
        self.writer.poll(at)
        self.collector.drain(before or self.writer.written)
        if now >= self._second:
            self._second = now + 1.0
            self.collector.count(self.writer.places.labels)
            self.spool.flush(at)
            write_status(self.home, "dnsdist", self.status(), at)

    def run(self, ended: Iterator[bool]) -> None:
        """Work until `ended` says so."""
        for over in ended:
            if over:
                break
            self.turn()
        at = datetime.now(UTC)
        self.collector.drain(self.writer.written)
        self.collector.count(self.writer.places.labels)
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
