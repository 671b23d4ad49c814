"""XVII.A: forms, guidelines and procedures on their way into the policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import actions, queries
from homeroom.board.models import Addendum
from homeroom.journal import queries as journal

pytestmark = pytest.mark.django_db
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
NOON = datetime(2026, 9, 14, 17, tzinfo=UTC)
TODAY = date(2026, 9, 14)
FORM = "agreements.form:student:3"


def drafted(subject: str = FORM, sha256: str = "a" * 64) -> Addendum:
    return actions.draft_addendum(
        actor=DANA, at=NOON, subject=subject, kind="form", title="Form for students", sha256=sha256
    )


def approved(
    subject: str = FORM, sha256: str = "a" * 64, effective_on: date = TODAY, approved_on: date = TODAY
) -> Addendum:
    row = drafted(subject, sha256)
    actions.submit_addendum(actor=DANA, at=NOON, addendum=row.pk)
    return actions.approve_addendum(
        actor=DANA, at=NOON, addendum=row, approved_on=approved_on, minutes="Item 7", effective_on=effective_on
    )


@pytest.mark.clause("XVII.A.2")
def test_a_form_joins_the_policy_on_its_day_and_not_the_day_before():
    row = approved(effective_on=TODAY + timedelta(days=3))
    assert queries.effective_addendum(FORM, TODAY + timedelta(days=2)) is None
    assert queries.effective_addendum(FORM, TODAY + timedelta(days=3)) == row
    assert queries.standing(row, TODAY) == "approved"
    assert queries.standing(row, TODAY + timedelta(days=3)) == "effective"


@pytest.mark.clause("XVII.A.1")
def test_a_draft_is_kept_once_and_counts_for_nothing():
    first = drafted()
    assert drafted() == first
    assert queries.effective_addendum(FORM, TODAY) is None
    with pytest.raises(Refused, match="is drafted"):
        actions.approve_addendum(
            actor=DANA, at=NOON, addendum=first.pk, approved_on=TODAY, minutes="Item 7", effective_on=TODAY
        )


@pytest.mark.clause("XVII.A.2")
def test_one_changed_word_is_another_addendum():
    old = approved()
    new = drafted(sha256="b" * 64)
    assert new != old
    assert queries.effective_addendum(FORM, TODAY) == old


@pytest.mark.clause("XVII.A.2")
@pytest.mark.parametrize(
    ("approved_on", "minutes", "effective_on", "said"),
    [
        (TODAY + timedelta(days=1), "Item 7", TODAY + timedelta(days=1), "still to come"),
        (TODAY, "  ", TODAY, "minutes"),
        (TODAY, "Item 7", TODAY - timedelta(days=1), "only from the day"),
    ],
)
def test_an_approval_without_minutes_or_out_of_order_is_refused(approved_on, minutes, effective_on, said):
    row = drafted()
    actions.submit_addendum(actor=DANA, at=NOON, addendum=row.pk)
    with pytest.raises(Refused, match=said):
        actions.approve_addendum(
            actor=DANA, at=NOON, addendum=row.pk, approved_on=approved_on, minutes=minutes, effective_on=effective_on
        )
    assert Addendum.objects.get().state == "submitted"


@pytest.mark.clause("XVII.A.2")
def test_the_board_returns_with_a_reason_and_the_same_words_may_come_again():
    row = drafted()
    actions.submit_addendum(actor=DANA, at=NOON, addendum=row.pk)
    with pytest.raises(Refused, match="why"):
        actions.return_addendum(actor=DANA, at=NOON, addendum=row.pk, reason=" ")
    returned = actions.return_addendum(actor=DANA, at=NOON, addendum=row.pk, reason="Say who files it.")
    assert queries.standing(returned, TODAY) == "returned"
    assert drafted() != returned
    with pytest.raises(Refused, match="is returned"):
        actions.submit_addendum(actor=DANA, at=NOON, addendum=row.pk)


def test_numbers_count_up_within_a_year():
    assert [approved(f"x:{n}").number for n in range(3)] == ["2026-1", "2026-2", "2026-3"]
    assert approved("x:9", approved_on=date(2025, 5, 1), effective_on=date(2025, 5, 1)).number == "2025-1"


def test_all_subjects_of_a_kind_are_one_question(django_assert_num_queries):
    forms = [approved(f"agreements.form:student:{n}") for n in range(3)]
    approved("notices.template:users:2")
    with django_assert_num_queries(1):
        found = queries.effective_subjects("agreements.form:", TODAY)
    assert found == {row.subject: row for row in forms}


@pytest.mark.clause("XVII.A.2")
def test_an_ended_addendum_counts_to_its_last_day():
    row = approved()
    actions.end_addendum(actor=DANA, at=NOON, addendum=row.pk, last_day=TODAY, reason="A new form took its place.")
    assert queries.effective_addendum(FORM, TODAY) is not None
    assert queries.effective_addendum(FORM, TODAY + timedelta(days=1)) is None
    with pytest.raises(Refused, match="yesterday"):
        actions.end_addendum(
            actor=DANA, at=NOON, addendum=row.pk, last_day=TODAY - timedelta(days=2), reason="Backwards."
        )


def test_every_step_stands_in_the_journal():
    row = approved()
    assert [entry.verb for entry in journal.about(f"addendum:{row.pk}")][::-1] == [
        "board.addendum.drafted",
        "board.addendum.submitted",
        "board.addendum.approved",
    ]


@pytest.mark.parametrize(("subject", "title", "sha256"), [("", "x", "a" * 64), ("x", " ", "a" * 64), ("x", "x", "abc")])
def test_a_draft_without_subject_title_or_hash_is_refused(subject, title, sha256):
    with pytest.raises(Refused):
        actions.draft_addendum(actor=DANA, at=NOON, subject=subject, kind="form", title=title, sha256=sha256)
    assert not Addendum.objects.exists()
