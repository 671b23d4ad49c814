"""What providers do by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.providers import actions


def contracts_that_ran_out(at: datetime) -> str | None:
    """XIII.F: start the clock by which data come back."""
    started = actions.start_due_clocks(actor=SYSTEM, at=at)
    return f"{counted(started, 'contract')} ran out; the data are due." if started else None


def yearly_notice(at: datetime) -> str | None:
    """XIII.C.0: the thirty days run from the first student day, whether or not somebody planned the notice."""
    changed = actions.watch_notice(actor=SYSTEM, at=at)
    return "The clock of the yearly notice of providers was set." if changed else None


JOBS = (
    Job(name="providers.ran-out", every=timedelta(minutes=5), run=contracts_that_ran_out),
    Job(name="providers.notice", every=timedelta(minutes=10), run=yearly_notice),
)
