"""Whoever answers for a clock is reminded by e-mail; the late ones also reach whoever they are escalated to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from homeroom.base.actor import Actor
from homeroom.notices.actions import notices
from homeroom.notices.models import Clock, Notice

WORDS = {
    "warned": "“{title}” is due on {due}.\n\nStarted: {since}. Clause {clause}. What it is about: {about}.",
    "late": "“{title}” was due on {due} and is not done.\n\nIt stays late until it is done. Started: {since}. "
    "Clause {clause}. What it is about: {about}.",
}


def remind(*, actor: Actor, clock: Clock, happened: str, at: datetime) -> Notice | None:
    """XIV.D.1, XIII.C.0: tell the owner that time runs out, and the person it is escalated to that it has."""
    readers = [clock.owner_id, clock.escalate_to_id if happened == "late" else None]
    named = list(dict.fromkeys(each for each in readers if each))
    if not named:
        return None
    words = WORDS[happened].format(
        title=clock.title, due=_said(clock.due_at), since=_said(clock.since), clause=clock.clause, about=clock.about
    )
    subject = f"Late: {clock.title}" if happened == "late" else f"Due soon: {clock.title}"
    # Once for each warning of each run: a clock that was resumed under another rule warns anew.
    about = f"clock:{clock.pk}:{happened}:{clock.stage}:{int(clock.since.timestamp())}"
    return notices.open_notice(
        actor=actor, at=at, kind="reminder", about=about, recipients=named, title=subject,
        facts={"subject": _plain(subject), "words": _plain(f"{words}\n\n{settings.PUBLIC_URL}/clocks")},
    )  # fmt: skip


def _said(at: datetime) -> str:
    return timezone.localtime(at).strftime("%A, %Y-%m-%d %H:%M %Z")


def _plain(words: str) -> str:
    """Without braces, which would be read as places."""
    return words.replace("{", "(").replace("}", ")")
