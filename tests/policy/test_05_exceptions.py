"""Article V.C: exceptions that a teacher or an administrator allows in advance, for a while, above the floor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.base.actor import Actor
from homeroom.filtering import permits
from homeroom.filtering.actions import rules
from homeroom.filtering.models import LocalRule
from homeroom.ledger import clauses
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DAY = timedelta(days=1)
OLSEN = Actor("olsen", "Maja Olsen", frozenset({"teacher"}))
OKAFOR = Actor("okafor", "Chidi Okafor", frozenset({"building_administrator"}))


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("homeroom.filtering.publishing.after_commit", lambda at: None)


def why_not(actor: Actor, scope: str, until=None) -> str:
    return permits.why_not_make(permits.desk(actor, NOON), effect="allow", scope=scope, until=until, at=NOON)


def opened(actor: Actor, scope: str, **more: object) -> LocalRule:
    reason = "The assignment on propaganda in week 38, with guidance."
    return rules.add_rule(actor=actor, effect="allow", target="a.test", scope=scope, reason=reason, at=NOON, **more)


@pytest.mark.clause("V.C.4")
def test_a_teacher_opens_for_a_class_of_their_own_and_only_with_an_end(town):
    assert why_not(OLSEN, "class:7b", NOON + 7 * DAY) == ""
    assert why_not(OLSEN, "class:7b") and why_not(OLSEN, "class:7b", NOON + permits.LONGEST + 2 * DAY)
    assert why_not(OLSEN, "class:11c", NOON + 7 * DAY) and why_not(OLSEN, "person:ben", NOON + 7 * DAY)


@pytest.mark.clause("V.C.4")
def test_one_without_an_end_or_for_too_long_is_found(town):
    row = opened(OLSEN, "class:7b", until=NOON + 7 * DAY)
    assert clauses.class_exceptions_without_end(NOON) == clauses.Looked(1, 0)
    for until in (None, NOON + permits.LONGEST + 2 * DAY):
        LocalRule.objects.filter(pk=row.pk).update(until=until)
        assert clauses.class_exceptions_without_end(NOON) == clauses.Looked(1, 1)


@pytest.mark.clause("V.C.5")
def test_an_administrator_opens_for_an_employee_of_the_school_and_it_is_looked_at(town):
    assert why_not(OKAFOR, "person:olsen") == "" and why_not(OLSEN, "person:olsen")
    row = opened(OKAFOR, "person:olsen", until=NOON + 7 * DAY)
    assert clauses.openings_without_end(NOON) == clauses.Looked(1, 0)
    LocalRule.objects.filter(pk=row.pk).update(until=None, review_on=None)
    assert clauses.openings_without_end(NOON) == clauses.Looked(1, 1)
