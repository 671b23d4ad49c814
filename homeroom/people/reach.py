"""How far an official's role reaches: whose records it opens, on a day.

The technology director reaches everybody; a building administrator or clerk the people of
their schools; a teacher the students of their own classes. Nobody else reaches anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from homeroom.base.actor import Actor
from homeroom.people.models import Class, Enrolment, Person, Role, RoleName, School

OF_A_SCHOOL = (RoleName.BUILDING_ADMINISTRATOR, RoleName.CLERK)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose records somebody may open: everybody's, those of whole schools, those of students in classes."""

    everybody: bool = False
    schools: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


def of(actor: Actor, on: date) -> Reach:
    """How far somebody's roles reach on a day."""
    if actor.holds(RoleName.TECHNOLOGY_DIRECTOR):
        return Reach(everybody=True)
    schools: frozenset[str | None] = frozenset()
    classes: frozenset[str] = frozenset()
    if actor.holds(*OF_A_SCHOOL):
        held = Role.objects.on(on).filter(person_id=actor.id, role__in=OF_A_SCHOOL)
        schools = frozenset(held.values_list("school_id", flat=True))
    if actor.holds(RoleName.TEACHER):
        taught = Enrolment.objects.on(on).filter(person_id=actor.id, role=Enrolment.As.TEACHER)
        classes = frozenset(taught.values_list("group_id", flat=True))
    # A role without a school is held for the whole district.
    return Reach(None in schools, frozenset(each for each in schools if each), classes)


def persons(reach: Reach, on: date) -> QuerySet[Person]:
    """The people whose records may be opened, by name."""
    if reach.everybody:
        return Person.objects.all()
    there = Role.objects.on(on).filter(school_id__in=reach.schools)
    taught = Enrolment.objects.on(on).filter(group_id__in=reach.classes, role=Enrolment.As.STUDENT)
    return Person.objects.filter(Q(pk__in=there.values("person_id")) | Q(pk__in=taught.values("person_id")))


def schools(reach: Reach, on: date) -> QuerySet[School]:
    """The schools that are reached as a whole, by name."""
    open_ones = School.objects.on(on).order_by("name")
    return open_ones if reach.everybody else open_ones.filter(pk__in=reach.schools)  # type: ignore[return-value]


def classes(reach: Reach, on: date) -> QuerySet[Class]:
    """The classes that are reached, by school and title."""
    held = Class.objects.on(on).select_related("school").order_by("school__name", "title")
    if reach.everybody:
        return held  # type: ignore[return-value]
    return held.filter(Q(pk__in=reach.classes) | Q(school_id__in=reach.schools))  # type: ignore[return-value]


def find(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Those of whom each word begins a name, or is the start of their id or e-mail address."""
    for word in words.split():
        people = people.filter(
            Q(given_name__istartswith=word)
            | Q(family_name__istartswith=word)
            | Q(preferred_name__istartswith=word)
            | Q(pk__istartswith=word)
            | Q(email__istartswith=word)
        )
    return people
