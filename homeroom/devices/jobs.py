"""What devices does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.devices.actions import duties


def clocks(at: datetime) -> str | None:
    """XIV.D.1: duties to tell move on to their next moment; each warning stands in the journal."""
    moved = duties.move_on(actor=SYSTEM, at=at)
    return f"{counted(moved, 'duty', 'duties')} to tell moved on." if moved else None


JOBS = (Job(name="devices.clocks", every=timedelta(minutes=1), run=clocks),)
