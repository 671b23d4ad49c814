"""Whether the record is whole: what was lost, and how far the intake is behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db.models import Q, Sum

from homeroom.activity import spool_files
from homeroom.activity.models import SpoolFile
from homeroom.base.router import ACTIVITY
from homeroom.kernel import spoolline

LATE = 10.0  # seconds behind which somebody should look
FILES = 200  # files looked at for the oldest line; a backlog is taken in from its oldest end


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing from the record of a period: refusals and counted answers lost by the doors,
    lines torn by a crash, lines damaged on disk."""

    lost_blocks: int = 0
    lost_answers: int = 0
    torn: int = 0
    damaged: int = 0

    @property
    def none(self) -> bool:
        """Whether nothing is missing."""
        return not (self.lost_blocks or self.lost_answers or self.torn or self.damaged)


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits in the spool: files, bytes, the time of the oldest line and its age in seconds."""

    files: int = 0
    bytes: int = 0
    oldest: datetime | None = None
    age: float = 0.0

    @property
    def late(self) -> bool:
        """Whether the intake does not keep up, or does not run."""
        return self.age > LATE


def gaps(since: datetime, until: datetime) -> Gaps:
    """What is missing in files first seen in this period."""
    period = Q(seen__gte=int(since.timestamp()), seen__lt=int(until.timestamp()))
    sums = SpoolFile.objects.using(ACTIVITY).filter(period).aggregate(
        lost_blocks=Sum("lost_blocks"), lost_answers=Sum("lost_answers"), torn=Sum("torn"), damaged=Sum("damaged"),
    )  # fmt: skip
    return Gaps(**{name: n or 0 for name, n in sums.items()})


def lag(home: Path, at: datetime) -> Lag:
    """How far the intake is behind the doors."""
    paths = spool_files.waiting(home)
    names = [path.name for path in paths[:FILES]]
    taken = dict(SpoolFile.objects.using(ACTIVITY).filter(name__in=names).values_list("name", "taken"))
    files, size, oldest = 0, 0, None
    for path in paths:
        left = _left(path, taken.get(path.name, 0))
        files += left > 0
        size += left
        if left and oldest is None:
            oldest = _first(path, taken.get(path.name, 0))
    if oldest is None:
        return Lag(files, size)
    return Lag(files, size, datetime.fromtimestamp(oldest, UTC), max(0.0, at.timestamp() - oldest))


def _left(path: Path, taken: int) -> int:
    try:
        return max(0, path.stat().st_size - taken)
    except OSError:
        return 0


def _first(path: Path, taken: int) -> int | None:
    """The time of the first line that waits; that of the file where the line cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(taken)
            line = file.readline(spoolline.LONGEST)
            return spoolline.read(line).at
    except spoolline.BadLine:
        return int(path.stat().st_mtime)
    except OSError:
        return None
