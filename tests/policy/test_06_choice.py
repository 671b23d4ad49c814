"""Article VI, its notes: which alternative the board may choose, and what the money sought asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions, clauses, queries
from homeroom.board.models import AdoptedText, PlacedClause
from homeroom.journal.models import Entry
from homeroom.people import queries as people
from tests.town import NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 14)
POLICY = """
504 THE POLICY OF A MADE-UP TOWN ON COMPUTERS

V. USES

A. Nobody shall:

6. give away the address of another person, or other personal information of a student.

[NOTE: The board may add one or more of these.]

a. Employees may be named.

b. Pages may show more.

7. enter a system by unauthorized access, or do any illegal act.

VI. FILTER

ALTERNATIVE NO. 1

Students are shielded.

ALTERNATIVE NO. 2

A. All computers have a filter.

ALTERNATIVE NO. 3

A. The district will monitor what minors and adults do online and will filter pictures that are:

1. Obscene;

2. Child pornography; or

3. Harmful to minors.

B. Harmful to minors means a picture that:

1. appeals to a prurient interest; or

2. is patently offensive; and

3. lacks value.

C. Students learn in class how to behave in a chat room and what to do about cyberbullying; teachers instruct them.
"""


def draft(words: str = POLICY) -> AdoptedText:
    return actions.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)[0]


def seek(**money: bool) -> None:
    said = {"state_aid": False, "erate_access": False, "federal_other": False} | money
    actions.answer_funding(actor=SYSTEM, at=NOON, **said)


def adopt(alternative: str, reason: str = "It serves our mission.", **more: object) -> AdoptedText:
    text = draft()
    actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative=alternative, reason=reason, **more)
    return actions.put_in_force(
        actor=SYSTEM, text=text.pk, from_day=TODAY, at=NOON, noticed_on=date(2026, 7, 1),
        hearing_on=date(2026, 8, 1), minutes="Item 7",
    )  # fmt: skip


def points(text: AdoptedText) -> set[str]:
    return {each.id for each in queries.points(text, TODAY)}


@pytest.mark.clause("VI.note1.b", "VI.Alt3.note.c")
@pytest.mark.parametrize(
    ("money", "alternative"),
    [({}, "1"), ({"state_aid": True}, "2"), ({"erate_access": True}, "3"), ({"federal_other": True}, "3"),
     ({"state_aid": True, "erate_access": True}, "3")],
)  # fmt: skip
def test_the_money_sought_recommends_an_alternative(money, alternative):
    seek(**money)
    assert queries.recommended(queries.funding(TODAY)) == alternative
    assert queries.funding(TODAY - timedelta(days=1)) is None


@pytest.mark.clause("VI.note1.b", "VI.Alt3.note.c")
def test_a_text_in_force_without_a_word_about_money_is_found():
    adopt("3")
    assert clauses.money_unanswered(NOON).broken == 1
    seek(erate_access=True)
    assert (clauses.money_unanswered(NOON).looked_at, clauses.money_unanswered(NOON).broken) == (1, 0)


@pytest.mark.clause("VI.Alt1.note1", "VI.Alt2.note")
@pytest.mark.parametrize(("money", "chosen", "broken"), [("erate_access", "1", 1), ("erate_access", "2", 1),
                                                        ("state_aid", "1", 1), ("state_aid", "2", 0)])  # fmt: skip
def test_an_alternative_weaker_than_the_money_asks_for_is_a_breach(money, chosen, broken):
    seek(**{money: True})
    text = adopt(chosen)
    assert clauses.alternatives_too_weak(NOON).broken == broken
    assert ("funding" in points(text)) is bool(broken)


@pytest.mark.clause("VI.note-last")
def test_a_stricter_alternative_is_the_boards_choice_with_a_reason():
    seek()
    text = adopt("3")
    assert "stricter" in points(text)
    assert clauses.stricter_without_reason(NOON) == clauses.Looked(1, 0)
    AdoptedText.objects.update(reason="")
    assert clauses.stricter_without_reason(NOON) == clauses.Looked(1, 1)


@pytest.mark.clause("VI.note-last")
@pytest.mark.parametrize(("money", "chosen"), [("erate_access", "1"), ("erate_access", "2"), ("state_aid", "3"),
                                                ("", "2")])  # fmt: skip
def test_what_the_board_should_know_is_said_in_its_language(chosen, money):
    seek(**({money: True} if money else {}))
    text = adopt(chosen)
    english = {each.id: each.sentence for each in queries.points(text, TODAY)}
    with translation.override("es"):
        spanish = {each.id: each.sentence for each in queries.points(text, TODAY)}
    assert english and list(english) == list(spanish)
    assert not {id for id in english if english[id][:20] == spanish[id][:20] or english[id][-12:] == spanish[id][-12:]}


@pytest.mark.clause("VI.note2", "VI.Alt1.note1")
def test_alternative_1_is_told_to_lag_behind_the_statute():
    assert "T1" in points(adopt("1"))
    assert "T1" not in points(draft(POLICY + "\nXVII. END\n"))


@pytest.mark.clause("VI.Alt3.B.1-3")
def test_a_definition_that_says_or_is_held_against_the_federal_one():
    text = adopt("3")
    assert "T2" in points(text)
    mended = draft(POLICY.replace("interest; or", "interest; and"))
    assert "T2" not in points(mended)
    assert clauses.definition_other_than_federal(NOON) == clauses.Looked(1, 0)
    actions.set_parameter(
        actor=SYSTEM, at=NOON, name="harmful-limbs", value=2, from_day=TODAY, reason="As printed.", source="The text"
    )
    assert clauses.definition_other_than_federal(NOON) == clauses.Looked(1, 1)


@pytest.mark.clause("VI.Alt3.A.1")
def test_watching_over_adults_is_the_boards_visible_choice():
    text = adopt("3", adult_monitoring=False)
    assert "T19" in points(text)
    assert queries.adult_monitoring(TODAY) is False
    AdoptedText.objects.update(adult_monitoring=True)
    assert queries.adult_monitoring(TODAY) is True
    assert queries.adult_monitoring(TODAY - timedelta(days=1)) is False


@pytest.mark.clause("VI.Alt3.note.a")
def test_the_ten_elements_are_found_and_one_that_is_gone_is_missed():
    assert [each.id for each in queries.elements(adopt("3")) if not each.there] == []
    assert clauses.elements_missing(NOON) == clauses.Looked(10, 0)
    silent = draft(POLICY.replace("cyberbullying", "manners"))
    assert [each.id for each in queries.elements(silent) if not each.there] == ["education", "meeting"]


@pytest.mark.clause("VI.Alt3.note.a")
def test_what_another_alternative_says_does_not_count():
    text = adopt("2")
    assert "monitoring" in [each.id for each in queries.elements(text) if not each.there]


@pytest.mark.clause("V.A.6.note", "II.1")
def test_the_options_are_switches_that_other_parts_ask():
    text = adopt("3", options=["V.A.6.a"])
    assert queries.options(TODAY) == {"a"}
    assert queries.options(TODAY - timedelta(days=1)) == frozenset()
    assert clauses.chosen_without_reason(NOON) == clauses.Looked(1, 0)
    with pytest.raises(Refused, match="only a draft"):
        actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="2", reason="Too late.")


@pytest.mark.clause("V.A.6.note", "II.1")
def test_a_choice_without_reason_or_of_what_is_not_offered_is_refused():
    text = draft()
    with pytest.raises(Refused, match="mission"):
        actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="3", reason=" ")
    with pytest.raises(Refused, match=r"V\.A\.6\.c"):
        actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="3", reason="Why.", options=["V.A.6.c"])
    with pytest.raises(Refused, match="say which one"):
        actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="4", reason="Why.")


@pytest.mark.clause("VI.Alt3.note.b")
def test_notice_and_hearing_are_written_down_in_their_order():
    text, today = draft(), people.today(NOON)
    with pytest.raises(Refused, match="to come"):
        actions.publish_notice(
            actor=SYSTEM, at=NOON, text=text.pk, noticed_on=today + timedelta(days=1), notice_where="Herald"
        )
    actions.publish_notice(actor=SYSTEM, at=NOON, text=text.pk, noticed_on=today, notice_where="Herald")
    with pytest.raises(Refused, match="comes after it"):
        actions.hold_hearing(actor=SYSTEM, at=NOON, text=text.pk, hearing_on=today, minutes="Item 7")


class TestATextWrittenAfterTheChoice:
    """Most districts strike the heading and the other two alternatives; what is left does not say which one it is."""

    AFTER = POLICY[: POLICY.index("ALTERNATIVE NO. 1")] + POLICY[POLICY.index("ALTERNATIVE NO. 3") :].replace(
        "ALTERNATIVE NO. 3", ""
    )

    def test_the_import_says_so_and_nothing_is_guessed(self):
        text = draft(self.AFTER)
        assert queries.to_choose(text) == ["VI.Alt1", "VI.Alt2", "VI.Alt3"] and queries.number(text) == ""
        assert [each for each in text.findings if "offers no alternatives" in each["sentence"]]
        assert not [each for each in draft().findings if "offers no alternatives" in each["sentence"]]

    @pytest.mark.clause("VI.note1.c", "VI.Alt3.note.b")
    def test_it_cannot_begin_before_somebody_says_which_it_is_and_the_third_needs_its_meeting(self):
        text = draft(self.AFTER)
        begin = {"actor": SYSTEM, "text": text.pk, "from_day": TODAY, "at": NOON}
        with pytest.raises(Refused, match="does not say which of the three"):
            actions.put_in_force(**begin)
        with pytest.raises(Refused, match="only after public notice"):
            actions.put_in_force(**begin, alternative="3")
        assert queries.rows(text)[-1].id.startswith("VI.") and queries.in_force(TODAY) is None

    @pytest.mark.clause("VI.note1.c")
    def test_its_clauses_are_found_where_the_duties_look_for_them(self):
        text = draft(self.AFTER)
        for number in ("2", "3"):
            actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative=number, reason="E-Rate serves our mission.")
        ids = [row.id for row in queries.rows(text)]
        assert "VI.Alt3.B.1" in ids and not [id for id in ids if id.startswith(("VI.A.", "VI.Alt2"))]
        text.refresh_from_db()
        assert (queries.number(text), "T2" in points(text)) == ("3", True)
        assert "VI.Alt3.B.1" in {row.id for row in queries.rows(text)}

    def test_a_text_that_kept_the_heading_of_the_third_alone_is_looked_at_for_its_meeting(self):
        alone = POLICY[: POLICY.index("ALTERNATIVE NO. 1")] + POLICY[POLICY.index("ALTERNATIVE NO. 3") :]
        text = draft(alone)
        actions.put_in_force(
            actor=SYSTEM, text=text.pk, from_day=TODAY, at=NOON, noticed_on=date(2026, 7, 1),
            hearing_on=date(2026, 8, 1), minutes="Item 7",
        )  # fmt: skip
        assert clauses.begun_without_meeting(NOON) == clauses.Looked(1, 0)
        AdoptedText.objects.update(minutes="")
        assert clauses.begun_without_meeting(NOON) == clauses.Looked(1, 1)


# The public heard these very words


@pytest.fixture
def heard(town):
    """Alternative 3, told and heard."""
    text = draft()
    said = {"actor": SYSTEM, "at": NOON, "text": text.pk}
    actions.choose(alternative="3", reason="It serves the mission.", **said)
    actions.publish_notice(noticed_on=date(2026, 8, 1), notice_where="Lake Herald", **said)
    actions.hold_hearing(hearing_on=date(2026, 9, 1), minutes="Item 7", **said)
    return AdoptedText.objects.get(pk=text.pk)


def change_one_word(text, **more):
    clause = PlacedClause.objects.filter(text=text).exclude(words="").first()
    actions.correct_clause(
        actor=SYSTEM, at=NOON, text=text.pk, place=clause.place, id=clause.clause, words=f"{clause.words} quickly",
        title=clause.title, closing=clause.closing, optional=clause.optional,
    )  # fmt: skip


@pytest.mark.clause("VI.Alt3.note.b")
def test_what_the_public_heard_is_not_changed_afterwards(heard):
    place = PlacedClause.objects.filter(text=heard).last().place
    for change in (
        lambda: change_one_word(heard),
        lambda: actions.add_clause(actor=SYSTEM, at=NOON, text=heard.pk, after=place, id="VI.Z", words="And more."),
        lambda: actions.remove_clause(actor=SYSTEM, at=NOON, text=heard.pk, place=place, reason="Not needed."),
        lambda: actions.choose(actor=SYSTEM, at=NOON, text=heard.pk, alternative="2", reason="Less strict."),
        lambda: actions.put_in_force(actor=SYSTEM, at=NOON, text=heard.pk, from_day=TODAY, alternative="2"),
    ):
        with pytest.raises(Refused, match="told of these very words"):
            change()
    assert actions.put_in_force(actor=SYSTEM, at=NOON, text=heard.pk, from_day=TODAY).from_day == TODAY


@pytest.mark.clause("VI.Alt3.note.b")
def test_also_between_notice_and_hearing(town):
    text = draft()
    actions.publish_notice(actor=SYSTEM, at=NOON, text=text.pk, noticed_on=date(2026, 8, 1), notice_where="Lake Herald")
    with pytest.raises(Refused, match="new notice"):
        change_one_word(text)


@pytest.mark.clause("VI.Alt3.note.b")
def test_a_word_that_was_changed_behind_the_back_of_the_record_stops_it(heard):
    PlacedClause.objects.filter(text=heard, place=1).update(words="something else")
    with pytest.raises(Refused, match="not those of which the public was told"):
        actions.put_in_force(actor=SYSTEM, at=NOON, text=heard.pk, from_day=TODAY)


@pytest.mark.clause("VI.Alt3.note.b")
def test_a_change_is_said_openly_and_asks_for_a_new_notice_and_hearing(heard):
    with pytest.raises(Refused, match="Say in a sentence"):
        actions.open_words_again(actor=SYSTEM, at=NOON, text=heard.pk, reason="")
    actions.open_words_again(actor=SYSTEM, at=NOON, text=heard.pk, reason="Parents asked for clearer words.")
    change_one_word(heard)
    with pytest.raises(Refused, match="public notice and a hearing"):
        actions.put_in_force(actor=SYSTEM, at=NOON, text=heard.pk, from_day=TODAY)
    entry = Entry.objects.get(verb="board.text.opened-again")
    assert entry.data["hearing_on"] == "2026-09-01" and len(entry.data["heard_sha256"]) == 64

    def test_an_amendment_without_the_headings_is_asked_once_and_not_called_renumbered(self):
        adopt("3")
        text = draft(self.AFTER)
        assert [each["sentence"][:29] for each in text.findings] == ["Article VI offers no alternat"]
        actions.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="3", reason="As before.")
        before = queries.in_force(TODAY)
        assert not [each for each in queries.comparison(before, text).changes if each.kind != "removed"]
