"""What devices does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.devices.actions import duties, following


def clocks(at: datetime) -> str | None:
    """XIV.D.1: duties to tell move on to their next moment; each warning stands in the journal."""
    moved = duties.move_on(actor=SYSTEM, at=at)
    return f"{counted(moved, 'duty', 'duties')} to tell moved on." if moved else None


def letters(at: datetime) -> str | None:
    """XIV.D.1: what became of notices by e-mail: arrived, or come back."""
    done = following.follow(actor=SYSTEM, at=at)
    if not done.told and not done.reopened:
        return None
    return f"{done.told} notices about devices arrived, {done.reopened} came back."


JOBS = (
    Job(name="devices.letters", every=timedelta(minutes=1), run=letters),
    Job(name="devices.clocks", every=timedelta(minutes=1), run=clocks),
)
