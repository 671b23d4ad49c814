"""What access does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from homeroom.access import actions
from homeroom.base.job import Job
from homeroom.base.words import counted


def forget_sessions(at: datetime) -> str | None:
    """Delete sessions that are over; nobody can use them, and nobody needs to know of them."""
    count, _ = Session.objects.filter(expire_date__lt=at).delete()
    return f"{count} sessions that were over are gone." if count else None


def send_codes(at: datetime) -> str | None:
    """V.A.7.3: send the sign-in codes that somebody asked for."""
    count = actions.send_codes(at=at)
    return f"{counted(count, 'sign-in code')} sent." if count else None


def forget_codes(at: datetime) -> str | None:
    """Delete the codes that somebody asked for a day ago."""
    count = actions.forget_codes(at=at)
    return f"{counted(count, 'old sign-in code')} gone." if count else None


JOBS = (
    Job(name="access.forget-sessions", every=timedelta(hours=1), run=forget_sessions),
    Job(name="access.send-codes", every=timedelta(seconds=0.5), run=send_codes),
    Job(name="access.forget-codes", every=timedelta(hours=1), run=forget_codes),
)
