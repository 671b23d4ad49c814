"""Article VI: students are taught, adults may be let past what is not law, and other means stand where no filter is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.filtering.actions import rules
from homeroom.ledger import actions, clauses, proofs
from homeroom.ledger.models import Proof
from homeroom.people.models import Class, School
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
TODAY = date(2026, 9, 14)
OLSEN = Actor("olsen", "Maja Olsen", frozenset({"teacher"}))
TOPICS = {
    "conduct": clauses.grades_not_taught_conduct,
    "networks": clauses.grades_not_taught_networks,
    "bullying": clauses.grades_not_taught_bullying,
    "use": clauses.grades_without_guidance,
    "subject": clauses.subjects_without_lessons,
}


@pytest.fixture
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path / "home"))
    settings.HOME = tmp_path / "home"


def adopt(from_day: date, alternative: str = "3") -> None:
    words = SMALL.replace("III. FILTER", "VI. FILTER")
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    board.put_in_force(
        actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON, alternative=alternative, minutes="Item 7",
        noticed_on=from_day - timedelta(days=60), hearing_on=from_day - timedelta(days=30),
    )  # fmt: skip


def lesson(day: date = TODAY, topics: tuple[str, ...] = tuple(TOPICS), **more: object) -> Proof:
    said: dict = {"title": "Kind online", "group": Class.objects.get(pk="7b")} | more
    return actions.write_down(actor=OLSEN, at=NOON, kind="lesson", day=day, topics=list(topics), **said)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


class TestTeaching:
    """VI.Alt3.E, II.2, II.3: every grade of every school, each year."""

    @pytest.mark.clause("VI.Alt3.E.1", "II.3")
    def test_the_class_of_that_day_says_who_was_taught(self, town):
        row = lesson()
        assert (row.school_id, row.grades) == ("birch", ["7"])
        assert "ben" in {id for id, _, _ in proofs.roster(row)}
        assert row.students == len(proofs.roster(row)) > 0

    @pytest.mark.clause("VI.Alt3.E.1", "VI.Alt3.E.2", "VI.Alt3.E.3", "II.2", "II.3")
    @pytest.mark.parametrize("topic", TOPICS)
    def test_a_grade_without_a_lesson_is_found_after_a_year_and_not_the_day_before(self, town, topic):
        adopt(TODAY - timedelta(days=366))
        lesson(topics=(topic,))
        late = TOPICS[topic](NOON)
        assert "birch 7" not in late.summary and "cedar 11" in late.summary and late.broken == late.looked_at - 1
        assert TOPICS[topic](noon(TODAY - timedelta(days=1))).broken == 0
        others = [probe for other, probe in TOPICS.items() if other != topic]
        assert all(probe(NOON).broken == late.broken + 1 for probe in others)

    @pytest.mark.clause("VI.Alt3.E.1")
    def test_a_lesson_counts_for_a_year_and_no_longer(self, town):
        adopt(date(2024, 9, 1))
        lesson(day=TODAY - timedelta(days=365))
        assert "birch 7" not in clauses.grades_not_taught_conduct(NOON).summary
        assert "birch 7" in clauses.grades_not_taught_conduct(noon(TODAY + timedelta(days=1))).summary

    @pytest.mark.clause("VI.Alt3.E.2")
    def test_an_assembly_reaches_the_grades_it_was_for(self, town):
        adopt(date(2024, 9, 1))
        actions.write_down(
            actor=SYSTEM, at=NOON, kind="lesson", day=TODAY, title="Assembly", topics=["networks"],
            school=School.objects.get(pk="cedar"), grades=["11"],
        )  # fmt: skip
        summary = clauses.grades_not_taught_networks(NOON).summary
        assert "cedar 11" not in summary and "birch 7" in summary

    @pytest.mark.clause("VI.Alt3.E.3")
    def test_under_another_alternative_the_policy_does_not_ask_for_it(self, town):
        adopt(date(2024, 9, 1), "2")
        assert clauses.grades_not_taught_bullying(NOON).looked_at == 0
        assert clauses.grades_without_guidance(NOON).broken > 0

    @pytest.mark.clause("VI.Alt3.E.1")
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"topics": ()}, "tick at least one"),
            ({"day": TODAY + timedelta(days=1)}, "still to come"),
            ({"title": " "}, "what it was"),
        ],
    )
    def test_what_proves_nothing_is_refused(self, town, change, said):
        with pytest.raises(Refused, match=said):
            lesson(**change)
        assert not Proof.objects.exists()

    @pytest.mark.clause("VI.Alt3.E.1")
    def test_said_twice_it_is_kept_once_and_withdrawn_it_stays_on_file_with_its_reason(self, town):
        adopt(date(2024, 9, 1))
        assert lesson().pk == lesson().pk
        with pytest.raises(Refused, match="why"):
            actions.withdraw_proof(actor=OLSEN, at=NOON, proof=Proof.objects.get().pk, reason=" ")
        actions.withdraw_proof(actor=OLSEN, at=NOON, proof=Proof.objects.get().pk, reason="It was another class.")
        assert "birch 7" in clauses.grades_not_taught_conduct(NOON).summary
        assert Proof.objects.get().withdrawn_why == "It was another class."
        with pytest.raises(Refused, match="already"):
            actions.withdraw_proof(actor=OLSEN, at=NOON, proof=Proof.objects.get().pk, reason="Again.")


class TestOpeningsForAdults:
    """VI.Alt3.D: for an adult, with an end, and above the floor."""

    @pytest.fixture(autouse=True)
    def quiet(self, monkeypatch):
        monkeypatch.setattr("homeroom.filtering.publishing.after_commit", lambda at: None)

    @pytest.mark.clause("VI.Alt3.D")
    def test_one_without_an_end_or_a_day_of_review_is_found(self, town):
        add = {"actor": SYSTEM, "effect": "allow", "scope": "person:olsen", "reason": "A thesis.", "at": NOON}
        rules.add_rule(target="a.test", until=NOON + timedelta(days=2), **add)
        assert clauses.openings_without_end(NOON).broken == 0 < clauses.openings_without_end(NOON).looked_at
        row = rules.add_rule(target="b.test", **add)
        type(row).objects.filter(pk=row.pk).update(until=None, review_on=None)
        assert clauses.openings_without_end(NOON).broken == 1

    @pytest.mark.clause("VI.Alt3.D")
    def test_a_rule_for_a_student_is_no_opening_for_an_adult(self, town):
        rules.add_rule(
            actor=SYSTEM, effect="allow", target="a.test", scope="person:ben", reason="Chess.", at=NOON
        )  # fmt: skip
        assert clauses.openings_without_end(NOON).looked_at == 0

    @pytest.mark.clause("VI.Alt3.D")
    def test_one_elsewhere_says_who_opened_it_for_whom(self, town):
        with pytest.raises(Refused, match="for whom"):
            actions.write_down(actor=SYSTEM, at=NOON, kind="opening", day=TODAY, title="A thesis")


class TestOtherMeans:
    """VI.Alt1.note2: a price is no reason to be without a filter; without one other means do the same."""

    @pytest.mark.clause("VI.Alt1.note2.a", "VI.Alt1.note2.b")
    def test_neither_filter_nor_other_means_is_found_and_means_have_their_days(self, town, home):
        assert clauses.neither_filter_nor_other_means(NOON).looked_at == 0
        adopt(date(2026, 9, 1))
        assert clauses.no_filter_in_force(NOON).broken == clauses.neither_filter_nor_other_means(NOON).broken == 1
        actions.write_down(
            actor=SYSTEM, at=NOON, kind="means", day=date(2026, 9, 10), until=TODAY, title="Supervised laboratory",
            words="A teacher sits behind the screens in each period.",
        )  # fmt: skip
        assert clauses.neither_filter_nor_other_means(NOON).broken == 0
        assert clauses.neither_filter_nor_other_means(noon(TODAY + timedelta(days=1))).broken == 1
        assert clauses.neither_filter_nor_other_means(noon(date(2026, 9, 9))).broken == 1

    @pytest.mark.clause("VI.Alt3.A.1")
    def test_under_alternative_3_somebody_is_named_who_watches(self):
        assert clauses.watching_without_plan(NOON).looked_at == 0
        adopt(date(2026, 9, 1))
        assert clauses.watching_without_plan(NOON).broken == 1
        actions.write_down(
            actor=SYSTEM, at=NOON, kind="means", day=TODAY, title="Who watches", words="Teachers, in each period."
        )
        assert clauses.watching_without_plan(NOON) == clauses.Looked(1, 0)

    @pytest.mark.clause("VI.note1.a")
    def test_without_a_list_no_student_is_shielded(self, home):
        assert clauses.classes_without_entries(NOON).broken == 3
