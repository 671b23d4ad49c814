"""VI.Alt3.A.2: what the doors answered becomes rows, each line exactly once.

The place reached in a file moves in the same transaction as the rows, and only from where this
intake found it (compare-and-swap): killed at any moment, or run twice at once, nothing is lost or
doubled. A file is deleted only after the transaction that took in its end.

High-volume activity never enters the journal, and nobody acts here but the house.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import connections, transaction

from homeroom.activity import spool_files
from homeroom.activity.batch import CHUNK, Batch, cut
from homeroom.activity.models import SpoolFile
from homeroom.base.router import ACTIVITY
from homeroom.base.words import counted

BUDGET = 5.0  # seconds after which a run ends between two batches, so that other jobs have their turn


@dataclass(slots=True)
class Taken:
    """What one run took in. `more` says that the time was up before everything was."""

    files: int = 0
    bytes: int = 0
    lines: int = 0
    answers: int = 0
    blocked: int = 0
    damaged: int = 0
    torn: int = 0
    lost: int = 0
    deleted: int = 0
    more: bool = False
    trouble: str = ""

    def add(self, batch: Batch) -> None:
        """Count a batch that was committed."""
        self.bytes += batch.size
        self.lines += batch.lines
        self.answers += batch.answers
        self.blocked += sum(line.n for line in batch.blocked)
        self.torn += batch.torn
        self.damaged += len(batch.damaged) - batch.torn
        self.lost += batch.lost_blocks + batch.lost_answers

    @property
    def well(self) -> bool:
        """Whether everything there was could be read, and the doors had lost nothing."""
        return not (self.trouble or self.torn or self.damaged or self.lost)

    def sentence(self) -> str:
        """What happened, for people; "" when nothing did."""
        if not self.bytes and not self.trouble:
            return ""
        said = (
            f"Took in {counted(self.answers, 'answer')} and {counted(self.blocked, 'refused request')} from "
            f"{counted(self.files, 'file')}"
        )
        if not self.well:
            said += f"; {self.lost} were lost by the doors, {self.torn} lines were torn, {self.damaged} damaged"
        return f"{said}. {self.trouble}".strip()


class SomebodyWasFirst(Exception):
    """Another intake took this piece; nothing was added. Look again where the file stands."""


def take_in(*, home: Path, at: datetime, budget: float = BUDGET) -> Taken:
    """Take in what lies in HOMEROOM_HOME/spool, oldest file first.

    Ends after `budget` seconds between two batches. A file that cannot be read is passed over and
    told in `trouble`; a database that cannot be written raises, and the spool stays as it is.
    """
    taken = Taken()
    until = time.monotonic() + budget
    for path in spool_files.waiting(home):
        if time.monotonic() >= until:
            taken.more = True
            break
        try:
            _file(home, path, at, taken, until)
        except FileNotFoundError:
            continue  # another intake finished and deleted it
        except OSError as error:
            taken.trouble = f"{path} cannot be read: {error.strerror}. Mend it or move it out of the spool."
    return taken


def _file(home: Path, path: Path, at: datetime, taken: Taken, until: float) -> None:
    before = taken.bytes
    with path.open("rb") as file:
        ended = spool_files.given_up(file)
        row = _row(path, at)
        while not row.finished and time.monotonic() < until:
            try:
                if not _piece(home, file, row, ended, at, taken):
                    break
            except SomebodyWasFirst:
                row.refresh_from_db()
    taken.files += taken.bytes > before
    taken.more = taken.more or (time.monotonic() >= until and not row.finished)
    if row.finished:
        path.unlink(missing_ok=True)
        taken.deleted += 1


def _piece(home: Path, file: BinaryIO, row: SpoolFile, ended: bool, at: datetime, taken: Taken) -> bool:
    """Take in the next piece of a file; False where there is nothing more for now."""
    file.seek(row.taken)
    data = file.read(CHUNK)
    last = ended and len(data) < CHUNK
    batch = cut(data, ended=last, now=int(at.timestamp()))
    if not batch.size and not last:
        return False
    if batch.damaged:
        # Before the commit: a crash in between sets them aside twice, which is better than never.
        spool_files.set_aside(home, row.name, row.taken, batch.damaged, at)
    _commit(row, batch, finished=last)
    taken.add(batch)
    return True


def _row(path: Path, at: datetime) -> SpoolFile:
    defaults = {"door": spool_files.door(path), "seen": int(at.timestamp())}
    return SpoolFile.objects.using(ACTIVITY).get_or_create(name=path.name, defaults=defaults)[0]


def _commit(row: SpoolFile, batch: Batch, *, finished: bool) -> None:
    """Add a batch and move on in the file, both or neither; raises SomebodyWasFirst."""
    moved = {
        "taken": row.taken + batch.size,
        "finished": finished,
        "torn": row.torn + batch.torn,
        "damaged": row.damaged + len(batch.damaged) - batch.torn,
        "lost_blocks": row.lost_blocks + batch.lost_blocks,
        "lost_answers": row.lost_answers + batch.lost_answers,
    }
    with transaction.atomic(using=ACTIVITY):
        here = SpoolFile.objects.using(ACTIVITY).filter(pk=row.pk, taken=row.taken, finished=False)
        if here.update(**moved) != 1:
            raise SomebodyWasFirst(row.name)
        _insert(batch)
    for name, value in moved.items():
        setattr(row, name, value)


# Written out, since the ORM cannot say "n = n + what comes" and takes six times as long for many rows.
_ADD_COUNT = (
    "INSERT INTO activity_hourcount (hour, school, profile, verdict, kind, category, door, n)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (hour, school, profile, verdict, kind, category, door)"
    " DO UPDATE SET n = activity_hourcount.n + excluded.n"
)
_ADD_TOOL = (
    "INSERT INTO activity_toolcount (day, profile, domain, door, n) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (day, profile, domain, door) DO UPDATE SET n = activity_toolcount.n + excluded.n"
)
# In the order of spoolline.Blocked.
_ADD_BLOCKED = (
    "INSERT INTO activity_blockedrequest (at, door, alias, host, line, n, school, profile, kind, clause, category,"
    " list, version, bundle)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _insert(batch: Batch) -> None:
    with connections[ACTIVITY].cursor() as cursor:
        if batch.counts:
            cursor.executemany(_ADD_COUNT, [(*key, n) for key, n in batch.counts.items()])
        if batch.tools:
            cursor.executemany(_ADD_TOOL, [(*key, n) for key, n in batch.tools.items()])
        if batch.blocked:
            cursor.executemany(_ADD_BLOCKED, [tuple(line) for line in batch.blocked])
