"""Questions about what people did that no other part of the house sees: lessons, forms, equipment, other means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.board import queries as board
from homeroom.board.models import AdoptedText
from homeroom.ledger.models import Proof
from homeroom.people.models import Enrolment, Role, RoleName

YEAR = timedelta(days=366)
TOPICS = {
    "conduct": _("Behaviour online"),
    "networks": _("Social networks and chat rooms"),
    "bullying": _("Cyberbullying, and what to do about it"),
    "use": _("How to use the Internet and the school’s system"),
    "subject": _("Thoughtful use within a subject"),
}
CLAUSES = {
    "lesson": "VI.Alt3.E.1", "opening": "VI.Alt3.D", "means": "VI.Alt1.note2.b", "form-486": "VI.Alt3.note.a",
    "form-479": "VI.Alt3.note.a", "equipment": "VI.Alt3.note.a", "paper": "VI.Alt3.note.b",
}  # fmt: skip
KINDS = {
    "lesson": _("Lesson"), "opening": _("Filter opened for an adult elsewhere"), "means": _("Supervision, other means"),
    "form-486": _("FCC Form 486"), "form-479": _("FCC Form 479"), "equipment": _("Equipment bought with discounts"),
    "paper": _("Notice, agenda, minutes, bill"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taught:
    """One grade of one school: which lessons of the last year taught it."""

    school: str
    grade: str
    lessons: tuple[Proof, ...]


def proofs(*kinds: str) -> QuerySet[Proof]:
    """What stands, newest first; of some kinds where they are named."""
    rows = Proof.objects.filter(withdrawn_at=None).select_related("school", "group")
    return rows.filter(kind__in=kinds) if kinds else rows


def between(first: date, last: date, *kinds: str) -> QuerySet[Proof]:
    """What happened, or lasted, between two days."""
    began = Q(day__gte=first, day__lte=last)
    lasted = Q(day__lte=last, until__gte=first)
    return proofs(*kinds).filter(began | lasted)


def today(on: date, kind: str) -> QuerySet[Proof]:
    """What of a kind has begun by a day and is not over."""
    return proofs(kind).filter(Q(until=None) | Q(until__gte=on), day__lte=on)


def filtered(rows: QuerySet[Proof], *, words: str, kind: str) -> QuerySet[Proof]:
    """Narrowed by words and by kind."""
    if kind in Proof.Kind.values:
        rows = rows.filter(kind=kind)
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(words__icontains=word) | Q(number__icontains=word))
    return rows


def taught(on: date, topic: str) -> list[Taught]:
    """VI.Alt3.E: each grade of each school that has students on a day, with the lessons of the year before."""
    lessons = [
        each for each in proofs(Proof.Kind.LESSON).filter(day__gt=on - YEAR, day__lte=on) if topic in each.topics
    ]
    held = Role.objects.on(on).filter(role=RoleName.STUDENT).exclude(school=None)
    places = sorted(set(held.order_by().values_list("school_id", "grade").distinct()))
    by_school: dict[str | None, list[Proof]] = defaultdict(list)
    for each in lessons:
        by_school[each.school_id].append(each)  # type: ignore[attr-defined]
    return [
        Taught(school, grade, tuple(each for each in (*by_school[school], *by_school[None]) if _reaches(each, grade)))
        for school, grade in places
    ]


def _reaches(lesson: Proof, grade: str) -> bool:
    return not lesson.grades or grade in lesson.grades


def owed_since(on: date, alternative: str = "") -> date | None:
    """Since when a text has asked for teaching without a break: the first day of the first text that did."""
    rows = AdoptedText.objects.filter(from_day__lte=on).order_by("-from_day")
    first = None
    for each in rows:
        if alternative and board.number(each) != alternative:
            break
        first = each.from_day
    return first


def roster(lesson: Proof) -> list[tuple[str, str, str]]:
    """Who was in the class on the day of a lesson: id, name, grade, by name."""
    return rosters([lesson])[0][1]


def rosters(lessons: Iterable[Proof]) -> list[tuple[Proof, list[tuple[str, str, str]]]]:
    """The same for many lessons: two questions, however many they are."""
    asked = list(lessons)
    groups = {each.group_id for each in asked if each.group_id}  # type: ignore[attr-defined]
    there = Enrolment.objects.filter(group_id__in=groups, role=Enrolment.As.STUDENT)
    held: dict[str, list[Enrolment]] = defaultdict(list)
    for place in there.select_related("person").iterator(2000):
        held[place.group_id].append(place)  # type: ignore[attr-defined]
    grades: dict[str, list[Role]] = defaultdict(list)
    known = Role.objects.filter(role=RoleName.STUDENT, person_id__in=there.values("person_id")).order_by("id")
    for role in known.iterator(2000):
        grades[role.person_id].append(role)  # type: ignore[attr-defined]
    return [(each, _on(each, held, grades)) for each in asked]


def _on(lesson: Proof, held: dict[str, list[Enrolment]], grades: dict[str, list[Role]]) -> list[tuple[str, str, str]]:
    rows = set()
    for place in held.get(lesson.group_id or "", ()):  # type: ignore[attr-defined]
        if _holds(place, lesson.day):
            person = place.person
            had = [role.grade for role in grades[person.pk] if _holds(role, lesson.day)]
            rows.add((person.name, person.pk, had[-1] if had else ""))
    return [(id, name, grade) for name, id, grade in sorted(rows)]


def _holds(row: Enrolment | Role, on: date) -> bool:
    return row.first_day <= on and (row.last_day is None or on <= row.last_day)
