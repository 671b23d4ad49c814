"""What access does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session

from homeroom.access import actions, sealing
from homeroom.access.models import RadiusClient, Sitting
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.doors.radius import handover

KEEP_LEASES = timedelta(days=30)
LONGEST = timedelta(days=30)  # no session lasts as long


def forget_sessions(at: datetime) -> str | None:
    """Delete sessions that are over; nobody can use them, and nobody needs to know of them."""
    count, _ = Session.objects.filter(expire_date__lt=at).delete()
    Sitting.objects.filter(created__lt=at - LONGEST).delete()
    return f"{count} sessions that were over are gone." if count else None


def send_codes(at: datetime) -> str | None:
    """V.A.7.3: send the sign-in codes that somebody asked for."""
    count = actions.send_codes(at=at)
    return f"{counted(count, 'sign-in code')} sent." if count else None


def forget_codes(at: datetime) -> str | None:
    """Delete the codes that somebody asked for a day ago."""
    count = actions.forget_codes(at=at)
    return f"{counted(count, 'old sign-in code')} gone." if count else None


def leases(at: datetime) -> str | None:
    """V.A.7.4: take in what switches told, and end the leases whose time is over."""
    taken = sum(_take_in(path) for path in handover.waiting(settings.HOME))
    ended = actions.end_due(at=at)
    return f"{counted(taken, 'record')} of switches taken in." if taken else f"{ended} leases ended." if ended else None


def _take_in(path: Path) -> int:
    # A crash between the two steps takes the file in again, which changes nothing.
    told = list(handover.read(path))
    actions.take_in(told=told)
    path.unlink(missing_ok=True)
    return len(told)


def radius_clients(at: datetime) -> str | None:
    """Tell the RADIUS door who may tell, with the secrets unsealed."""
    live = RadiusClient.objects.filter(ended=None).order_by("cidr")
    rows = [(each.cidr, each.name, sealing.unseal(each.secret)) for each in live]
    return (
        f"{counted(len(rows), 'RADIUS client')} told to the door."
        if handover.write_clients(settings.HOME, rows)
        else None
    )


def forget_leases(at: datetime) -> str | None:
    """T5: delete leases that ended long ago."""
    count = actions.forget_leases(at=at, keep=KEEP_LEASES)
    return f"{counted(count, 'old lease')} gone." if count else None


JOBS = (
    Job(name="access.leases", every=timedelta(seconds=0.2), run=leases),
    Job(name="access.radius-clients", every=timedelta(seconds=2), run=radius_clients),
    Job(name="access.forget-leases", every=timedelta(hours=1), run=forget_leases),
    Job(name="access.forget-sessions", every=timedelta(hours=1), run=forget_sessions),
    Job(name="access.send-codes", every=timedelta(seconds=0.5), run=send_codes),
    Job(name="access.forget-codes", every=timedelta(hours=1), run=forget_codes),
)
