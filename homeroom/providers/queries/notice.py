"""What the yearly notice must say, built from the contracts that hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from homeroom.board import queries as board
from homeroom.kernel.deadlines import clock
from homeroom.kernel.providers import classification
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Letter, LetterState, Notice, NoticeState
from homeroom.notices.queries import calendar, recipients
from homeroom.notices.queries.recipients import Wanted
from homeroom.people import queries as people
from homeroom.people.models import Session
from homeroom.providers import titles
from homeroom.providers.queries import contracts

PLANNED_AHEAD = timedelta(days=60)  # Homeroom's choice: notices are written in the summer


@dataclass(frozen=True, slots=True)
class Told:
    """One provider as the notice names it: XIII.C.1 who, XIII.C.2 which data."""

    contract: int
    slug: str
    title: str
    kinds: tuple[str, ...]

    @property
    def data(self) -> str:
        """In words."""
        return titles.in_words(self.kinds)


def notice_rows(on: date) -> list[Told]:
    """XIII.C.1, XIII.C.2: each provider with an active contract for curriculum, testing or assessment, and its data."""
    found: dict[str, Told] = {}
    for row in contracts.active(on):
        provider = row.provider
        if classification.is_notified(provider.answers) and provider.slug not in found:
            found[provider.slug] = Told(row.pk, provider.slug, provider.title, tuple(provider.data))
    return list(found.values())


def year_began(on: date) -> date | None:
    """K1: the first student day of the school year that a day lies in: as the last notice says, else by the roster."""
    said = Notice.objects.filter(kind="providers", state=NoticeState.RELEASED).values_list("facts", flat=True).first()
    named = [date.fromisoformat(said["first_day"])] if said and said.get("first_day") else []
    terms = Session.objects.filter(first_day__lte=on, last_day__gte=on).order_by("first_day")
    begun = [day for day in (*named, *terms.values_list("first_day", flat=True)[:1]) if day <= on]
    return max(begun) if begun else None


def letters(since: date) -> QuerySet[Letter]:
    """XIII.C.0: the letters of the notices of a school year, but for those that were stopped."""
    rows = Letter.objects.filter(kind="providers", made_at__gte=plans_count_from(since))
    return rows.exclude(state=LetterState.STOPPED)


def untold(on: date, at: datetime) -> Iterator[tuple[Wanted, datetime]]:
    """XIII.C.0: students and parents who hold no delivered notice of this school year, and until when it is due."""
    began = year_began(on)
    if began is None:
        return
    told = set(letters(began).filter(state=LetterState.DELIVERED).values_list("reader_id", flat=True))
    due: dict[date, datetime] = {}
    for wanted in expected(on).values():
        if wanted.reader not in told:
            came = max(began, wanted.since or began)
            if came not in due:
                due[came] = _due(came, newcomer=came > began)
            yield wanted, due[came]


def expected(on: date) -> dict[str, Wanted]:
    """XIII.C.0, T12: whom the notice must reach today: the students and their parents."""
    return dict(recipients.expected(KINDS["providers"], {"roles": ["student"]}, on).readers)


def first_moment(first_day: date) -> datetime:
    """When the clock of the notice starts: the beginning of the first student day."""
    return datetime.combine(first_day, time.min, people.zone())


def plans_count_from(first_day: date) -> datetime:
    """From when on a notice is one of the school year that begins with that day."""
    return first_moment(first_day) - PLANNED_AHEAD


def _due(came: date, *, newcomer: bool) -> datetime:
    kind = KINDS["providers"]
    rule = board.rule(kind.newcomer_rule if newcomer else kind.rule, came)
    return clock.due(rule, first_moment(came), calendar()).at
