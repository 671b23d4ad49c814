"""Questions about people; they never write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import F, Q, QuerySet

from homeroom.people.models import Class, District, Enrolment, Flag, Guardianship, Person

# Within one request the zone is asked for once (people.middleware); everywhere else at each need.
_in_request: ContextVar[ZoneInfo | None] = ContextVar("zone of the request", default=None)


def district() -> District | None:
    """The district of this installation; None before it is set up."""
    return District.objects.filter(id=1).first()


def zone() -> ZoneInfo:
    """The district's time zone; that of the settings where no district is set up or its zone is unknown here."""
    if known := _in_request.get():
        return known
    name = District.objects.filter(id=1).values_list("time_zone", flat=True).first()
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


@contextmanager
def one_zone() -> Iterator[ZoneInfo]:
    """Ask for the zone once, and go by it inside."""
    found = zone()
    token = _in_request.set(found)
    try:
        yield found
    finally:
        _in_request.reset(token)


def local(at: datetime) -> datetime:
    """An instant on the district's clock."""
    return at.astimezone(zone())


def today(at: datetime) -> date:
    """The district's day at an instant."""
    return at.astimezone(zone()).date()


def supervising_teachers(person: str, on: date) -> list[Person]:
    """Who supervised a student on a day, by name: the teachers of record of the classes of that day.

    Where a class names no teacher of record, all its teachers are.
    """
    classes = Class.objects.on(on).filter(enrolments__in=_places(person, on)).values("pk")
    teaching = Enrolment.objects.on(on).filter(role=Enrolment.As.TEACHER, group__in=classes)
    of_record: dict[str, list[str]] = {}
    all_there: dict[str, list[str]] = {}
    for group, teacher, primary in teaching.values_list("group_id", "person_id", "primary"):
        all_there.setdefault(group, []).append(teacher)
        if primary:
            of_record.setdefault(group, []).append(teacher)
    found = {teacher for group, those in all_there.items() for teacher in of_record.get(group, those)}
    return list(Person.objects.filter(pk__in=found))


def _places(person: str, on: date) -> QuerySet[Enrolment]:
    return Enrolment.objects.on(on).filter(person_id=person, role=Enrolment.As.STUDENT)


def guardianships(child: str, on: date) -> QuerySet[Guardianship]:
    """XIII.B: the adults around a child on a day, whom to call first at the top."""
    held = Guardianship.objects.on(on).filter(child_id=child).select_related("guardian")
    return held.order_by(F("priority").asc(nulls_last=True), "guardian__family_name", "guardian__given_name")


def parents(child: str, on: date) -> list[Person]:
    """XIII.B: natural parents, guardians and those who act as parent; not who has no legal custody."""
    held = guardianships(child, on).filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False)
    return [each.guardian for each in held]


def children(guardian: str, on: date) -> list[Person]:
    """XIII.B: the children for whom somebody speaks as a parent here on a day, by name; not where they are kept out."""
    return list(Person.objects.filter(pk__in=open_bonds(guardian, on).values("child_id")))


def bonds(guardian: str, on: date) -> QuerySet[Guardianship]:
    """XIII.B: to whom somebody is a parent with custody on a day."""
    held = Guardianship.objects.on(on).filter(guardian_id=guardian, relationship__in=Guardianship.PARENTS)
    return held.exclude(legal_custody=False)


def open_bonds(guardian: str, on: date) -> QuerySet[Guardianship]:
    """XIII.B: those of them whose matters are open to the parent here.

    Whom an order or the office keeps out of one child's matters may well be the parent of another one.
    """
    return bonds(guardian, on).exclude(Guardianship.KEPT_OUT)


def kept_out(person: str, on: date) -> QuerySet[Guardianship]:
    """XIII.B: where an order or the office keeps an adult out of a child's matters, asked for either of the two."""
    held = Guardianship.objects.on(on).filter(Q(child=person) | Q(guardian=person)).filter(Guardianship.KEPT_OUT)
    return held.select_related("child", "guardian").order_by("child__given_name", "guardian__given_name", "pk")


def plans(person: str, on: date) -> frozenset[str]:
    """XVI.2: the plans in effect for a child on a day: iep, section504, ifsp."""
    return frozenset(Flag.objects.on(on).filter(person_id=person).values_list("flag", flat=True))
