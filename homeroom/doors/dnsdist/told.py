"""VI.Alt3.A.2: what threads of dnsdist answered by themselves, taken back from the files that they map.

    FOLDER/thread-TID    shared     where the two programs of the thread meet, in its process; nobody else's
                         told       refusals written into `notes` so far; note N lies at N % NOTES
                         taken      refusals taken from there so far; written by us
                         lost       refusals for which there was no room
                         counts     answers from memory, by place
                         counted    those of them that are in the spool; written by us
                         notes      second, type, address and name of a refusal

What comes back is written to the same spool under the same rules as by our own doors: a refusal with its pseudonym
after it was judged again, all else as counts. Since the files outlive dnsdist and us, whoever falls loses nothing. An
address lives until it is taken, a twentieth of a second. A thread holds the lock of its file while it lives.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from homeroom.doors.dns.rules import type_text
from homeroom.doors.spool import Spool, ground_of
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Block
from homeroom.kernel.lists.names import from_wire

PLACES, NOTES, BATCH = 65_536, 8192, 2000
KEPT = 50_000  # refusals that were judged
TOLD, TAKEN, LOST, COUNTS = 1, 2, 3, 4  # in words of eight bytes
COUNTED = COUNTS + PLACES
_NOTE = struct.Struct("<QHBB16s256s4x")
_FIRST = (COUNTED + PLACES) * 8
SIZE = _FIRST + NOTES * _NOTE.size


class Thread:
    """The file of one thread."""

    def __init__(self, path: Path) -> None:
        """Map it; raises OSError, or ValueError where it is not whole yet."""
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._map = mmap.mmap(self._fd, SIZE)
        except BaseException:
            os.close(self._fd)
            raise
        self.words = memoryview(self._map).cast("Q")
        self.lost = self.words[LOST]

    def notes(self) -> tuple[list[bytes], int]:
        """The refusals that wait, BATCH at most, and how far that is."""
        first, last = self.words[TAKEN], self.words[TOLD]
        last = min(last, first + BATCH)
        starts = (_FIRST + number % NOTES * _NOTE.size for number in range(first, last))
        return [self._map[start : start + _NOTE.size] for start in starts], last

    def remove(self) -> bool:
        """Take the file away where its thread has ended and all is taken; with its lock, so that none takes it up."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        counted = self.words[COUNTS:COUNTED] == self.words[COUNTED : COUNTED + PLACES]
        over = counted and self.words[TAKEN] == self.words[TOLD]
        if over:
            self.path.unlink(missing_ok=True)
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        return over

    def close(self) -> None:
        """Give it up."""
        self.words.release()
        self._map.close()
        os.close(self._fd)


class _Refusal(NamedTuple):
    cell: list[int]
    alias: str
    place: str
    ground: str  # "" where the rules of this moment refuse it no longer


class Collector:
    """Takes back what dnsdist answered by itself."""

    def __init__(self, folder: Path, spool: Spool) -> None:
        self._folder, self._spool = folder, spool
        self._threads: dict[str, Thread] = {}
        self._judged: dict[bytes, _Refusal] = {}  # by a note without its second
        self._bundle: Bundle | None = None
        self.blocked = self.remembered = self.unread = 0

    def drain(self, bundle: Bundle | None) -> None:
        """Write down the refusals that wait. Without a bundle they wait on."""
        if bundle is None:
            return
        # The very object: other leases make another bundle of the same id, in which an address is somebody else's.
        if bundle is not self._bundle or len(self._judged) > KEPT:
            self._bundle, self._judged = bundle, {}
        for thread in self._threads.values():
            notes, last = thread.notes()
            for note, n in Counter(notes).items():
                try:
                    self._refusal(note, n, bundle)
                except (ValueError, IndexError):
                    self.unread += n
            if notes:
                self._spool.push()
                thread.words[TAKEN] = last

    def _refusal(self, note: bytes, n: int, bundle: Bundle) -> None:
        """VI.Alt3.A.2: judge the question again, so that the record holds the line and the pseudonym.

        Once for the same question by the same asker under one bundle: no rule speaks of the names that dnsdist
        refuses by itself, so time changes nothing.
        """
        at = datetime.fromtimestamp(int.from_bytes(note[:8], "little"), UTC)
        judged = self._judged.get(note[8:])
        if judged is None:
            judged = self._judged[note[8:]] = self._judge(note, at, bundle)
        self.blocked += n
        judged.cell[0] += n
        for _ in range(n if judged.ground else 0):
            self._spool.refused(at, judged.alias, judged.place, judged.ground)

    def _judge(self, note: bytes, at: datetime, bundle: Bundle) -> _Refusal:
        _, qtype, size, length, address, name = _NOTE.unpack(note)
        who, host = bundle.roll.by_address(address[:size]), from_wire(name[:length])
        decision = decide(Ask(who=who, host=host, qtype=type_text(qtype)), bundle, at)
        kind, category = decision.kind.value, decision.category
        cell = self._spool.cell(who.school, decision.profile, decision.verdict, kind, category)
        ground = ground_of(who, decision) if isinstance(decision, Block) else ""
        line = decision.rule.line if decision.rule else 0
        return _Refusal(cell, who.alias, spoolline.place(host, line), ground)

    def count(self, labels: list[tuple[str, str]]) -> None:
        """Add what threads answered from their memories since the last time, and look for new threads."""
        for path in self._folder.glob("thread-*"):
            if path.name not in self._threads:
                with suppress(OSError, ValueError):
                    self._threads[path.name] = Thread(path)
        for name, thread in list(self._threads.items()):
            self._count(thread, labels)
            if thread.remove():
                del self._threads[name]
                thread.close()

    def _count(self, thread: Thread, labels: list[tuple[str, str]]) -> None:
        words = thread.words
        for number, (school, profile) in enumerate(labels[:PLACES]):
            now = words[COUNTS + number]
            more = now - words[COUNTED + number]
            if more > 0:
                self._spool.cell(school, profile, "allow", "district", "")[0] += more
                self.remembered += more
                words[COUNTED + number] = now
        if words[LOST] > thread.lost:
            self._spool.could_not(words[LOST] - thread.lost)
            thread.lost = words[LOST]

    def close(self) -> None:
        """Give the files up; threads write on in them."""
        for thread in self._threads.values():
            thread.close()
        self._threads.clear()
