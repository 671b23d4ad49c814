"""What people does by the clock: rosters are fetched, read and taken in."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.job import Job
from homeroom.people import roster_runs

_first = [True]


def rosters(at: datetime) -> str | None:
    """Fetch what is due, then do the next thing that was asked for."""
    if _first:  # one worker works for a home, so what is half done was left by one that is gone
        _first.clear()
        roster_runs.mend(at=at)
    roster_runs.fetch_due(at=at)
    return roster_runs.work(at=at)


def purge(at: datetime) -> str | None:
    """Let go of uploaded rosters that nobody took in."""
    gone = roster_runs.purge(at=at)
    return f"{gone} left-over rosters removed." if gone else None


JOBS = (
    Job(name="people.rosters", every=timedelta(seconds=1), run=rosters),
    Job(name="people.roster-purge", every=timedelta(hours=1), run=purge),
)
