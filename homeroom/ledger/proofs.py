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
    if lesson.group_id is None:  # type: ignore[attr-defined]
        return []
    there = Enrolment.objects.on(lesson.day).filter(group_id=lesson.group_id, role=Enrolment.As.STUDENT)  # type: ignore[attr-defined]
    people = list(there.select_related("person"))
    grades = grades_of([each.person_id for each in people], lesson.day)  # type: ignore[attr-defined]
    rows = {
        (each.person.name, each.person_id, grades.get(each.person_id, ""))  # type: ignore[attr-defined]
        for each in people
    }
    return [(id, name, grade) for name, id, grade in sorted(rows)]


def grades_of(people: Iterable[str], on: date) -> dict[str, str]:
    """The grade of each student on a day."""
    held = Role.objects.on(on).filter(role=RoleName.STUDENT, person_id__in=list(people))
    return dict(held.order_by("id").values_list("person_id", "grade"))
