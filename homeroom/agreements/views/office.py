"""IX.C: who has not signed, for the office and the director; reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from homeroom.agreements import actions
from homeroom.agreements.models import Slot
from homeroom.agreements.queries import office as queries
from homeroom.agreements.views import said
from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.journal import actions as journal
from homeroom.notices import queries as notices
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Class, Enrolment, Person, Role

FILTERS = ("q", "school", "grade", "class", "teacher", "part", "state")
COLUMNS = ("id", "name", "signs as", "who", "open since", "declined", "reminded")


@needs("technology_director", "superintendent", "building_administrator", "clerk")
@FORM
def office(request: Any) -> HttpResponse | StreamingHttpResponse:
    """IX.C: the places that wait for a signature, with filters, as a file, and with reminders."""
    now = timezone.now()
    on = people.today(now)
    mine = reach.of(request.actor, on)
    whom = reach.persons(mine, on)
    rows = queries.narrowed(queries.waiting(on, whom), request.GET, on)
    if request.method == "POST":
        return _remind(request, now, rows)
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="not-signed", asked=request.GET, at=now)
        return listing.csv("not-signed", COLUMNS, _lines(rows))
    parts, listed = said.parts(), listing.page(request, rows)
    page = {
        "page": listed,
        "dead": _dead(listed, now),
        "parts": parts,
        "counts": queries.counts(on, whom),
        "schools": reach.schools(mine, on),
        "classes": _classes(mine, on, request.GET.get("school", "")),
        "grades": _grades(on, whom),
        "teachers": _teachers(on, whom),
        "filtered": any(request.GET.get(key) for key in FILTERS),
        "trend": queries.trend(on, whom),
        "lapses": queries.lapses(on, whom),
    }
    return render(request, "agreements/office.html", page)


def _remind(request: Any, now: Any, rows: QuerySet[Slot]) -> HttpResponse:
    count = actions.remind(actor=request.actor, at=now, slots=rows.filter(declined=False))
    sentence = ngettext("%(n)d message will go out.", "%(n)d messages will go out.", count) % {"n": count}
    messages.success(request, sentence)
    return redirect(request.get_full_path())


def _dead(listed: Iterable[Slot], now: datetime) -> list[str]:
    """The people of a page from whose address mail came back."""
    held = {slot.holder_id: slot.holder.email.lower() for slot in listed if slot.holder.email}
    lost = notices.came_back(held.values(), now)
    return [holder for holder, email in held.items() if email in lost]


def _classes(mine: reach.Reach, on: date, school: str) -> QuerySet[Class]:
    found = reach.classes(mine, on)
    return (found.filter(school=school) if school else found)[:300]


def _grades(on: date, whom: Any) -> list[str]:
    held = Role.objects.on(on).filter(person__in=whom).exclude(grade="")
    return sorted(held.order_by().values_list("grade", flat=True).distinct())


def _teachers(on: date, whom: Any) -> QuerySet[Person]:
    """Who teaches a class of these people today, by name."""
    there = Enrolment.objects.on(on).filter(person__in=whom, role=Enrolment.As.STUDENT)
    teaching = Enrolment.objects.on(on).filter(group__in=there.values("group_id"), role=Enrolment.As.TEACHER)
    return Person.objects.filter(pk__in=teaching.values("person_id"))[:500]


def _lines(rows: QuerySet[Slot]) -> Iterator[tuple[object, ...]]:
    for slot in rows.iterator(1000):
        person = slot.agreement.person
        yield (person.pk, person.name, slot.part, slot.holder.name, slot.opened_on, slot.declined, slot.reminded)
