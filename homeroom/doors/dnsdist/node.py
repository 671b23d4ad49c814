"""What runs beside dnsdist: writes the tables anew when the bundle changes, and takes back what was answered.

FOLDER/dnsdist.conf    the configuration
      lock             held by whoever keeps this folder
      control          which tables are in force, up to where memories were emptied, which tables dnsdist cannot
                       read, and by which all doors judge, 0 for none (four numbers)
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
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors import whole_file
from homeroom.doors.bundle_file import BadBundle, manifest
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist import tables
from homeroom.doors.dnsdist.agreed import Agreed
from homeroom.doors.dnsdist.tables import Kept, Places
from homeroom.doors.dnsdist.told import Collector
from homeroom.doors.environment import Endpoint
from homeroom.doors.spool import Spool
from homeroom.doors.status import write_status
from homeroom.kernel.decision.bundle import Bundle

LOOK = 0.05  # seconds between looks at the bundle
AGAIN = 1.0  # seconds after which tables that could not be written are tried again
PATIENCE = 0.3  # seconds that new tables wait for doors which still judge by older rules
LATE = 10.0  # seconds after which that is trouble
KEPT = 3  # tables of older bundles that a thread may still read
_GENERATION, _BAD, _AGREED = 0, 16, 24  # where these numbers are in `control`
_NUMBER = struct.Struct("<Q")


def _no_doors(mark: str) -> bool:
    """Nobody stands behind dnsdist who could judge otherwise."""
    return True


class Writer:
    """Keeps the tables in a folder as the bundle in force says.

    `agreed` says whether all doors judge by what has a mark (`BundleWatch.mark`). New tables wait for them a moment;
    then they come in force without a memory, so that nothing that a door still says by older rules is repeated.
    """

    def __init__(self, home: Path, folder: Path, page: Page, agreed: Callable[[str], bool] = _no_doors) -> None:
        """Open the folder; raises OSError."""
        self.home, self.folder, self._page, self._agreed = home, folder, page, agreed
        self.watch, self.places = BundleWatch(home), Places()
        self.trouble, self.took = "", 0.0
        self.written: Bundle | None = None  # whose tables are in force; other leases make another object of the same id
        self._waiting: Bundle | None = None  # whose tables are written and come in force next
        self._since = 0.0  # monotonic: when the first of those that wait was written, or those in force came
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
        return self._told(_GENERATION)

    @property
    def refused(self) -> bool:
        """Whether dnsdist could not read the tables in force, and goes on with those before."""
        return bool(self.generation) and self.generation == self._told(_BAD)

    @property
    def apart(self) -> bool:
        """Whether a door has judged by other rules than the tables for long."""
        late = time.monotonic() - self._since > LATE
        return late and self.generation != self._told(_AGREED)

    def _told(self, at: int) -> int:
        return int(_NUMBER.unpack_from(self._control, at)[0])

    def poll(self, at: datetime) -> bool:
        """Write the tables where another bundle is in force; True where others are in force now. Never raises."""
        self.watch.poll()
        bundle, started = self.watch.bundle, time.monotonic()
        # VI.Alt3.C: a name may lead to a corrected one and be remembered; so with each correction memories end.
        over = self._until is not None and at >= self._until
        if bundle is not None and (bundle is not (self._waiting or self.written) or over) and started >= self._again:
            try:
                self._write(bundle, at)
            except (OSError, ValueError, BadBundle) as trouble:
                self.trouble = f"The tables for dnsdist cannot be written: {trouble}. Those before stay in force."
                self._again = started + AGAIN
                return False
            self._since = self._since if self._waiting else time.monotonic()
            self._waiting, self.trouble, self.took = bundle, "", time.monotonic() - started
            self._until = bundle.overlay.next_change(at, "correct")
        return self._go_on()

    def put_in_force(self) -> bool:
        """Wait for no door any more; True where other tables are in force now."""
        if self._waiting is None:
            return False
        number = self.generation + 1
        # One store of eight bytes: a thread sees the old number or the new one, never a half.
        _NUMBER.pack_into(self._control, _GENERATION, number)
        (self.folder / f"tables-{number - KEPT}").unlink(missing_ok=True)
        self.written, self._waiting, self._since = self._waiting, None, time.monotonic()
        return True

    def _go_on(self) -> bool:
        """Put what waits in force once all doors judge by it, or are waited for no longer."""
        number = self.generation + (self._waiting is not None)
        agreed = self._agreed(self.watch.mark)
        if agreed and number != self._told(_AGREED):
            _NUMBER.pack_into(self._control, _AGREED, number)
        elif not agreed and number == self._told(_AGREED) and self._waiting is None:
            # A door that was gone is back with older rules, such as one of another machine whose link was down.
            _NUMBER.pack_into(self._control, _AGREED, 0)
            self._since = time.monotonic()
        impatient = number == 1 or time.monotonic() - self._since >= PATIENCE
        return (agreed or impatient) and self.put_in_force()

    def _write(self, bundle: Bundle, at: datetime) -> None:
        name = manifest(self.home, bundle.id)["rules"]
        lists = self.home / "bundles" / name if name else None
        data = tables.make(bundle, lists, self._page, at, self.places, self._kept)
        whole_file.put(self.folder / "places.json", json.dumps(self.places.labels).encode(), sync=False)
        whole_file.put(self.folder / f"tables-{self.generation + 1}", data, sync=False)


class Node:
    """The tables and the activity of one dnsdist."""

    def __init__(
        self, home: Path, folder: Path, page: Page, doors: Sequence[Endpoint] = (), *, tells: bool = True
    ) -> None:
        """Open everything; `doors` are those that dnsdist hands questions to. Raises OSError.

        `tells`: how it does is written down each second, as of a part that stays.
        """
        self._tells = tells
        self.home = home
        self.doors = Agreed(doors, time.monotonic())
        self.writer = Writer(home, folder, page, lambda mark: self.doors.look(mark, time.monotonic()))
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
            if self._tells:
                write_status(self.home, "dnsdist", self.status(), at)

    def run(self, ended: Iterator[bool]) -> None:
        """Work until `ended` says so."""
        for over in ended:
            if over:
                break
            self.turn()
        at = datetime.now(UTC)
        self.writer.put_in_force()
        self.doors.close()
        self.collector.drain(self.writer.written)
        self.collector.count(self.writer.places.labels)
        self.spool.close(at)
        self.collector.close()

    def status(self) -> dict[str, Any]:
        """How it does."""
        writer = self.writer
        bundle = writer.watch.bundle
        refused = "dnsdist cannot read its newest tables and goes on with those before; see its log."
        apart = "A DNS door behind dnsdist judges by other rules than dnsdist, so nothing is remembered; look at it."
        said = (refused if writer.refused else "", writer.watch.trouble, apart if writer.apart else "")
        trouble = next(filter(None, (writer.trouble, *said)), self.spool.trouble)
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
