"""Article XII: the option of activities without the Internet, as a request that is answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeroom.access.facts import standing_of
from homeroom.agreements import actions
from homeroom.agreements.clauses import alternatives_late
from homeroom.agreements.models import Alternative
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from tests.integration.agreements.conftest import TODAY, actor, sign_all_for_ben, signing  # noqa: F401
from tests.town import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clause("XII.B.0b")]
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))
LESSON = TODAY + timedelta(days=3)


def ask(who: Actor = ROSA, scope: str = "all", words: str = "", due_on: date = LESSON) -> Alternative:
    return actions.request_alternative(
        actor=who, at=NOON, student="ben", asked_by=who.id, scope=scope, due_on=due_on, words=words
    )


def test_a_request_goes_from_the_parent_to_the_teacher_and_into_effect(signing):  # noqa: F811
    sign_all_for_ben()
    row = ask()
    assert (row.state, row.teacher_id) == ("requested", "olsen")
    actions.offer_alternative(actor=actor("olsen"), at=NOON, alternative=row, plan="Books from the library.")
    actions.answer_alternative(actor=ROSA, at=NOON, alternative=row, accepted=False, words="Not only books.")
    actions.offer_alternative(actor=actor("olsen"), at=NOON, alternative=row, plan="Interviews in town.")
    actions.answer_alternative(actor=ROSA, at=NOON, alternative=row, accepted=True)
    assert standing_of("ben", TODAY).open, "not before it is in effect"
    row = actions.start_alternative(actor=actor("olsen"), at=NOON, alternative=row, from_day=LESSON)
    assert "does not lower any grade" in row.neutrality
    assert standing_of("ben", LESSON - timedelta(days=1)).open
    assert [each.code for each in standing_of("ben", LESSON).missing] == ["alternative"]
    actions.end_alternative(actor=ROSA, at=NOON, alternative=row)
    assert standing_of("ben", LESSON).open


def test_some_tools_leave_the_rest_of_the_network_open(signing):  # noqa: F811
    sign_all_for_ben()
    row = ask(scope="tools", words="Video sites")
    actions.offer_alternative(actor=actor("olsen"), at=NOON, alternative=row, plan="The script.")
    actions.answer_alternative(actor=ROSA, at=NOON, alternative=row, accepted=True)
    actions.start_alternative(actor=actor("olsen"), at=NOON, alternative=row, from_day=TODAY)
    assert standing_of("ben", TODAY).open


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"who": Actor(id="elena", name="Elena")}, "Only a parent"),
        ({"scope": "tools"}, "which tools"),
        ({"scope": "cats"}, "all use"),
        ({"due_on": TODAY - timedelta(days=1)}, "has passed"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(signing, more, said):  # noqa: F811
    with pytest.raises(Refused, match=said):
        ask(**more)


def test_only_the_students_teacher_or_the_office_plans(signing):  # noqa: F811
    with pytest.raises(Refused, match="teacher does this"):
        actions.offer_alternative(actor=actor("lind"), at=NOON, alternative=ask(), plan="Books.")


def test_a_request_without_plan_or_explanation_on_its_day_is_found(signing):  # noqa: F811
    row = ask()
    later = NOON + timedelta(days=4)
    assert alternatives_late(NOON).broken == 0
    assert (alternatives_late(later).looked_at, alternatives_late(later).broken) == (1, 1)
    actions.explain_alternative(actor=actor("olsen"), at=NOON, alternative=row, explanation="The test is online.")
    assert alternatives_late(later).broken == 0


def test_a_plan_takes_effect_today_or_later_never_backwards(signing):  # noqa: F811
    row = ask()
    actions.offer_alternative(actor=actor("olsen"), at=NOON, alternative=row, plan="Books from the library.")
    actions.answer_alternative(actor=ROSA, at=NOON, alternative=row, accepted=True)
    start = {"actor": actor("olsen"), "at": NOON, "alternative": row}
    with pytest.raises(Refused, match="has passed"):
        actions.start_alternative(from_day=TODAY - timedelta(days=1), **start)
    assert actions.start_alternative(from_day=TODAY, **start).state == "in_effect"
