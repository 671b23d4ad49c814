"""What access does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from homeroom.base.job import Job


def forget_sessions(at: datetime) -> str | None:
    """Delete sessions that are over; nobody can use them, and nobody needs to know of them."""
    count, _ = Session.objects.filter(expire_date__lt=at).delete()
    return f"{count} sessions that were over are gone." if count else None


JOBS = (Job(name="access.forget-sessions", every=timedelta(hours=1), run=forget_sessions),)
