"""Questions about clocks that run."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from homeroom.base.actor import Actor
from homeroom.notices.models import Clock, Feed
from homeroom.people.models import STAFF, Role

ALL_CLOCKS = ("technology_director", "superintendent")
# What a clock may be about that the house itself sees done: the family told, letters delivered, a certificate on file.
BY_A_DEED = (
    "device-access", "notice", "letter", "provider-notice", "inspection", "breach", "contract", "data-request",
)  # fmt: skip


def answerable(on: date) -> tuple[str | None, str | None]:
    """Who answers for what nobody else was named for, and whom it is brought to when it is late."""
    held = Role.objects.on(on).filter(role__in=ALL_CLOCKS).order_by("first_day", "id")
    found = dict(held.values_list("role", "person_id"))
    director = found.get("technology_director") or found.get("superintendent")
    return director, found.get("superintendent") or director


def running() -> QuerySet[Clock]:
    """Everything still owed, the most urgent first."""
    return Clock.objects.filter(met_at__isnull=True, withdrawn_at__isnull=True).select_related("owner", "escalate_to")


def nobodys(on: date) -> QuerySet[Clock]:
    """Running clocks without an owner, or whose owner does not work here any more."""
    here = Role.objects.on(on).filter(role__in=STAFF).values("person_id")
    return running().filter(Q(owner__isnull=True) | ~Q(owner__in=here))


def ended() -> QuerySet[Clock]:
    """What was met or withdrawn, the newest first."""
    over = Clock.objects.exclude(met_at__isnull=True, withdrawn_at__isnull=True)
    return over.select_related("owner", "escalate_to").order_by("-met_at", "-withdrawn_at", "-id")


def seen_by(actor: Actor, rows: QuerySet[Clock]) -> QuerySet[Clock]:
    """Those somebody may see: the director and the superintendent all, others their own and those brought to them."""
    if actor.holds(*ALL_CLOCKS):
        return rows
    return rows.filter(owner=actor.id) | rows.filter(escalate_to=actor.id)


def stops_by_a_deed(clock: Clock) -> bool:
    """XIV.D.1, XIII.C.0: whether this clock stops with what is done elsewhere, and not because somebody says so."""
    return clock.about.partition(":")[0] in BY_A_DEED


def offered(actor: Actor, clock: Clock) -> tuple[str, ...]:
    """Which of these acts somebody may do to a clock that they see.

    Of one that a deed stops only this is left: those who see all clocks take it back where nothing is owed.
    """
    if not stops_by_a_deed(clock):
        return ("meet", "resume" if clock.paused_at else "pause", "withdraw")
    return ("withdraw",) if actor.holds(*ALL_CLOCKS) else ()


def late(at: datetime) -> QuerySet[Clock]:
    """What should be done by now and is not; a paused clock is not late."""
    return running().filter(due_at__lt=at, paused_at__isnull=True)


def due_for_a_look(at: datetime) -> QuerySet[Clock]:
    """Clocks at which something happens now: a warning, or the end of the time."""
    return Clock.objects.filter(next_at__lt=at).order_by("next_at", "id")


def of(about: str) -> QuerySet[Clock]:
    """The clocks of one thing, oldest first."""
    return Clock.objects.filter(about=about).order_by("since", "id")


def feed_of(digest: str, on: date) -> Feed | None:
    """The calendar feed behind a secret's digest, while its owner still works for the district."""
    held = Role.objects.on(on).filter(role__in=STAFF)
    return Feed.objects.filter(digest=digest, person__in=held.values("person_id")).select_related("person").first()
