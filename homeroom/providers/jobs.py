"""What providers do by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.providers import actions


def contracts_that_ran_out(at: datetime) -> str | None:
    """XIII.F: start the clock by which data come back."""
    started = actions.start_due_clocks(actor=SYSTEM, at=at)
    return f"{started} contracts ran out; their data are due." if started else None


JOBS = (Job(name="providers.ran-out", every=timedelta(minutes=5), run=contracts_that_ran_out),)
