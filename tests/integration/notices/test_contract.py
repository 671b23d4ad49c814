"""What other apps ask of notices and start in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.base.errors import Refused
from homeroom.notices import actions, queries
from homeroom.notices.models import Clock, Letter, Notice
from tests.integration.notices.conftest import DANA, FACTS, NOON, TODAY, approve, hours, parent

pytestmark = pytest.mark.django_db


def test_a_notice_is_owed_only_once_its_words_are_part_of_the_policy(family):
    assert not queries.demanded("users", TODAY)
    approve("users", effective_on=TODAY + timedelta(days=1))
    assert not queries.demanded("users", TODAY)
    assert queries.demanded("users", TODAY + timedelta(days=1))
    assert not queries.demanded("parents", TODAY + timedelta(days=1))


def test_without_approved_words_nothing_is_opened(family):
    with pytest.raises(Refused, match="board"):
        actions.open_notice(actor=DANA, at=NOON, kind="users", about="x", recipients=["ben"], facts={})
    assert not Letter.objects.exists()


def test_a_notice_opened_twice_is_one(words):
    opened = [
        actions.open_notice(actor=DANA, at=NOON, kind="users", about="late:ben", recipients=["ben"], facts={})
        for _ in range(2)
    ]
    assert opened[0] == opened[1] and Notice.objects.count() == 1
    assert [letter.reader_id for letter in Letter.objects.all()] == ["ben"]


def test_told_is_who_got_it_and_not_who_was_sent_it(words):
    actions.open_notice(actor=DANA, at=NOON, kind="users", about="late:ben", recipients=["ben"], facts={})
    assert queries.delivered("users", TODAY) == {}
    Letter.objects.update(state="delivered", delivered_at=hours(1))
    assert queries.delivered("users", TODAY) == {"ben": hours(1)}
    assert queries.delivered("users", TODAY, ["leah"]) == {}
    assert queries.delivered("users", TODAY - timedelta(days=1)) == {}


def test_a_parents_notice_counts_for_the_child(words):
    parent("ben", "olsen")
    actions.open_notice(
        actor=DANA, at=NOON, kind="parents", about="x", recipients=[("rosa", ["ben"]), ("olsen", ["ben"])],
        facts=FACTS["parents"],
    )  # fmt: skip
    Letter.objects.filter(reader="olsen").update(state="delivered", delivered_at=hours(2))
    assert queries.delivered("parents", TODAY, ["ben", "leah"]) == {"ben": hours(2)}


def test_a_missing_fact_is_named_before_anything_goes_out(words):
    with pytest.raises(Refused, match="policy_url"):
        actions.open_notice(
            actor=DANA, at=NOON, kind="parents", about="x", recipients=[("rosa", ["ben"])],
            facts={"alternatives_form": "here"},
        )  # fmt: skip
    assert not Notice.objects.exists()


def test_a_clock_that_is_started_twice_runs_once(town):
    started = [
        actions.start_clock(
            actor=DANA, at=hours(1), rule="device-emergency-notice", about="access:7", since=NOON, owner="dana"
        )
        for _ in range(2)
    ]
    assert started[0] == started[1] and Clock.objects.count() == 1
    assert started[0].due_at == hours(72)


@pytest.mark.parametrize(("recipient", "reader"), [("ben", "ben"), (("rosa", ["ben"]), "rosa")])
def test_a_notice_about_a_device_names_the_student_whoever_reads_it(family, recipient, reader):
    from homeroom.notices import wording

    approve("device-emergency")
    facts = {"accessed_at": "noon", "description": "Located.", "features": "location", "threat": "A threat to life."}
    actions.open_notice(
        actor=DANA,
        at=NOON,
        kind="device-emergency",
        about="access:1",
        recipients=[recipient],
        facts=facts,
        due_at=hours(72),
    )
    letter = Letter.objects.get()
    said = wording.text(letter.content, letter.fields)
    assert letter.reader_id == reader and letter.due_at == hours(72)
    assert "program of Ben Haugen" in said and "A threat to life." in said
