"""A town in which the words of notices are approved, and parents have children."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from homeroom.base.actor import SYSTEM, Actor
from homeroom.notices.actions import templates
from homeroom.notices.models import Template
from homeroom.people.models import Address, Guardianship, Person
from tests.town import LONG_AGO, NOON, Town

DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
OKAFOR = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))
TODAY = date(2026, 9, 14)
FACTS = {
    "parents": {"alternatives_form": "http://127.0.0.1:8524/alternatives", "policy_url": "http://127.0.0.1:8524/policy"},
    "providers": {"providers": ["Reading Cloud"], "provider_data": ["Reading Cloud: names, scores"],
                  "inspection": "Ask the office.", "contact": "Technology department, 555 0100"},
}  # fmt: skip


def hours(count: float) -> datetime:
    """So many hours after noon of Monday, 2026-09-14."""
    return NOON + timedelta(hours=count)


def approve(kind: str, languages: tuple[str, ...] = (), effective_on: date = TODAY) -> Template:
    """The drafts shipped with Homeroom, approved by the board; translations that somebody vouched for."""
    template = templates.new_template(actor=DANA, at=NOON, kind=kind)
    for text in template.texts.filter(language__in=languages):
        templates.check_text(actor=DANA, at=NOON, text=text)
    templates.submit_template(actor=DANA, at=NOON, template=template)
    templates.approve_template(
        actor=DANA, at=NOON, template=template, approved_on=TODAY, minutes="Item 4", effective_on=effective_on
    )
    return template


def parent(child: str, guardian: str, **settled: object) -> Guardianship:
    """Somebody is a parent of a child."""
    row, _ = Guardianship.objects.update_or_create(
        child_id=child, guardian_id=guardian,
        defaults={"relationship": "parent", "first_day": LONG_AGO, "legal_custody": None, "receives_mail": None,
                  "court_order": None, **settled},
    )  # fmt: skip
    return row


def lives_at(person: str, street: str = "1 Lake Road", postal_code: str = "55401") -> None:
    """Somebody has a postal address."""
    Address.objects.create(
        person_id=person, kind="home", street=street, city="Lake", state="MN", postal_code=postal_code,
        first_day=LONG_AGO,
    )  # fmt: skip


def newcomer(id: str, **more: object) -> Person:
    """Somebody who was not there before."""
    return Person.objects.create(id=id, given_name=id.title(), family_name="New", **more)


@pytest.fixture
def family(town: Town) -> Town:
    """Rosa is Ben's parent; Ana's and Leah's parents are not on record."""
    Guardianship.objects.all().delete()
    parent("ben", "rosa")
    return town


@pytest.fixture
def words(family: Town) -> Town:
    """The users' and the parents' notice are part of the policy."""
    approve("users", ("es",))
    approve("parents", ("es",))
    return family


__all__ = ["DANA", "FACTS", "NOON", "OKAFOR", "ROSA", "SYSTEM", "TODAY"]
