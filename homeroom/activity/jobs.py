"""What activity does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from homeroom.activity import actions, partitions
from homeroom.base.job import Job


def take_in(at: datetime) -> str | None:
    """Take in what the doors wrote since the last time; a sentence only where something is wrong."""
    taken = actions.take_in(home=settings.HOME, at=at)
    return None if taken.well else taken.sentence()


def purge(at: datetime) -> str | None:
    """XIV.B.3: delete what is older than it may be kept."""
    return actions.purge(home=settings.HOME, at=at).sentence() or None


def prepare_days(at: datetime) -> str | None:
    """On PostgreSQL: make the partitions of the days to come."""
    made = partitions.prepare(int(at.timestamp()))
    return f"Made room for {len(made)} days." if made else None


JOBS = (
    Job(name="activity.days", every=timedelta(hours=1), run=prepare_days),
    Job(name="activity.take-in", every=timedelta(seconds=1), run=take_in),
    Job(name="activity.purge", every=timedelta(hours=1), run=purge),
)
