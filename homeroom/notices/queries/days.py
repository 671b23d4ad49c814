"""The district's calendar: legal holidays, its own closings, the terms of its rosters."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from homeroom.kernel.deadlines.calendar import Calendar
from homeroom.notices.models import Closing
from homeroom.people import queries as people
from homeroom.people.models import Session


def closings() -> QuerySet[Closing]:
    """The days entered by hand that hold, by day."""
    return Closing.objects.filter(withdrawn_at__isnull=True).select_related("school")


def calendar(school: str | None = None) -> Calendar:
    """How days count here, for the district or one school of it."""
    rows = closings().filter(Q(school__isnull=True) | Q(school=school)).values_list("day", "kind")
    days: dict[str, set] = {kind: set() for kind in Closing.Kind.values}
    for day, kind in rows:
        days[kind].add(day)
    return Calendar(
        zone=people.zone(),
        closed=frozenset(days[Closing.Kind.CLOSED]),
        open=frozenset(days[Closing.Kind.OPEN]),
        sessions=_terms(),
        closings=frozenset(days[Closing.Kind.NO_SCHOOL]),
    )


def _terms() -> tuple:
    dated = Session.objects.exclude(Q(first_day__isnull=True) | Q(last_day__isnull=True))
    return tuple(dated.order_by("first_day").values_list("first_day", "last_day"))
