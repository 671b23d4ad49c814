"""What the ledger does by the clock: each probe is a job of its own, so that one that hangs holds up no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.ledger import actions, catalogue, queries

NIGHTLY = timedelta(hours=20)  # a look this old is repeated in the next night
NIGHT = range(0, 5)  # hours of the district's day in which nobody waits for the machine


def look(probe: str, at: datetime) -> str | None:
    """Look when it is night and the last look is a day old, or at once when there was none or it is stale."""
    if not queries.due(probe, at, NIGHTLY, NIGHT):
        return None
    row = actions.look(actor=SYSTEM, probe=probe, at=at)
    return f"{row}{f' {row.failed}' if row.failed else ''}" if row.broken or row.failed else None


JOBS = tuple(
    Job(name=f"ledger.{probe}", every=timedelta(minutes=10), run=partial(look, probe)) for probe in catalogue.probes()
)
