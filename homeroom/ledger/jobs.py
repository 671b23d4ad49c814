"""What the ledger does by the clock: each probe is a job of its own, so that one that hangs holds up no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.ledger import actions, catalogue, queries

NIGHTLY = timedelta(hours=20)  # a look this old is repeated in the next night
LONGEST = 300.0  # seconds that one probe may take
NIGHT = range(0, 5)  # hours of the district's day in which nobody waits for the machine


def look(probe: str, at: datetime) -> str | None:
    """Look when it is night and the last look is a day old, or at once when there was none or it is stale."""
    if not queries.due(probe, at, NIGHTLY, NIGHT):
        return None
    row = actions.look(actor=SYSTEM, probe=probe, at=at, within=LONGEST)
    return f"{row}{f' {row.failed}' if row.failed else ''}" if row.broken or row.failed else None


def bind(at: datetime) -> str | None:
    """Build the binders that were asked for, the oldest first."""
    built = [actions.build_binder(actor=SYSTEM, pk=pk, at=at) for pk in queries.binders_wanted()]
    return f"Built {counted(len([row for row in built if row]), 'binder')}." if any(built) else None


def purge(at: datetime) -> str | None:
    """XIV.B.3: delete binders with lists of students whose time is over."""
    gone = actions.purge_binders(actor=SYSTEM, at=at)
    return f"Deleted {counted(gone, 'binder')} with names of students." if gone else None


JOBS = (
    *(
        Job(name=f"ledger.{probe}", every=timedelta(minutes=10), run=partial(look, probe))
        for probe in catalogue.probes()
    ),
    Job(name="ledger.binders", every=timedelta(seconds=3), run=bind),
    Job(name="ledger.purge", every=timedelta(hours=1), run=purge),
)
