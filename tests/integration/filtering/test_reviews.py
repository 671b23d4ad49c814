"""What people ask from the block page, the clock of the answer, and what the answer does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from homeroom.base.errors import Refused
from homeroom.filtering.actions import choices, purging, reviews
from homeroom.filtering.models import ReviewRequest
from homeroom.filtering.queries import reviews as queries
from homeroom.journal import queries as journal

from .conftest import DANA

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 10, 2, 20, 0, tzinfo=UTC)  # three in the afternoon in Minnesota
TICKET = {
    "host": "bets.test", "path": "", "verdict": "block", "kind": "district", "clause": "V.A.3", "category": "gambling",
    "list": "casino", "version": "2026-10-01.abcd", "line": 1, "text": "bets.test", "reason": "Listed.",
    "profile": "student", "school": "birch", "alias": "a1b2", "bundle": "b1", "at": FRIDAY.isoformat(),
}  # fmt: skip


def ask(
    at: datetime = FRIDAY, address: str = "10.1.2.3", words: str = "It is my club.", **more: object
) -> ReviewRequest:
    return reviews.ask_review(ticket={**TICKET, **more}, words=words, address=address, at=at)


@pytest.fixture
def listed(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.add("porn", house.write("porn.txt", "adult.test"), "pornography")
    house.build()
    return house


@pytest.mark.clause("VI.Alt3.C")
def test_an_answer_is_owed_by_the_end_of_the_next_school_day(town):
    row = ask()
    monday_night = datetime(2026, 10, 6, 4, 59, 59, tzinfo=UTC)
    assert row.due_at == monday_night
    assert not row.late(monday_night) and row.late(monday_night + timedelta(seconds=1))
    assert list(queries.late(monday_night + timedelta(seconds=1))) == [row]


def test_neither_person_nor_address_is_kept_and_the_journal_names_nobody(town):
    row = ask()
    kept = " ".join(str(value) for value in ReviewRequest.objects.values().get().values())
    assert "10.1.2.3" not in kept and "ben" not in kept
    said = journal.about(f"review:{row.pk}")[0]
    assert said.actor == "system" and said.data == {
        "category": "gambling",
        "kind": "district",
        "clause": "V.A.3",
        "school": "birch",
    }


@pytest.mark.clause("XIV.B.3")
def test_pseudonyms_are_forgotten_after_the_answer_and_an_accident_keeps_its_own(town):
    row = ask()
    reviews.record_accident(ticket=TICKET, words="", address="10.1.2.3", at=FRIDAY)
    purging.purge(at=FRIDAY + timedelta(days=90))
    assert (queries.waiting().get().alias, queries.waiting().get().asked_from) == ("a1b2", "")
    reviews.answer_review(actor=DANA, request=row.pk, answer="keep", reason="No.", at=FRIDAY)
    purging.purge(at=FRIDAY + timedelta(days=29))
    assert queries.answered().get().alias == "a1b2"
    purging.purge(at=FRIDAY + timedelta(days=31))
    assert queries.answered().get().alias == "" and queries.accidents().get().alias == "a1b2"


def test_asking_twice_about_the_same_block_is_one_request(town):
    assert ask() == ask(words="Please!")


def test_a_flood_is_slowed_down_by_pseudonym_and_by_address(town):
    choices.set_parameter(actor=DANA, name="reviews_per_hour", value=3, reason="Test.", at=FRIDAY)
    choices.set_parameter(actor=DANA, name="reviews_per_hour_address", value=5, reason="Test.", at=FRIDAY)
    for number in range(3):
        ask(host=f"site{number}.test")
    with pytest.raises(Refused, match="Many requests"):
        ask(host="one-more.test")
    ask(host="one-more.test", alias="c3d4")
    ask(host="and-more.test", alias="e5f6")
    with pytest.raises(Refused, match="Many requests"):
        ask(host="last.test", alias="0000")
    assert ask(host="last.test", alias="0000", address="10.9.9.9")
    assert ask(host="again.test", at=FRIDAY + timedelta(hours=1, seconds=1))


def test_opening_makes_a_rule_with_scope_and_end_in_force_at_once(listed):
    now = datetime.now(UTC)
    row = reviews.answer_review(
        actor=DANA, request=ask().pk, answer="allow", reason="The chess club.", scope="class:7b", at=now,
        until=now + timedelta(days=7),
    )  # fmt: skip
    assert (row.state, row.answer, row.rule.scope) == ("answered", "allow", "class:7b")
    assert listed.verdict("bets.test", "ben")[0] == "allow" and listed.verdict("bets.test", "leah")[0] == "block"


def test_correcting_and_keeping(listed):
    row = reviews.answer_review(
        actor=DANA, request=ask().pk, answer="correct", reason="A charity.", at=datetime.now(UTC)
    )
    assert row.rule.categories == ["gambling"] and listed.verdict("bets.test", "leah")[0] == "allow"
    kept = reviews.answer_review(
        actor=DANA, request=ask(host="poker.test").pk, answer="keep", reason="It is a casino.", at=datetime.now(UTC)
    )
    assert kept.rule is None and kept.answer_reason == "It is a casino."


@pytest.mark.clause("VI.Alt3.A.obscene")
def test_what_the_law_blocks_is_not_opened_by_an_answer_and_the_request_keeps_waiting(listed):
    row = ask(host="adult.test", category="pornography", kind="statutory")
    with pytest.raises(Refused, match="correct the listing"):
        reviews.answer_review(actor=DANA, request=row.pk, answer="allow", reason="Asked.", at=datetime.now(UTC))
    assert queries.waiting().get() == row and listed.verdict("adult.test", "ben")[0] == "block"


def test_whoever_answers_second_is_told_so(listed):
    row = ask()
    reviews.answer_review(actor=DANA, request=row.pk, answer="keep", reason="No.", at=datetime.now(UTC))
    with pytest.raises(Refused, match="answered already by Dana Reyes"):
        reviews.answer_review(actor=DANA, request=row.pk, answer="allow", reason="Yes.", at=datetime.now(UTC))
    assert listed.verdict("bets.test", "ben")[0] == "block"


@pytest.mark.clause("V.C.1")
def test_an_accident_is_recorded_with_the_time_of_access_and_of_disclosure(town):
    row = reviews.record_accident(
        ticket=TICKET, words="I mistyped.", address="10.1.2.3", at=FRIDAY + timedelta(minutes=4)
    )
    assert row.asked_at - row.blocked_at == timedelta(minutes=4)
    assert journal.about(f"accident:{row.pk}")[0].clause == "V.C.1"
    assert list(queries.accidents()) == [row]


def test_a_ticket_with_odd_contents_is_kept_as_far_as_it_goes(town):
    row = ask(line="seven", at=FRIDAY, text="x" * 9000, alias=None)
    assert (row.line, len(row.text), row.alias) == (0, 500, "")
