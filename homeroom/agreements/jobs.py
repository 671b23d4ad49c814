"""What agreements do by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.agreements import actions
from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted


def receipts(at: datetime) -> str | None:
    """325L.08: send the copies of what was signed."""
    sent = actions.send_receipts(actor=SYSTEM, at=at)
    return f"{counted(sent, 'receipt')} sent." if sent else None


def seal(at: datetime) -> str | None:
    """IX.C.5: seal what came on file, and what was attached to it."""
    done = actions.seal_filed(actor=SYSTEM, at=at)
    return f"{counted(done, 'agreement')} sealed." if done else None


JOBS = (
    Job(name="agreements.receipts", every=timedelta(seconds=20), run=receipts),
    Job(name="agreements.seal", every=timedelta(seconds=30), run=seal),
)
