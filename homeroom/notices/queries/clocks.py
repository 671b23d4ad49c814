"""Questions about clocks that run."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from homeroom.base.actor import Actor
from homeroom.notices.models import Clock, Feed

ALL_CLOCKS = ("technology_director", "superintendent")


def running() -> QuerySet[Clock]:
    """Everything still owed, the most urgent first."""
    return Clock.objects.filter(met_at__isnull=True, withdrawn_at__isnull=True).select_related("owner", "escalate_to")


def ended() -> QuerySet[Clock]:
    """What was met or withdrawn, the newest first."""
    over = Clock.objects.exclude(met_at__isnull=True, withdrawn_at__isnull=True)
    return over.select_related("owner", "escalate_to").order_by("-met_at", "-withdrawn_at", "-id")


def seen_by(actor: Actor, rows: QuerySet[Clock]) -> QuerySet[Clock]:
    """Those somebody may see: the director and the superintendent all, others their own and those brought to them."""
    if actor.holds(*ALL_CLOCKS):
        return rows
    return rows.filter(owner=actor.id) | rows.filter(escalate_to=actor.id)


def late(at: datetime) -> QuerySet[Clock]:
    """What should be done by now and is not; a paused clock is not late."""
    return running().filter(due_at__lt=at, paused_at__isnull=True)


def due_for_a_look(at: datetime) -> QuerySet[Clock]:
    """Clocks at which something happens now: a warning, or the end of the time."""
    return Clock.objects.filter(next_at__lt=at).order_by("next_at", "id")


def of(about: str) -> QuerySet[Clock]:
    """The clocks of one thing, oldest first."""
    return Clock.objects.filter(about=about).order_by("since", "id")


def feed_of(digest: str) -> Feed | None:
    """The calendar feed behind a secret's digest."""
    return Feed.objects.filter(digest=digest).select_related("person").first()
