"""Who is around each person on a day: what decides who must sign. A fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from homeroom.kernel.agreements.ages import grown
from homeroom.kernel.agreements.values import Around
from homeroom.people.models import STAFF, Enrolment, Guardianship, Role, RoleName

PORTION = 5000
Teachers = tuple[tuple[str, date], ...]


def around(on: date, ids: Sequence[str] | None = None) -> dict[str, Around]:
    """Everybody, or some, who is a student or works here on a day, with those around them. A student first (T6)."""
    kinds, born = _kinds(on, ids)
    students = [id for id, kind in kinds.items() if kind == "student"]
    some = students if ids is not None else None
    teachers, guardians, orders = _teachers(on, some), *_guardians(on, some)
    return {
        id: Around(
            person=id,
            kind=kind,
            grown=grown(born[id], on),
            guardians=tuple(guardians.get(id, ())),
            teachers=teachers.get(id, ()),
            court_order=id in orders,
        )
        if kind == "student"
        else Around(person=id, kind=kind, grown=True)
        for id, kind in kinds.items()
    }


def _kinds(on: date, ids: Sequence[str] | None) -> tuple[dict[str, str], dict[str, date | None]]:
    kinds: dict[str, str] = {}
    born: dict[str, date | None] = {}
    held = Role.objects.on(on).filter(role__in=[RoleName.STUDENT, *STAFF]).order_by("id")
    for rows in portions(held, "person_id", ids):
        for id, role, day in rows.values_list("person_id", "role", "person__birth_date").iterator(PORTION):
            born[id] = day
            if role == RoleName.STUDENT:
                kinds[id] = "student"
            else:
                kinds.setdefault(id, "employee")
    return kinds, born


def _teachers(on: date, ids: Sequence[str] | None) -> dict[str, Teachers]:
    """The teachers of record of each student, each with the day from which they supervise this student."""
    places: dict[str, list[tuple[str, date]]] = defaultdict(list)
    current = Enrolment.objects.on(on).filter(group__first_day__lte=on).exclude(group__last_day__lt=on)
    for rows in portions(current.filter(role=Enrolment.As.STUDENT), "person_id", ids):
        for student, group, first in rows.values_list("person_id", "group_id", "first_day").iterator(PORTION):
            places[student].append((group, first))
    groups = None if ids is None else sorted({group for those in places.values() for group, _ in those})
    of_class = _of_class(current.filter(role=Enrolment.As.TEACHER), groups)
    return {student: _supervising(those, of_class) for student, those in places.items()}


def _of_class(teaching: QuerySet[Enrolment], groups: Sequence[str] | None) -> dict[str, list[tuple[str, date]]]:
    """The teachers of record of each class; all its teachers where it names none."""
    record: dict[str, list[tuple[str, date]]] = defaultdict(list)
    there: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for rows in portions(teaching.order_by("id"), "group_id", groups):
        for group, teacher, primary, first in rows.values_list("group_id", "person_id", "primary", "first_day"):
            there[group].append((teacher, first))
            if primary:
                record[group].append((teacher, first))
    return {group: record.get(group) or those for group, those in there.items()}


def _supervising(places: list[tuple[str, date]], of_class: dict[str, list[tuple[str, date]]]) -> Teachers:
    since: dict[str, date] = {}
    for group, joined in places:
        for teacher, began in of_class.get(group, ()):
            day = max(joined, began)
            since[teacher] = min(since.get(teacher, day), day)
    return tuple(sorted(since.items()))


def _guardians(on: date, ids: Sequence[str] | None) -> tuple[dict[str, list[str]], set[str]]:
    """XIII.B: the parents who may sign for each child, and the children about whom a court settled something."""
    parents: dict[str, list[str]] = defaultdict(list)
    orders: set[str] = set()
    held = Guardianship.objects.on(on).filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False)
    for rows in portions(held.order_by("id"), "child_id", ids):
        for child, guardian, order in rows.values_list("child_id", "guardian_id", "court_order").iterator(PORTION):
            if guardian not in parents[child]:
                parents[child].append(guardian)
            if order:
                orders.add(child)
    return parents, orders


def portions(rows: QuerySet[Any], field: str, ids: Sequence[str] | None) -> Iterator[QuerySet[Any]]:
    """All rows, or those about some in portions that a database takes."""
    if ids is None:
        yield rows
        return
    for start in range(0, len(ids), PORTION):
        yield rows.filter(**{f"{field}__in": ids[start : start + PORTION]})
