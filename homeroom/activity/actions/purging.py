"""XIV.B.3: what is no longer needed is deleted, class by class, and the journal says how much.

The numbers come from the board's table. What proves that the filter ran is kept ten years
(47 CFR 54.516, as counts that name nobody); refused requests under a pseudonym for a month.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from homeroom.activity import partitions, retention, spool_files
from homeroom.activity.actions import opening
from homeroom.activity.models import BlockedRequest, HourCount, PurgeClock, SpoolFile, ToolCount
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.router import ACTIVITY
from homeroom.journal import actions as journal

MOST = 50_000  # rows of one class deleted in one transaction; the rest follows in the next
ROUNDS = 40  # transactions of one run
PRESENT = 500  # files in the spool beyond which records of files are not deleted
EVEN = 2 * 24 * 3600  # seconds: a longer pause between two runs may be a clock that jumped
HOLD = 24 * 3600  # seconds for which a clock must hold its new time before anything is deleted


@dataclass(slots=True)
class Purged:
    """How many rows (for quarantine: files) were deleted; `held` is a sentence where nothing was, else ""."""

    blocked_requests: int = 0
    hour_counts: int = 0
    tool_counts: int = 0
    spool_files: int = 0
    quarantine: int = 0
    held: str = ""

    @property
    def total(self) -> int:
        """All of them."""
        return self.blocked_requests + self.hour_counts + self.tool_counts + self.spool_files + self.quarantine

    def sentence(self) -> str:
        """What happened, for people; "" when nothing did."""
        if self.held or not self.total:
            return self.held
        return (
            f"Deleted {self.blocked_requests} refused requests, {self.hour_counts} hourly counts, "
            f"{self.tool_counts} counts of tools, {self.spool_files} file records and {self.quarantine} files of "
            "damaged lines whose time was over."
        )


def purge(*, home: Path, at: datetime, actor: Actor = SYSTEM) -> Purged:
    """XIV.B.3: delete what is older than its class is kept, with a journal entry for every transaction.

    The entry is committed a moment before the deletion: after a crash between the two the journal
    may name a deletion that the next run carries out, but never misses one that happened.
    """
    purged = Purged(held=_clock(int(at.timestamp())))
    if purged.held:
        return purged
    spool_files.clear_strays(home, at)
    for number in range(ROUNDS):
        done = _round(home, at, actor, files_too=number == 0)
        for name, n in asdict(done).items():
            if name != "held":
                setattr(purged, name, getattr(purged, name) + n)
        if max(done.blocked_requests, done.hour_counts, done.tool_counts, done.spool_files) < MOST:
            break
    return purged


def _round(home: Path, at: datetime, actor: Actor, *, files_too: bool) -> Purged:
    done = Purged()
    with transaction.atomic(using=ACTIVITY):
        done.blocked_requests = _refused(_limit("blocked_requests", at))
        done.hour_counts = _delete(HourCount.objects.using(ACTIVITY).filter(hour__lt=_limit("hour_counts", at)))
        done.tool_counts = _delete(ToolCount.objects.using(ACTIVITY).filter(day__lt=_limit("tool_counts", at)))
        done.spool_files = _delete(_forgettable(home, at))
        if files_too:
            before = datetime.fromtimestamp(_limit("quarantine", at), UTC)
            done.quarantine = spool_files.clear_quarantine(home, before)
        if done.total:
            _record(actor, done, at)
    return done


def _refused(limit: int) -> int:
    """VIII.D.1: delete refused requests; what an open request asks to see stays until it is answered."""
    held, since = opening.held()
    rows = BlockedRequest.objects.using(ACTIVITY).filter(at__lt=limit).exclude(held)
    return partitions.drop_before(int(min(limit, since))) + _delete(rows)


def _record(actor: Actor, done: Purged, at: datetime) -> None:
    counts = {name: n for name, n in asdict(done).items() if name != "held"}
    with transaction.atomic(using=journal.DATABASE):
        journal.record(
            actor=actor, verb="activity.purged", subject="activity:all", at=at, clause="XIV.B.3",
            reason="Their time was over (homeroom/board/data/retention.json).", data=counts,
        )  # fmt: skip


def _limit(name: str, at: datetime) -> int:
    return retention.keep(name, at.date()).before(at)


def _forgettable(home: Path, at: datetime) -> QuerySet[SpoolFile]:
    """Records of files that are gone; those with a gap in them stay as long as the counts they belong to."""
    files = SpoolFile.objects.using(ACTIVITY)
    present = [path.name for path in spool_files.waiting(home)]
    if len(present) > PRESENT:
        return files.none()  # a long backlog: forgetting can wait, taking a file in twice would be wrong
    done = files.filter(finished=True).exclude(name__in=present)
    whole = done.filter(torn=0, damaged=0, lost_blocks=0, lost_answers=0, seen__lt=_limit("spool_files", at))
    return whole | done.filter(seen__lt=_limit("hour_counts", at))


def _delete(rows: QuerySet[Any]) -> int:
    some = rows.order_by("pk").values("pk")[:MOST]
    return rows.model._default_manager.using(ACTIVITY).filter(pk__in=some).delete()[0]


def _clock(now: int) -> str:
    """Note this run; a sentence where the clock seems to have jumped and nothing may be deleted yet."""
    row, _ = PurgeClock.objects.using(ACTIVITY).get_or_create(pk=1, defaults={"ran": now})
    if now - row.ran > EVEN:
        if row.held_since is None or not 0 <= now - row.held_since <= HOLD + EVEN:
            row.held_since = now
        if now - row.held_since < HOLD:
            row.save(using=ACTIVITY)
            return (
                f"The clock is {(now - row.ran) // 86400} days ahead of the last purge. In case it jumped, "
                "nothing is deleted until it has held this time for a day."
            )
    row.ran, row.held_since = now, None
    row.save(using=ACTIVITY)
    return ""
