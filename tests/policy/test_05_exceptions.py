"""Article V: the board's option on social networks, and exceptions allowed in advance, for a while, above the floor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import actions as board
from homeroom.filtering import jobs, permits, policy
from homeroom.filtering.actions import choices, rules
from homeroom.filtering.models import LocalRule
from homeroom.filtering.queries import choices as queries
from homeroom.ledger import clauses
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DAY = timedelta(days=1)
USES = """
504 THE POLICY OF A MADE-UP TOWN

I. PURPOSE

To be short.

V. USES

- A. Users keep these rules:
 - 6. on posting:
  - a. Employees may be named.
  - c. No posting on social networks.
"""
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


class TestTheOptionOnSocialNetworks:
    """V.A.6.c: a switch of the board that the filter obeys from the first day of its text to the last."""

    def adopt(self, words: str, from_day: date) -> None:
        text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
        board.put_in_force(actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON)

    def blocked(self) -> bool:
        return "social-networks" in policy.blocked(queries.choices(), "student")

    @pytest.mark.clause("V.A.6.c")
    def test_the_filter_follows_the_board_to_the_day(self, db):
        assert jobs.follow_option(NOON) is None and not self.blocked()
        self.adopt(USES, date(2026, 9, 14))
        assert jobs.follow_option(NOON - DAY) is None and not self.blocked()
        assert clauses.networks_open_against_the_option(NOON) == clauses.Looked(1, 1)
        assert "took up" in str(jobs.follow_option(NOON)) and self.blocked()
        assert jobs.follow_option(NOON) is None
        assert clauses.networks_open_against_the_option(NOON) == clauses.Looked(1, 0)
        self.adopt(USES.replace("- c. No posting on social networks.", ""), date(2026, 9, 20))
        assert jobs.follow_option(NOON + 5 * DAY) is None and self.blocked()
        assert "any more" in str(jobs.follow_option(NOON + 6 * DAY)) and not self.blocked()

    @pytest.mark.clause("V.A.6.c")
    def test_what_the_director_decided_stays(self, db):
        self.adopt(USES, date(2026, 9, 14))
        choices.choose_category(
            actor=Actor("dana", "Dana Reyes", frozenset({"technology_director"})), audience="student",
            category="social-networks", blocked=False, reason="For the media class of this term.", at=NOON,
        )  # fmt: skip
        assert jobs.follow_option(NOON) is None and not self.blocked()
        assert clauses.networks_open_against_the_option(NOON).broken == 0
