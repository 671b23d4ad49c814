"""XI.A, XII.B.0a, XIII.C.0: who must be told, found by a query; a fixed number of questions for any district."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from homeroom.notices.kinds import Kind, Reaches
from homeroom.people.models import STAFF, Address, Enrolment, Guardianship, Person, Preference, Role, RoleName

USERS = (RoleName.STUDENT, *STAFF)


@dataclass(slots=True)
class Wanted:
    """Somebody who must be told: about which children, since when, and why a person must look first ("" mostly)."""

    reader: str
    children: list[str] = field(default_factory=list)
    since: date | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """Everybody who must be told, by reader; and the children for whom no parent can be told at all."""

    readers: Mapping[str, Wanted]
    without_parent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """How one person can be reached."""

    email: str = ""
    address: Address | None = None
    language: str = ""
    name: str = ""
    prefers: str = ""

    @property
    def channel(self) -> str:
        """By letter where that is wished and possible, else by e-mail, else by letter; "" where there is no way."""
        if self.prefers == Preference.Channel.LETTER and self.address:
            return "paper"
        return "email" if self.email else ("paper" if self.address else "")


def expected(kind: Kind, who: Mapping[str, Any], on: date) -> Expected:
    """Who must be told on a day, by the query that a notice keeps."""
    if "readers" in who:
        named = {
            reader: Wanted(reader, list(children), held="".join(held)) for reader, children, *held in who["readers"]
        }
        return Expected(named)
    if kind.reaches is Reaches.THEMSELVES:
        return Expected(_themselves(_asked(who, on, tuple(who.get("roles") or USERS)), on))
    students = _asked(who, on, (RoleName.STUDENT,))
    readers, without = parents_of(students, on)
    if kind.reaches is Reaches.BOTH:
        for id, wanted in _themselves(students, on).items():
            readers.setdefault(id, wanted)
    return Expected(readers, without)


def parents_of(students: QuerySet[Role], on: date) -> tuple[dict[str, Wanted], tuple[str, ...]]:
    """XIII.B: who is told as a parent of whom; and the students of whom nobody is.

    Whoever has no legal custody or gets no mail by what was settled is left out. Where a court order is on file and
    nobody said whether this parent gets mail, the letter is held until a person has looked.
    """
    since = dict(students.order_by("first_day").values_list("person_id", "first_day"))
    readers: dict[str, Wanted] = {}
    told: set[str] = set()
    rows = Guardianship.objects.on(on).filter(relationship__in=Guardianship.PARENTS)
    rows = rows.filter(child__in=students.values("person_id")).exclude(legal_custody=False).exclude(receives_mail=False)
    fields = ("guardian_id", "child_id", "court_order", "receives_mail", "first_day")
    for guardian, child, order, mail, first in rows.order_by("guardian_id", "child_id").values_list(*fields):
        wanted = readers.setdefault(guardian, Wanted(guardian))
        if child not in wanted.children:
            wanted.children.append(child)
        wanted.since = max(wanted.since or date.min, since[child], first)
        if order and mail is None:
            wanted.held = "A court order is on file and nobody said whether this parent gets mail."
        else:
            told.add(child)
    return readers, tuple(child for child in since if child not in told)


def without_parent(who: Mapping[str, Any], on: date) -> QuerySet[Role]:
    """Students of a query of whom no parent can be told, as ids for a further question to the database."""
    students = _asked(who, on, (RoleName.STUDENT,))
    rows = Guardianship.objects.on(on).filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False)
    told_ones = rows.exclude(receives_mail=False).exclude(court_order=True, receives_mail__isnull=True)
    return students.exclude(person__in=told_ones.values("child_id")).values("person_id")  # type: ignore[return-value]


def ways(people: Collection[str], on: date) -> dict[str, Ways]:
    """How people can be reached on a day: their e-mail, postal address, language and wish."""
    addresses: dict[str, Address] = {}
    held = Address.objects.on(on).filter(person__in=people).exclude(street="").exclude(city="")
    for address in held.order_by("kind", "first_day"):  # "mailing" comes after "home", and so it wins
        addresses[address.person_id] = address
    wishes = dict(Preference.objects.filter(person__in=people).values_list("person_id", "channel"))
    return {
        person.pk: Ways(
            email=person.email, address=addresses.get(person.pk), language=person.home_language, name=person.name,
            prefers=wishes.get(person.pk, ""),
        )
        for person in Person.objects.filter(pk__in=people)
    }  # fmt: skip


def _asked(who: Mapping[str, Any], on: date, roles: tuple[str, ...]) -> QuerySet[Role]:
    rows = Role.objects.on(on).filter(role__in=roles)
    if who.get("schools"):
        rows = rows.filter(Q(school__in=who["schools"]))
    if who.get("grades"):
        rows = rows.filter(grade__in=who["grades"])
    if who.get("classes"):
        placed = Enrolment.objects.on(on).filter(group__in=who["classes"]).values("person_id")
        rows = rows.filter(person__in=placed)
    return rows  # type: ignore[return-value]


def _themselves(rows: QuerySet[Role], on: date) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    for person, first in rows.order_by("person_id", "first_day").values_list("person_id", "first_day"):
        found.setdefault(person, Wanted(person, since=first))
    return found
