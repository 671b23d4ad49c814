"""IX.B, IX.C.3: a teacher's classes: who may go online, and what is missing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homeroom.agreements import queries
from homeroom.agreements.views import said
from homeroom.base.needs import needs
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Enrolment


@needs("teacher")
@require_safe
def classes(request: Any) -> HttpResponse:
    """IX.C.3: my classes, with how many students may go online and how many wait for my signature."""
    on = people.today(timezone.now())
    mine = list(reach.classes(reach.of(request.actor, on), on))
    there = Enrolment.objects.on(on).filter(group__in=mine, role=Enrolment.As.STUDENT)
    students: dict[str, set[str]] = {}
    for group, person in there.values_list("group_id", "person_id"):
        students.setdefault(group, set()).add(person)
    standings = request.standings(sorted(set().union(*students.values())), on) if students else {}
    wait = {each.slot.agreement.person_id for each in queries.class_to_sign(request.actor, on) if each.waits}
    rows = [
        {
            "group": group,
            "students": len(students.get(group.pk, ())),
            "open": sum(standings[id].open for id in students.get(group.pk, ())),
            "to_sign": len(wait & students.get(group.pk, set())),
        }
        for group in mine
    ]
    return render(request, "agreements/classes.html", {"rows": rows})


@needs("teacher")
@require_safe
def one(request: Any, pk: str) -> HttpResponse:
    """IX.B.1: one class: each student, whether the network is open to them, and why not."""
    on = people.today(timezone.now())
    group = reach.classes(reach.of(request.actor, on), on).filter(pk=pk).first()
    if group is None:
        raise Http404
    there = Enrolment.objects.on(on).filter(group=group, role=Enrolment.As.STUDENT).select_related("person")
    students = [each.person for each in there.order_by("person__family_name", "person__given_name")]
    standings = request.standings([each.pk for each in students], on)
    wait = [each for each in queries.class_to_sign(request.actor, on, pk) if each.waits]
    page = {
        "group": group,
        "rows": [
            (each, standings[each.pk].open, said.reasons_of(standings[each.pk], of_another=True)) for each in students
        ],
        "to_sign": len(wait),
    }
    return render(request, "agreements/class.html", page)
