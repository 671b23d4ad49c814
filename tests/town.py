"""The cast: few people with names, so that a test can say "Ben" and need no setup.

The fixture `town` (tests/conftest.py) puts them into the database. Roles are old enough to hold
on whatever day the tests run; only Nils has left and Mira has not come yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from allauth.mfa.models import Authenticator
from django.test import Client

from homeroom.access import actions as access
from homeroom.access.models import Account
from homeroom.base.actor import SYSTEM
from homeroom.people import actions as people
from homeroom.people.models import Class, Guardianship, Person, School
from tests import town_rows

LONG_AGO = date(2020, 9, 1)
AT = datetime(2020, 8, 1, 17, 0, tzinfo=UTC)  # when the town was put on record
NOON = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)  # Monday noon in Minnesota, for tests that need a day

SCHOOLS = (("birch", "Birch School"), ("cedar", "Cedar High School"))
CLASSES = (("7a", "birch", "Grade 7, section A"), ("7b", "birch", "Grade 7, section B"), ("11c", "cedar", "English 11"))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of the cast. `roles` as (role, school or None, grade)."""

    id: str
    given: str
    family: str
    roles: tuple[tuple[str, str | None, str], ...]
    classes: tuple[str, ...] = ()
    born: date | None = None
    language: str = "en"
    first_day: date = LONG_AGO
    last_day: date | None = None


CAST = (
    Neighbour("ben", "Ben", "Haugen", (("student", "birch", "7"),), ("7b",), date(2014, 2, 28)),
    Neighbour("leah", "Leah", "Farah", (("student", "birch", "7"),), ("7a",), date(2013, 11, 5)),
    Neighbour("ana", "Ana", "Morales", (("student", "cedar", "11"),), ("11c",), date(2009, 10, 2), "es"),
    # Tou is 18 and also works in the office: still a student to the filter.
    Neighbour("tou", "Tou", "Xiong", (("clerk", "cedar", ""), ("student", "cedar", "12")), ("11c",), date(2008, 1, 9)),
    Neighbour("olsen", "Maja", "Olsen", (("teacher", "birch", ""),), ("7b",)),
    Neighbour("lind", "Per", "Lind", (("teacher", "birch", ""),), ("7a",)),
    Neighbour("okafor", "Chidi", "Okafor", (("building_administrator", "birch", ""),)),
    Neighbour("dana", "Dana", "Reyes", (("technology_director", None, ""),)),
    Neighbour("kim", "Kim", "Vang", (("clerk", "birch", ""),)),
    Neighbour("rosa", "Rosa", "Haugen", (("guardian", None, ""),)),
    Neighbour("farah", "Amina", "Farah", (("guardian", None, ""),)),
    Neighbour("elena", "Elena", "Morales", (("guardian", None, ""),), language="es"),
    Neighbour("hugo", "Hugo", "Morales", (("guardian", None, ""),), language="es"),
    Neighbour("mai", "Mai", "Xiong", (("guardian", None, ""),), language="hmn"),
    Neighbour("moua", "Kao", "Moua", (("teacher", "cedar", ""),), ("11c",)),
    Neighbour("nils", "Nils", "Berg", (("student", "cedar", "12"),), ("11c",), last_day=date(2025, 6, 6)),
    Neighbour("mira", "Mira", "Nur", (("student", "birch", "K"),), (), date(2095, 3, 1), first_day=date(2099, 9, 1)),
)  # fmt: skip
STAFF = ("olsen", "lind", "okafor", "dana", "kim")
# Who is parent of whom: Ana has two parents, Tou is of age.
PARENTS = (
    ("ben", "rosa", "parent"), ("leah", "farah", "parent"), ("ana", "elena", "parent"), ("ana", "hugo", "parent"),
    ("tou", "mai", "parent"),
)  # fmt: skip


class Town:
    """The cast in the database: `town.ben` is a Person, `town.client("dana")` a browser signed in as Dana."""

    def __init__(self) -> None:
        town_rows.build(self._build)

    def __getattr__(self, id: str) -> Person:
        if id.startswith("_"):
            raise AttributeError(id)
        return Person.objects.get(pk=id)

    def account(self, id: str) -> Account:
        """The account of one of the staff, made at first use, with a second factor."""
        account = Account.objects.filter(person_id=id).first()
        if account is None:
            account = self.bare_account(id)
            Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "not a secret"})
        return account

    def bare_account(self, id: str, password: str | None = None) -> Account:
        """An account that has no second factor yet."""
        person = Person.objects.get(pk=id)
        return access.add_account(actor=SYSTEM, person=person, email=person.email, password=password, at=AT)

    def client(self, id: str) -> Client:
        """A browser signed in as somebody, second factor and all."""
        client = Client()
        client.force_login(self.account(id))
        return client

    def _build(self) -> None:
        people.set_up_district(actor=SYSTEM, name="Lake District", at=AT)
        schools = [School(id=id, name=name, first_day=LONG_AGO) for id, name in SCHOOLS]
        people.add_schools(actor=SYSTEM, schools=schools, at=AT)
        classes = [Class(id=id, school_id=school, title=title, first_day=LONG_AGO) for id, school, title in CLASSES]
        people.add_classes(actor=SYSTEM, classes=classes, at=AT)
        people.add_people(actor=SYSTEM, people=[_person(each) for each in CAST], at=AT)
        people.add_roles(actor=SYSTEM, roles=[role for each in CAST for role in _roles(each)], at=AT)
        people.enrol_all(actor=SYSTEM, places=[place for each in CAST for place in _places(each)], at=AT)
        bonds = [
            Guardianship(child_id=child, guardian_id=adult, relationship=what, first_day=LONG_AGO)
            for child, adult, what in PARENTS
        ]
        people.add_guardians(actor=SYSTEM, bonds=bonds, at=AT)


def _person(each: Neighbour) -> Person:
    return Person(
        id=each.id, given_name=each.given, family_name=each.family, birth_date=each.born,
        email=f"{each.id}@lake.test", home_language=each.language,
    )  # fmt: skip


def _roles(each: Neighbour) -> list[people.RoleOf]:
    return [
        people.RoleOf(
            person=each.id, role=role, school=school, grade=grade, first_day=each.first_day, last_day=each.last_day
        )
        for role, school, grade in each.roles
    ]


def _places(each: Neighbour) -> list[people.PlaceIn]:
    teaches = any(role == "teacher" for role, _, _ in each.roles)
    return [
        people.PlaceIn(
            person=each.id, group=group, role="teacher" if teaches else "student", primary=teaches,
            first_day=each.first_day, last_day=each.last_day,
        )
        for group in each.classes
    ]  # fmt: skip
