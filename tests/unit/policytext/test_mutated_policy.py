"""A policy with lines lost, doubled, moved or mangled, as files come: nothing is lost in silence, nothing crashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.clauses import PolicyText
from homeroom.kernel.policytext.compare import compare
from homeroom.kernel.policytext.read import read_policy
from homeroom.kernel.policytext.rows import place, rows

FILE = Path(__file__).parents[3] / "homeroom" / "board" / "data" / "made-up-policy.txt"
LINES = FILE.read_text(encoding="utf-8").splitlines()
ARTICLES = [number for number, line in enumerate(LINES) if re.match(r"[IVX]+\. ", line)]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "swap", "cut", "join", "case", "indent", "bracket"]),
        st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1),
    ),
    max_size=25,
)  # fmt: skip


def edited(edits: list[tuple[str, int, int]]) -> list[str]:
    lines = list(LINES)
    for what, one, other in edits:
        a, b = one % len(lines), other % len(lines)
        if what == "drop" and len(lines) > 1:
            del lines[a]
        elif what == "double":
            lines.insert(b, lines[a])
        elif what == "swap":
            lines[a], lines[b] = lines[b], lines[a]
        elif what == "cut":
            lines[a] = lines[a][: len(lines[a]) // 2]
        elif what == "join":
            lines[a] = f"{lines[a]} {lines[b]}"
        elif what == "case":
            lines[a] = lines[a].swapcase()
        elif what == "indent":
            lines[a] = f"   - {lines[a]}"
        else:
            lines[a] = f"[{lines[a]}"
    return lines


def told(text: PolicyText) -> str:
    """Everything that was read, wherever it went."""
    parts = [
        text.title,
        *(words for _, words in (*text.unplaced, *text.references)),
        *(note.text for note in text.notes),
    ]
    for clause in text:
        parts += [clause.title, clause.words, clause.closing, *clause.struck]
    return " ".join(parts)


@given(EDITS)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_to_the_lines_no_word_is_lost(edits):
    lines = edited(edits)
    text = read_policy(lines)
    read = told(text)
    for line in lines:
        for word in line.replace("[", " ").replace("]", " ").split():
            if len(word) > 6 and word.isalpha() and word.lower() not in ("article", "alternative", "references"):
                assert word in read, f"“{word}” of “{line}” is nowhere"


@given(EDITS)
@settings(max_examples=60, deadline=None)
def test_a_mangled_text_can_be_stored_and_compared(edits):
    found = compare(rows(read_policy(LINES)), rows(read_policy(edited(edits))), TITLES)
    assert set(found.reread) <= set(TITLES)


@pytest.mark.parametrize("number", ARTICLES[:-1], ids=lambda number: LINES[number])
def test_a_missing_article_is_found(number):
    after = ARTICLES[ARTICLES.index(number) + 1]
    text = read_policy([*LINES[:number], *LINES[after:]])
    said = [each for each in text.findings if "look what is missing" in each.sentence]
    assert len(said) == 1 and said[0].line == number + 1  # the row goes on from there: nothing else is odd


def test_an_article_that_stands_twice_is_found_and_a_renumbered_one_too():
    one, two = ARTICLES[4], ARTICLES[5]
    twice = read_policy([*LINES[:two], *LINES[one:two], *LINES[two:]])
    said = f"V stands in the text twice: here and in line {one + 1}."
    assert [(each.line, each.sentence) for each in twice.findings] == [(two + 1, said)]
    lines = list(LINES)
    lines[two] = lines[two].replace("VI.", "VII.", 1)
    assert any("VII" in each.sentence for each in read_policy(lines).findings)


def test_the_made_up_text_reads_without_a_flaw_and_has_a_place_for_every_duty():
    text = read_policy(LINES)
    assert (text.findings, text.unplaced, len(text.articles)) == ([], [], 17)
    ids = [clause.id for clause in text]
    assert len(ids) == len(set(ids))
    assert [id for id in TITLES if not place(id, ids)] == ["524.title-note", "REF.legal", "REF.cross"]
