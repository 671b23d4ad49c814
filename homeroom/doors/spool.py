"""Where a door writes down what it answered: lines on local disk, taken in later by the worker.

    HOMEROOM_HOME/spool/DOOR-PID-N.log      one file set per door process; N grows

What is kept, and when:

* A refused request is on disk (in the system's hands) as soon as `push` has run: at once, or at the
  end of the batch where the door names a `soon`, such as its loop's `call_soon`. A kill -9 thus costs
  at most the refusals of the very batch it interrupts.
* Counts are written once a second by `flush`; a kill -9 costs at most the counts of that second.
* A disk that is full or fails never stops an answer. Up to QUEUE lines and PENDING counts wait in
  memory; what is more is counted as lost, and the next line that can be written says so.
* A power cut may cost what the system had not yet put on the disk: nothing here waits for fsync.

A file belongs to the process that holds its lock (flock); once the lock is free nobody will ever
write to the file again. The name appears only after the lock is held, so a reader can trust that.
Used from one thread only.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from homeroom.doors import environment
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.spoolline import DAY, HOUR, Count, Tool

FULL = 8 * 1024 * 1024  # bytes after which a file is closed
QUEUE = 5_000  # refused requests that may wait in memory, about 1 MB
PENDING = 20_000  # counts that may wait in memory
REPEATS = 8  # lines for the very same refusal in one second; the rest of that second is one line

Key = tuple[str, str, str, str, str]
Same = tuple[str, str, str]  # alias, place, ground
Soon = Callable[[Callable[[], None]], object]


class Spool:
    """What one door process answered. Nothing here ever raises to the door.

    `lost` is the number of refusals and counted answers that had to be dropped since the start;
    `trouble` is a sentence while nothing can be written, else "".
    """

    def __init__(self, home: Path, door: str, *, soon: Soon | None = None) -> None:
        """`soon` takes a function to call at the end of the batch; without it lines are written at once."""
        self.lost = 0
        self.trouble = ""
        self._door = door
        self._soon = soon
        self._file = _File(home / "spool", door)
        self._cells: dict[Key, list[int]] = {}
        self._pending: dict[tuple[int, Key], int] = {}
        self._watched: dict[tuple[Key, str], list[int]] = {}
        self._tools: dict[tuple[int, str, str], int] = {}
        self._queue: list[bytes] = []
        self._repeats: dict[Same, int] = {}
        self._at: datetime | None = None
        self._second = 0
        self._asked = False
        self._untold = [0, 0]  # refusals and answers lost that no line has told yet

    def cell(self, school: str, profile: str, verdict: str, kind: str, category: str) -> list[int]:
        """The counter of one kind of answer; add to its only item for every answer. Keep it: it stays the same."""
        key = (school, profile, verdict, kind, category)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = [0]
        return found

    def watch(self, school: str, profile: str, verdict: str, kind: str, category: str, domain: str) -> list[int]:
        """XIII.A: the counter of one kind of answer about a watched name: counted as every other, and by its name.

        Without a name it is `cell`.
        """
        if not domain:
            return self.cell(school, profile, verdict, kind, category)
        key = ((school, profile, verdict, kind, category), domain)
        found = self._watched.get(key)
        if found is None:
            found = self._watched[key] = [0]
        return found

    def blocked(self, at: datetime, who: Who, host: str, decision: Decision) -> None:
        """Note a refused request: pseudonym, host and the line of the list; never person, address or path."""
        line = decision.rule.line if decision.rule else 0
        self.refused(at, who.alias, spoolline.place(host, line), ground_of(who, decision))

    def refused(self, at: datetime, alias: str, place: str, ground: str) -> None:
        """Note a refused request of which the door keeps `spoolline.place` and `ground_of` ready."""
        key = (alias, place, ground)
        seen = self._repeats[key] = self._repeats.get(key, 0) + 1
        if seen > REPEATS:
            # One device that asks the same thing hundreds of times a second must not fill the disk.
            return
        if at is not self._at:
            self._at, self._second = at, _second(at)
        self._note(self._second, key, 1)
        if self._soon is None:
            self.push()
        elif not self._asked:
            self._asked = True
            self._soon(self.push)

    def could_not(self, refusals: int) -> None:
        """Note that so many refusals were lost before they came here; the next line that is written says so."""
        self.lost += refusals
        self._untold[0] += refusals

    def push(self) -> None:
        """Write the refusals that wait. After a failure the disk is left alone until the next `flush`."""
        self._asked = False
        if not self.trouble:
            self._drain()

    def flush(self, at: datetime) -> None:
        """Write everything: once a second, and at the end. Files that are full or old are closed here."""
        second = _second(at)
        self._gather(second - second % HOUR)
        self._tell_repeats(second)
        if self._drain():
            if any(self._untold):
                self._queue.append(spoolline.write_lost(second, self._door, *self._untold))
                self._untold = [0, 0]
            counts = (Count(hour, *key, n) for (hour, key), n in self._pending.items())
            self._queue.extend(spoolline.write_counts(second, self._door, counts))
            self._pending.clear()
            tools = (Tool(*key, n) for key, n in self._tools.items())
            self._queue.extend(spoolline.write_tools(second, self._door, tools))
            self._tools.clear()
            self._drain()
        self._file.close_when_old()

    def close(self, at: datetime) -> None:
        """Write what is left and give the file up; the intake will finish and delete it."""
        self.flush(at)
        self._file.close()

    def _note(self, at: int, same: Same, n: int) -> None:
        if len(self._queue) >= QUEUE:
            self.lost += n
            self._untold[0] += n
            return
        alias, place, ground = same
        self._queue.append(spoolline.write_blocked(at, self._door, alias, place, n, ground))

    def _tell_repeats(self, second: int) -> None:
        for same, n in self._repeats.items():
            if n > REPEATS:
                self._note(second, same, n - REPEATS)
        self._repeats.clear()

    def _gather(self, hour: int) -> None:
        for key, cell in self._cells.items():
            if cell[0]:
                self._add(hour, key, cell[0])
                cell[0] = 0
        for (key, domain), cell in self._watched.items():
            if cell[0]:
                self._add(hour, key, cell[0])
                tool = (hour - hour % DAY, key[1], domain)
                if tool in self._tools or len(self._tools) < PENDING:
                    self._tools[tool] = self._tools.get(tool, 0) + cell[0]
                cell[0] = 0

    def _add(self, hour: int, key: Key, n: int) -> None:
        when = (hour, key)
        if when in self._pending or len(self._pending) < PENDING:
            self._pending[when] = self._pending.get(when, 0) + n
        else:
            self.lost += n
            self._untold[1] += n

    def _drain(self) -> bool:
        if not self._queue:
            return True
        try:
            written = self._file.append(self._queue)
        except OSError as error:
            return self._fail(error.strerror or str(error))
        if written < len(self._queue):
            del self._queue[:written]
            return self._fail("only a part was written")
        self._queue.clear()
        self.trouble = ""
        return True

    def _fail(self, why: str) -> bool:
        self.trouble = f"Activity cannot be written to {self._file.folder} ({why}); make room there or mend the disk."
        return False


def ground_of(who: Who, decision: Decision) -> str:
    """The part of a refusal's line that it shares with all of one school, profile and ground."""
    name, version = (decision.rule.list, decision.rule.version) if decision.rule else ("", "")
    return spoolline.ground(
        who.school, decision.profile, decision.kind.value, decision.clause, decision.category,
        name, version, decision.bundle,
    )  # fmt: skip


class _File:
    """The file in use: opened at the first line, closed when full, old or broken."""

    def __init__(self, folder: Path, door: str) -> None:
        self.folder = folder
        self._door = door
        self._fd = -1
        self._size = 0
        self._opened, self._old = 0.0, environment.number("HOMEROOM_SPOOL_SECONDS")
        self._number = 0

    def append(self, lines: list[bytes]) -> int:
        """Write lines with one call; returns how many are whole on disk. Raises OSError."""
        data = b"".join(lines)
        if self._fd < 0:
            self._open()
        try:
            wrote = os.write(self._fd, data)
        except OSError:
            if self._size:
                self.close()
            raise
        if wrote == len(data):
            self._size += wrote
            if self._size >= FULL:
                self.close()
            return len(lines)
        return self._cut(data[:wrote])

    def close_when_old(self) -> None:
        """Close a file with lines after a minute, so that it is taken in and deleted; or one that was removed."""
        if self._fd < 0:
            return
        try:
            removed = os.fstat(self._fd).st_nlink == 0
        except OSError:
            removed = True
        if removed or (self._size and time.monotonic() - self._opened >= self._old):
            self.close()

    def close(self) -> None:
        """Give the file up."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _open(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Never a name that was used before, not even by a process of the same id after a restart.
        self._number = max(self._number + 1, time.time_ns())
        path = self.folder / f"{self._door}-{os.getpid()}-{self._number}.log"
        aside = path.with_suffix(".new")
        fd = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            aside.rename(path)
        except OSError:
            os.close(fd)
            raise
        self._fd, self._size, self._opened = fd, 0, time.monotonic()

    def _cut(self, part: bytes) -> int:
        """Take back the torn line at the end of a write that the disk cut short."""
        whole = part.rfind(b"\n") + 1
        try:
            os.ftruncate(self._fd, self._size + whole)
            self._size += whole
        except OSError:
            self.close()  # the torn line then ends its file, where the intake knows it by its checksum
        return part.count(b"\n", 0, whole)


def _second(at: datetime) -> int:
    # A machine without a battery may wake in a year before 1970; the line must still be readable.
    return max(0, int(at.timestamp()))
