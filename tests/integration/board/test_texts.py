"""Texts are kept, come into force and follow each other; what is not decided properly does not begin."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions, queries
from homeroom.board.models import AdoptedText
from homeroom.journal.models import Entry
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.compare import compare
from homeroom.people import queries as people
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def load(words: str = SMALL) -> AdoptedText:
    return actions.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)[0]


def begin(text: AdoptedText, from_day: date = OCTOBER, **more: object) -> AdoptedText:
    given = {"alternative": "2"} | more
    return actions.put_in_force(actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON, **given)


def test_a_text_is_kept_clause_by_clause_with_its_lines():
    rows = queries.rows(load())
    assert [row.id for row in rows][:5] == ["I", "II", "II.A", "II.A.1", "II.A.2"]
    assert rows[3].words == "shout, or" and rows[3].lead_in == "Users shall not:" and rows[3].first_line == 11


def test_the_same_file_twice_is_one_text():
    first, new = actions.import_text(actor=SYSTEM, file="a.md", data=SMALL.encode(), at=NOON)
    again, new_again = actions.import_text(actor=SYSTEM, file="b.md", data=SMALL.encode(), at=NOON)
    assert new and not new_again and first == again
    assert Entry.objects.filter(verb="board.text.imported").count() == 1


def test_a_file_without_articles_is_refused():
    with pytest.raises(Refused, match="no article"):
        load("Dear parents, school begins on Monday.")


@pytest.mark.clause("524.title-note")
def test_what_applied_on_any_day_has_an_answer():
    old = begin(load())
    new = begin(load(SMALL.replace("shout", "yell")), NOVEMBER)
    old.refresh_from_db()
    assert queries.in_force(date(2026, 9, 30)) is None
    assert queries.in_force(OCTOBER) == queries.in_force(date(2026, 10, 31)) == old
    assert queries.in_force(NOVEMBER) == new
    assert [queries.state(each, date(2026, 10, 31)) for each in (old, new)] == ["in force", "to come"]
    assert queries.state(old, NOVEMBER) == "over"


def test_a_text_comes_into_force_once_and_never_before_a_later_one():
    text = begin(load(), NOVEMBER)
    with pytest.raises(Refused, match="already"):
        begin(text, date(2026, 12, 1))
    with pytest.raises(Refused, match="choose a day after"):
        begin(load(SMALL + "\n\n"), NOVEMBER)


@pytest.mark.clause("VI.note1.c")
def test_exactly_one_of_the_alternatives_is_chosen():
    text = load()
    for alternative in ("", "4", "Alt"):
        with pytest.raises(Refused, match="say which one the board chose"):
            begin(text, alternative=alternative)
    assert begin(text, alternative="1").alternative == "III.Alt1"


@pytest.mark.clause("VI.Alt3.note.b")
class TestAlternative3:
    """Notice, then a hearing, then the first day; in that order and none left out."""

    MEETING = {"noticed_on": date(2026, 9, 1), "hearing_on": date(2026, 9, 15), "minutes": "Book 7, page 3"}

    @pytest.mark.parametrize("missing", ["noticed_on", "hearing_on", "minutes"])
    def test_it_does_not_begin_without(self, missing: str):
        with pytest.raises(Refused, match="only after public notice and a hearing"):
            begin(load(), alternative="3", **{key: day for key, day in self.MEETING.items() if key != missing})

    @pytest.mark.parametrize("change", [{"hearing_on": OCTOBER}, {"noticed_on": date(2026, 9, 15)}])
    def test_it_does_not_begin_out_of_order(self, change: dict[str, date]):
        with pytest.raises(Refused, match="before the hearing"):
            begin(load(), alternative="3", **self.MEETING | change)

    def test_it_begins_after_notice_and_hearing_and_the_journal_says_so(self):
        text = begin(load(), alternative="3", **self.MEETING)
        assert text.alternative == "III.Alt3"
        entry = Entry.objects.get(verb="board.text.in-force")
        assert entry.reason == "Book 7, page 3" and entry.data["hearing_on"] == "2026-09-15"

    def test_a_text_that_holds_only_the_third_needs_them_too(self):
        alone = load(SMALL.replace("ALTERNATIVE NO. 1\n\nBlock some.\n\nALTERNATIVE NO. 2\n\nBlock more.\n\n", ""))
        with pytest.raises(Refused, match="only after public notice"):
            begin(alone, alternative="")


def test_an_amendment_shows_its_clauses_and_what_to_reread():
    before = queries.rows(load())
    after = queries.rows(load(SMALL.replace("shall not", "may not").replace("2. run.", "2. run.\n - 3. sleep.")))
    found = compare(before, after, TITLES)
    assert [(each.id, each.kind) for each in found.changes] == [
        ("II.A", "words"), ("II.A.1", "lead-in"), ("II.A.2", "lead-in"), ("II.A.3", "added"),
    ]  # fmt: skip
    # The model's duties stand in Article II itself; whatever is new below it is theirs to be read again.
    assert found.reread == ("II.1", "II.2", "II.3")
    gone = compare(before, [row for row in before if row.id != "II"], TITLES)
    assert [each.kind for each in gone.changes] == ["removed"] and "II.1" in gone.reread


def test_the_made_up_district_adopts_a_text_once(tmp_path):
    from homeroom.site import demo_policy

    path, said = tmp_path / "policy.md", []
    path.write_text(SMALL, encoding="utf-8")
    for _ in range(2):
        demo_policy.adopt(path, at=NOON, say=said.append)
    text = AdoptedText.objects.get()
    assert text.from_day == NOON.date() and text.alternative == "III.Alt3"
    assert said == [f"{text} is in force."] * 2


@pytest.mark.clause("524.title-note", "XVII.C")
def test_an_older_text_with_fewer_articles_is_told_where_its_clauses_are_looked_for():
    words = SMALL.replace("III. FILTER", "VI. FILTER") + "\nXIII. IMPLEMENTATION; POLICY REVIEW\n\nD. Each year.\n"
    text = load(words)
    said = [each["sentence"] for each in text.findings if "By its title" in each["sentence"]]
    assert len(said) == 1 and "article XIII is the one" in said[0] and "under XVII." in said[0]
    assert not [each for each in load(words.replace("XIII.", "XVII.")).findings if "By its title" in each["sentence"]]


def test_a_filter_article_of_another_name_is_asked_for_its_alternative_too():
    words = "VI. INTERNET SAFETY\n\n- A. Pictures that are obscene are blocked.\n\nVII. NEXT\n\nNothing obscene.\n"
    assert queries.to_choose(load(words)) == ["VI.Alt1", "VI.Alt2", "VI.Alt3"]
    assert queries.to_choose(load(words.replace("Pictures that are obscene", "Many things"))) == []


@pytest.mark.clause("VI.note1.c")
def test_a_first_day_that_has_not_come_is_taken_back_and_the_text_before_goes_on():
    today = people.today(NOON)
    soon, later, far = (today + timedelta(days=days) for days in (1, 30, 3650))
    old = begin(load(), today)
    mistaken = begin(load(SMALL.replace("shout", "yell")), far)
    with pytest.raises(Refused, match=r"choose a day after that"):
        begin(load(SMALL.replace("shout", "cry")), later)
    with pytest.raises(Refused, match=rf"has its first day already: {far}"):
        begin(mistaken, later)
    actions.take_day_back(actor=SYSTEM, text=mistaken.pk, reason="A slip in the year.", at=NOON)
    mistaken.refresh_from_db()
    old.refresh_from_db()
    assert (queries.state(mistaken, today), old.until_day) == ("draft", None)
    first, second = begin(load(SMALL.replace("shout", "cry")), soon), begin(mistaken, later)
    actions.take_day_back(actor=SYSTEM, text=first.pk, reason="Put off.", at=NOON)
    assert queries.in_force(later - timedelta(days=1)) == old and queries.in_force(later) == second
    assert Entry.objects.filter(verb="board.text.day-taken-back", clause="VI.note1.c").count() == 2


@pytest.mark.clause("VI.note1.c")
@pytest.mark.parametrize("reason", ["", "It was not meant so."])
def test_what_has_begun_is_not_taken_back(reason):
    old = begin(load(), people.today(NOON))
    with pytest.raises(Refused, match="has not begun" if reason else "Say why"):
        actions.take_day_back(actor=SYSTEM, text=old.pk, reason=reason, at=NOON)
    assert queries.in_force(people.today(NOON)) == old
