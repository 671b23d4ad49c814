"""Article XVII: notices after a change, and the board's yearly review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions, clauses, queries
from homeroom.board.models import Addendum, AdoptedText, Source
from homeroom.devices.actions import telling
from homeroom.devices.models import TellDuty
from homeroom.notices.actions import clocks as notices
from homeroom.notices.models import Clock
from tests.policy.devices_at_lake import OKAFOR, put_off, threat
from tests.town import NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 14)
DAY = timedelta(days=1)
POLICY = """
504 THE POLICY OF A MADE-UP TOWN ON COMPUTERS

XI. NOTICES TO USERS

B. The notice says:

3. what is private, and what is not.

XII. PARENTS

B. Parents are told how to ask.

Legal References: Minn. Stat. 13.32 (Educational Data)

Cross References: Made-up Policy 514 (Bullying)
"""


def begin(words: str, from_day: date) -> AdoptedText:
    text, _ = actions.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    return actions.put_in_force(actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON)


def approve(subject: str, kind: str, on: date, sha256: str = "a" * 64) -> Addendum:
    row = actions.draft_addendum(actor=SYSTEM, at=NOON, subject=subject, kind=kind, title=subject, sha256=sha256)
    actions.submit_addendum(actor=SYSTEM, at=NOON, addendum=row.pk)
    return actions.approve_addendum(
        actor=SYSTEM, at=NOON, addendum=row.pk, approved_on=on, minutes="Item 3", effective_on=on
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


class TestNoticesAfterAChange:
    """XVII.B: revise what a new guideline or text touches."""

    @pytest.mark.clause("XVII.B")
    def test_only_the_notice_that_stands_on_what_changed_is_read_again(self):
        begin(POLICY, TODAY - 100 * DAY)
        users = approve("notices.template:users:1", "notice", TODAY - 50 * DAY)
        approve("notices.template:parents:1", "notice", TODAY - 50 * DAY)
        assert queries.unread(TODAY) == []
        text = begin(POLICY.replace("private", "secret"), TODAY - 10 * DAY)
        assert [(each.change, each.addendum) for each in queries.unread(TODAY)] == [(f"text:{text.pk}", users)]

    @pytest.mark.clause("XVII.B")
    def test_it_is_a_breach_after_thirty_days_and_not_on_the_thirtieth(self):
        begin(POLICY, TODAY - 100 * DAY)
        approve("notices.template:users:1", "notice", TODAY - 50 * DAY)
        begin(POLICY.replace("private", "secret"), TODAY)
        assert clauses.notices_not_reread(noon(TODAY + 30 * DAY)).broken == 0
        assert clauses.notices_not_reread(noon(TODAY + 31 * DAY)).broken == 1

    @pytest.mark.clause("XVII.B")
    def test_who_read_it_again_says_whether_it_fits(self):
        row = approve("notices.template:users:1", "notice", TODAY - 50 * DAY)
        guideline = approve("guideline:Loans", "guideline", TODAY)
        change = f"addendum:{guideline.pk}"
        assert [each.addendum for each in queries.unread(TODAY)] == [row]
        with pytest.raises(Refused, match="revised"):
            actions.reread(actor=SYSTEM, at=NOON, change=change, what=f"addendum:{row.pk}", fits=False)
        actions.reread(actor=SYSTEM, at=NOON, change=change, what=f"addendum:{row.pk}", fits=True)
        assert queries.unread(TODAY) == []

    @pytest.mark.clause("XVII.B")
    def test_a_new_version_of_the_notice_answers_for_the_old_one(self):
        approve("notices.template:users:1", "notice", TODAY - 50 * DAY)
        approve("guideline:Loans", "guideline", TODAY - 5 * DAY)
        approve("notices.template:users:2", "notice", TODAY - DAY, "b" * 64)
        assert queries.unread(TODAY) == []


class TestYearlyReview:
    """XVII.D: the board looks at the policy once a year."""

    @pytest.mark.clause("XVII.D")
    def test_the_clock_runs_from_the_first_text_and_is_late_the_day_after(self):
        begin(POLICY, TODAY)
        due = queries.review_clock(TODAY).due
        assert due == date(2027, 9, 14)
        assert clauses.reviews_late(noon(due)).broken == 0
        assert clauses.reviews_late(noon(due + DAY)).broken == 1

    @pytest.mark.clause("XVII.D")
    def test_without_a_text_there_is_nothing_to_review(self):
        assert queries.review_clock(TODAY) is None
        assert clauses.reviews_late(NOON) == clauses.Looked(0)

    @pytest.mark.clause("XVII.D")
    def test_an_amendment_on_the_day_of_the_review(self):
        begin(POLICY, TODAY - 300 * DAY)
        review = actions.open_review(actor=SYSTEM, at=NOON)
        new = begin(POLICY.replace("private", "secret"), TODAY)
        actions.close_review(
            actor=SYSTEM, at=NOON, review=review.pk, held_on=TODAY, outcome="amended", minutes="Item 9"
        )
        assert queries.in_force(TODAY) == new
        assert queries.review_clock(TODAY).begun == TODAY
        assert queries.review_clock(TODAY - DAY).begun == TODAY - 300 * DAY

    @pytest.mark.clause("XVII.D")
    def test_a_review_without_minutes_or_before_it_was_held_is_refused(self):
        review = actions.open_review(actor=SYSTEM, at=NOON)
        for held_on, minutes in ((TODAY, " "), (TODAY + DAY, "Item 9")):
            with pytest.raises(Refused):
                actions.close_review(
                    actor=SYSTEM, at=NOON, review=review.pk, held_on=held_on, outcome="reaffirmed", minutes=minutes
                )
        assert queries.open_review() == review

    @pytest.mark.clause("XVII.D")
    def test_a_review_closed_by_somebody_else_is_not_closed_twice(self):
        review = actions.open_review(actor=SYSTEM, at=NOON)
        said = {"review": review.pk, "held_on": TODAY, "outcome": "reaffirmed", "minutes": "Item 9"}
        actions.close_review(actor=SYSTEM, at=NOON, **said)
        with pytest.raises(Refused, match="not open any more"):
            actions.close_review(actor=SYSTEM, at=NOON, **said)


class TestSources:
    """REF: what the text refers to is looked at once a year."""

    @pytest.mark.clause("REF.legal", "VII")
    def test_what_a_text_refers_to_is_on_a_register_and_waits_to_be_looked_at(self):
        begin(POLICY, TODAY)
        assert {row.kind for row in Source.objects.all()} == {"law", "policy"}
        assert clauses.laws_unchecked(NOON) == clauses.policies_unchecked(NOON) == clauses.Looked(1, 1)
        for row in Source.objects.all():
            actions.check_source(actor=SYSTEM, at=NOON, source=row.pk, place="", note="")
        assert clauses.laws_unchecked(NOON) == clauses.policies_unchecked(NOON) == clauses.Looked(1, 0)
        assert clauses.laws_unchecked(NOON + 400 * DAY).broken == 1


class TestNumbers:
    """A number of the law has a day from which it holds."""

    @pytest.mark.clause("XVII.D")
    def test_what_applied_in_november(self):
        actions.set_parameter(
            actor=SYSTEM, at=NOON, name="policy-review", value=6, from_day=date(2026, 12, 1),
            reason="The law changed.", source="Laws 2026",
        )  # fmt: skip
        assert queries.parameter("policy-review", date(2026, 11, 15)) == 12
        assert queries.parameter("policy-review", date(2026, 12, 1)) == 6
        begin(POLICY, TODAY)
        assert queries.review_clock(date(2026, 11, 15)).due == date(2027, 9, 14)
        assert queries.review_clock(date(2026, 12, 1)).due == date(2027, 3, 14)

    @pytest.mark.clause("XVII.D", "XIV.D.1")
    def test_the_clocks_run_by_the_number_of_the_day_on_which_they_began(self, town):
        december = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
        november, hours = december - DAY, {"device-emergency-notice": 48, "device-deferral-review": 12}
        for name, value in hours.items():
            actions.set_parameter(
                actor=SYSTEM, at=NOON, name=name, value=value, from_day=december.date(), reason="We are quicker.",
                source="Minutes of September 14, item 4",
            )  # fmt: skip
        for key, at, length in (("november", november, 72), ("december", december, 48)):
            wanted = threat(at)
            _, duty = telling.record_emergency(actor=OKAFOR, wanted=wanted, key=key, first_access=at, at=at)
            assert duty.due_at == at + timedelta(hours=length)
            shown = Clock.objects.get(about=f"device-access:{duty.access_id}")
            assert shown.due_at == duty.due_at, "the list of clocks says the same"
            later = put_off(duty.access_id, at + timedelta(hours=1))
            assert later.review_by - later.deferred_at == timedelta(hours=24 if key == "november" else 12)
        assert TellDuty.objects.get(access__key="november").due_at == november + timedelta(hours=72), (
            "it keeps its time"
        )

    @pytest.mark.clause("XVII.D")
    def test_a_clock_that_any_part_starts_goes_by_the_boards_number(self):
        actions.set_parameter(
            actor=SYSTEM, at=NOON, name="data-request", value=5, from_day=TODAY, reason="Quicker.", source="Item 4"
        )
        clock = notices.start_clock(actor=SYSTEM, at=NOON, rule="data-request", about="data-request:1", since=NOON)
        assert clock.due_at.date() < (NOON + 10 * DAY).date()

    @pytest.mark.clause("XVII.D")
    @pytest.mark.parametrize(
        ("name", "value", "day", "sentence"),
        [
            ("device-emergency-notice", 73, TODAY, "at most 72 hours"),
            ("erate-records", 119, TODAY, "at least 120 months"),
            ("data-request", 5, TODAY - DAY, "today on or later"),
            ("phone-policy", 5, TODAY, "no length to set"),
        ],
    )
    def test_a_clock_gets_no_more_time_than_the_law_and_none_backwards(self, name, value, day, sentence):
        with pytest.raises(Refused, match=sentence):
            actions.set_parameter(
                actor=SYSTEM, at=NOON, name=name, value=value, from_day=day, reason="We need it.", source="Item 4"
            )

    @pytest.mark.clause("XVI.1")
    def test_a_bill_is_kept_ready_and_counts_only_from_its_day(self):
        from homeroom.board.parameters import by_name

        ready = by_name()["screen-rule"].pending[0]
        assert queries.parameter("screen-rule", TODAY) != ready.value
        actions.set_parameter(
            actor=SYSTEM, at=NOON, name="screen-rule", value=ready.value, from_day=TODAY + DAY,
            reason="It became law.", source=ready.source,
        )  # fmt: skip
        assert queries.parameter("screen-rule", TODAY) != ready.value
        assert queries.parameter("screen-rule", TODAY + DAY) == ready.value

    def test_every_number_has_a_source_and_a_mark_and_cites_a_clause_that_exists(self):
        from homeroom.board.parameters import by_name, table
        from homeroom.kernel.clauses import TITLES

        assert len(by_name()) == len(table()) > 40
        for row in table():
            assert row.about and row.clause in TITLES, row.name
            for each in (*row.values, *row.pending):
                assert each.source and each.mark in "SLMD", row.name
