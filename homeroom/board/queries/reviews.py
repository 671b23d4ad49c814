"""Questions about the yearly review and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from homeroom.board.models import AdoptedText, Review, Source
from homeroom.board.queries.numbers import rule
from homeroom.kernel.deadlines import clock
from homeroom.kernel.deadlines.calendar import Calendar
from homeroom.people import queries as people


@dataclass(frozen=True, slots=True)
class ReviewClock:
    """When the next yearly review is due, counted from the last one or from the first day of a text."""

    begun: date
    months: int
    due: date


def reviews() -> QuerySet[Review]:
    """All reviews, the newest first."""
    return Review.objects.all()


def open_review() -> Review | None:
    """The review that is under way."""
    return Review.objects.filter(held_on=None).first()


def review_clock(on: date) -> ReviewClock | None:
    """XVII.D: the clock of the yearly review; None as long as the board has put no text in force."""
    last = Review.objects.filter(held_on__isnull=False, held_on__lte=on).order_by("-held_on").first()
    first = AdoptedText.objects.filter(from_day__lte=on).order_by("from_day").first()
    begun = last.held_on if last else first.from_day if first else None
    if begun is None:
        return None
    calendar = Calendar(zone=people.zone())
    start = datetime.combine(begun, time(12), calendar.zone)
    yearly = rule("policy-review", on)
    due = clock.due(yearly, start, calendar)
    return ReviewClock(begun, yearly.length, due.at.date())


def sources() -> QuerySet[Source]:
    """The statutes, cases and policies that texts refer to."""
    return Source.objects.all()
