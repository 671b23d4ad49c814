"""The list of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.journal import actions as journal
from homeroom.people import queries, reach
from homeroom.people.models import Class, Enrolment, Person, Role, RoleName


@needs("technology_director", "building_administrator", "teacher", "clerk")
@require_safe
def people(request: Any) -> HttpResponse | StreamingHttpResponse:
    """The people whom one's role reaches, with search and filters. No more than a name, role, school and grade."""
    on = queries.today(timezone.now())
    mine = reach.of(request.actor, on)
    found = _filtered(reach.persons(mine, on), request.GET, on)
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="people", asked=request.GET, at=timezone.now())
        return listing.csv("people", ("id", "name", "roles", "schools", "grades"), _lines(found, on))
    part = listing.page(request, _with_roles(found, on))
    page = {
        "page": part,
        "schools": reach.schools(mine, on),
        "classes": reach.classes(mine, on)[:200] if mine.classes else Class.objects.none(),
        "roles": RoleName.values,
        "filtered": any(request.GET.get(key) for key in ("q", "role", "school", "class")),
    }
    return render(request, "people/people.html", page)


def _filtered(rows: QuerySet[Person], asked: Any, on: date) -> QuerySet[Person]:
    rows = reach.find(rows, asked.get("q", ""))
    held = Role.objects.on(on)
    if asked.get("role") in RoleName.values:
        rows = rows.filter(pk__in=held.filter(role=asked["role"]).values("person_id"))
    if asked.get("school"):
        rows = rows.filter(pk__in=held.filter(school_id=asked["school"]).values("person_id"))
    if asked.get("class"):
        rows = rows.filter(pk__in=Enrolment.objects.on(on).filter(group_id=asked["class"]).values("person_id"))
    return rows


def _with_roles(rows: QuerySet[Person], on: date) -> QuerySet[Person]:
    held = Role.objects.on(on).select_related("school")
    return rows.prefetch_related(Prefetch("roles", queryset=held, to_attr="held"))


def _lines(rows: QuerySet[Person], on: date) -> Iterable[tuple[object, ...]]:
    held: dict[str, list[Role]] = defaultdict(list)
    for role in Role.objects.on(on).select_related("school"):
        held[role.person_id].append(role)  # type: ignore[attr-defined]
    for each in rows.iterator(chunk_size=2000):
        roles = held[each.pk]
        schools = sorted({role.school.name for role in roles if role.school})
        grades = sorted({role.grade for role in roles if role.grade})
        yield each.pk, each.name, " ".join(sorted({role.role for role in roles})), ", ".join(schools), " ".join(grades)
