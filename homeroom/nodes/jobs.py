"""What nodes do by the clock, at the centre."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.nodes.actions import purging


def purge(at: datetime) -> str | None:
    """XIV.B.3: forget the names of files that no node can send again."""
    gone = purging.purge(at=at)
    return f"Forgot {counted(gone, 'file')} that nodes handed over long ago." if gone else None


JOBS = (Job(name="nodes.purge", every=timedelta(hours=1), run=purge),)
