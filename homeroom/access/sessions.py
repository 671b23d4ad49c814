"""Sessions as people see them."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from homeroom.access.models import Account, Sitting

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("CrOS", "Chromebook"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def live(account: Account, at: datetime) -> list[Sitting]:
    """The sessions of an account that are open, the newest first."""
    rows = list(Sitting.objects.filter(account=account, ended=None).order_by("-created"))
    open_ = set(
        Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=at).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.key in open_]


def browser(agent: str) -> str:
    """A browser and its system in two words; no version, which would tell one from another.

    >>> browser("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36")
    'Chrome, Chromebook'
    """
    found = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(each for each in found if each)
