"""The town with forms in effect and agreements opened."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from homeroom.agreements import actions
from homeroom.agreements.actions import Evidence, Words
from homeroom.agreements.models import FormText, FormVersion, Signature, Slot
from homeroom.agreements.queries import to_sign
from homeroom.agreements.queries.signing import open_slots
from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import actions as board
from homeroom.people import queries as people
from homeroom.people.models import Person
from tests.town import NOON, Town

TODAY = date(2026, 9, 14)
STUDENT = (
    Words("en", "Using the network", "I use it for school.\n\nI tell an adult when something goes wrong."),
    Words("es", "Usar la red", "La uso para la escuela.\n\nAviso a un adulto cuando algo sale mal."),
)
EMPLOYEE = (Words("en", "Using the network at work", "I use it for my work."),)


def actor(id: str, on: date = TODAY) -> Actor:
    """Somebody of the town, with the roles of a day."""
    person = Person.objects.get(pk=id)
    return Actor(id=id, name=person.name, roles=frozenset(person.roles.on(on).values_list("role", flat=True)))


def approve(version: FormVersion, at: datetime = NOON) -> None:
    """The board approves a version, effective at once."""
    addendum = actions.submit_version(actor=actor("dana"), at=at, version=version)
    day = people.today(at)
    board.approve_addendum(
        actor=actor("dana"), at=at, addendum=addendum, approved_on=day, minutes="Minutes, item 4", effective_on=day
    )


def evidence(text: FormText, name: str = "A Name", **more: object) -> Evidence:
    """What the pages of signing hand over."""
    values = {"method": "session", "detail": "signed in", "intent": "I have read this and agree.", "typed_name": name}
    return Evidence(text=text.pk, sha256=text.sha256, **{**values, **more})


def slot(person: str, part: str, holder: str) -> Slot:
    """An open place."""
    return Slot.objects.get(
        agreement__person=person, part=part, holder=holder, closed_on=None, agreement__closed_on=None
    )


def sign(person: str, part: str, holder: str, at: datetime = NOON, language: str = "en", **more: object) -> Signature:
    """The holder of a place signs it."""
    place = slot(person, part, holder)
    each = to_sign(people.today(at), open_slots(people.today(at)).filter(pk=place.pk))[0]
    return actions.sign(
        actor=actor(holder, people.today(at)), at=at, slot=place, evidence=evidence(each.text(language), **more)
    )


def sign_all_for_ben(at: datetime = NOON) -> None:
    for part, holder in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        sign("ben", part, holder, at)


@pytest.fixture
def signing(town: Town) -> Town:
    """A student form and an employee form are in effect, and everybody's agreement is open."""
    for kind, words in (("student", STUDENT), ("employee", EMPLOYEE)):
        approve(actions.add_version(actor=actor("dana"), at=NOON, kind=kind, words=words))
    actions.follow_roster(actor=SYSTEM, at=NOON)
    return town


def noon(day: date) -> datetime:
    """Noon of a day in Minnesota, more or less."""
    return datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC)
