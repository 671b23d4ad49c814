"""From the lines of a policy to its clauses: every place found, every oddity said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.policytext.clauses import PolicyText
from homeroom.kernel.policytext.read import read_policy

SHARED = Path(__file__).resolve().parents[4] / "shared"

SMALL = """
524 THE SMALL POLICY OF A MADE-UP TOWN

[NOTE: Only for drafters.]

I. PURPOSE

To be short.

II. USES

- A. Users shall not:
 - 1. shout, or
2. run
indoors.
- a. This paragraph is about corridors and goes

on after a page break.
 - (1) even small marks count.

A paragraph below a list.

- B. Users may ~~never~~ sing.

III. FILTER

[NOTE: Select one.]

ALTERNATIVE NO. 1

Block some.

ALTERNATIVE NO. 2

- A. Block more.
- B. Tell why.

Legal References: Town Code 1
Town Code 2
"""


@pytest.fixture(scope="module")
def small() -> PolicyText:
    return read_policy(SMALL.splitlines())


def test_each_place_gets_its_id(small: PolicyText) -> None:
    ids = [clause.id for clause in small]
    assert ids == ["I", "II", "II.A", "II.A.1", "II.A.2", "II.A.2.a", "II.A.2.a(1)", "II.B",
                   "III", "III.Alt1", "III.Alt2", "III.Alt2.A", "III.Alt2.B"]  # fmt: skip
    assert small.alternatives == {"III": ["III.Alt1", "III.Alt2"]}
    assert not small.findings and not small.unplaced


def words(text: PolicyText, id: str) -> str:
    clause = text.find(id)
    assert clause is not None
    return clause.words


def test_a_sentence_cut_by_a_page_is_whole_again(small: PolicyText) -> None:
    assert words(small, "II.A.2.a") == "This paragraph is about corridors and goes on after a page break."
    assert words(small, "II.A.2") == "run indoors."


def test_a_paragraph_below_a_list_belongs_to_what_the_list_hangs_on(small: PolicyText) -> None:
    clause = small.find("II.A.2.a")
    assert clause is not None and clause.closing == "A paragraph below a list."


def test_struck_out_words_are_kept_apart(small: PolicyText) -> None:
    clause = small.find("II.B")
    assert clause is not None and clause.words == "Users may sing." and clause.struck == ("never",)


def test_notes_and_references_are_no_policy_text(small: PolicyText) -> None:
    assert [(note.text, note.after) for note in small.notes] == [
        ("NOTE: Only for drafters.", ""), ("NOTE: Select one.", "III"),
    ]  # fmt: skip
    assert [words for _, words in small.references] == ["Town Code 1", "Town Code 2"]


def test_the_lead_in_is_what_stands_above(small: PolicyText) -> None:
    assert small.lead_in("II.A.1") == "Users shall not:"


def test_a_changed_word_or_lead_in_changes_the_fingerprint_and_nothing_else_does(small: PolicyText) -> None:
    other = read_policy(SMALL.replace("shall not", "should not").replace("To be  short", "To be short").splitlines())
    changed = {clause.id for clause in small if small.fingerprint(clause.id) != other.fingerprint(clause.id)}
    assert changed == {"II.A", "II.A.1", "II.A.2", "II.A.2.a", "II.A.2.a(1)"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("II. USES", "IV. USES"), "IV is number 4 of its row, but 2 was expected"),
        (("- B. Users", "- C. Users"), "II.C is number 3 of its row, but 2 was expected"),
        (("III. FILTER", "I. FILTER"), "I stands in the text twice"),
        (("[NOTE: Select one.]", "[NOTE: Select one."), "never closes"),
        (("[NOTE: Select one.]", "[NOTE: Select one.]\n\nOr two.]"), "never opened"),
    ],
)
def test_what_is_odd_is_said_with_its_line(change: tuple[str, str], sentence: str) -> None:
    text = read_policy(SMALL.replace(*change).splitlines())
    assert any(sentence in finding.sentence for finding in text.findings)


def test_words_before_the_first_article_are_unplaced() -> None:
    text = read_policy(["Adopted: ____", "I. PURPOSE", "Words."])
    assert text.unplaced == [(1, "Adopted: ____")]


@given(st.text())
def test_any_text_is_read_without_a_crash_and_no_line_is_lost(text: str) -> None:
    read = read_policy(text.splitlines())
    for clause in read:
        assert read.fingerprint(clause.id)


@pytest.fixture(scope="module")
def real() -> PolicyText:
    path = SHARED / "policy" / "msba-524.txt"
    if not path.exists():
        pytest.skip("The model policy's text is not beside this checkout.")
    return read_policy(path.read_text(encoding="utf-8").splitlines())


class TestTheRealText:
    """The model policy with all its scars."""

    def test_all_seventeen_articles_stand_in_order(self, real: PolicyText) -> None:
        ids = " ".join(article.id for article in real.articles)
        assert ids == "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII"
        assert real.alternatives == {"VI": ["VI.Alt1", "VI.Alt2", "VI.Alt3"]}
        assert not real.unplaced
        assert [finding.line for finding in real.findings] == [197]

    def test_every_duty_of_the_specification_has_its_place(self, real: PolicyText) -> None:
        duties = (SHARED / "spec" / "obligations.md").read_text(encoding="utf-8")
        ids = {clause.id for clause in real}
        cited = re.findall(
            r"^\| ((?:XVII|XVI|XV|XIV|XIII|XII|XI|X|IX|VIII|VII|VI|V|IV|III|II|I)\b[^| ]*)", duties, re.M
        )
        missing = [each for each in cited if not any(_place(each, id) for id in ids)]
        assert len(cited) > 150 and missing == []

    def test_the_options_of_the_sixth_use_are_marked(self, real: PolicyText) -> None:
        assert [clause.id for clause in real if clause.optional] == ["V.A.6.a", "V.A.6.b", "V.A.6.c"]

    def test_words_that_end_a_sentence_came_in_whole(self, real: PolicyText) -> None:
        cut = [clause.id for clause in real if clause.words and clause.words[-1] not in ".;:,rd"]
        assert cut == []


def _place(duty: str, id: str) -> bool:
    """Whether a duty's id lies at or below a place of the text; a note's lies at the place it follows."""
    bare = re.sub(r"\.(?:title-)?note.*$", "", duty)
    return bare == id or (bare.startswith(id) and not re.match(r"[IVX]|\d", bare[len(id) :]))
