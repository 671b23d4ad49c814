"""Rows of a text stand alone, and a comparison names exactly what to reread."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.clauses import PolicyText
from homeroom.kernel.policytext.compare import compare, renumbered
from homeroom.kernel.policytext.read import read_policy
from homeroom.kernel.policytext.rows import place, rows

REAL = Path(__file__).resolve().parents[4] / "shared" / "policy" / "msba-524.txt"


@pytest.fixture(scope="module")
def words() -> str:
    if not REAL.exists():
        pytest.skip("The model policy's text is not beside this checkout.")
    return REAL.read_text(encoding="utf-8")


def read(words: str) -> PolicyText:
    return read_policy(words.splitlines())


def test_a_row_has_the_fingerprint_of_its_clause(words: str) -> None:
    text = read(words)
    assert {row.id: row.fingerprint for row in rows(text)} == {each.id: text.fingerprint(each.id) for each in text}


def test_every_duty_has_its_place_in_the_real_text(words: str) -> None:
    ids = [row.id for row in rows(read(words))]
    assert [duty for duty in TITLES if not place(duty, ids)] == ["524.title-note", "REF.legal", "REF.cross"]


def test_what_alternative_3_watches_and_blocks_stands_at_its_own_words(words: str) -> None:
    found = {row.id: row.words.casefold() for row in rows(read(words))}
    for duty, said in (
        ("VI.Alt3.A.1", "monitor"), ("VI.Alt3.A.2", "protection measures during any use"),
        ("VI.Alt3.A.obscene", "obscene"), ("VI.Alt3.A.cp", "child pornography"), ("VI.Alt3.A.htm", "harmful to minors"),
        ("VI.Alt3.B.1-3", "means any picture"),
    ):  # fmt: skip
        assert said in found[place(duty, found)], duty


@pytest.mark.parametrize(
    ("change", "clauses", "reread"),
    [
        (("72 hours", "48 hours"), ["XIV.D"], ["XIV.D.1", "XIV.D.2", "XIV.D.3", "XIV.D.4"]),
        (("XVII. ", "XVIII. "), ["XVIII", "XVIII.A", "XVIII.B", "XVIII.C", "XVIII.D"],
         ["XVII.A.1", "XVII.A.2", "XVII.B", "XVII.C", "XVII.D"]),
        # One item of a definition, one of the three kinds of pictures, a ground that is new, and one that is gone.
        (("2. Depicts, describes", "2. Shows, describes"), ["VI.Alt3.B.2"], ["VI.Alt3.B.1-3"]),
        ((" - 1. Obscene;", " - 1. Obscene or violent;"), ["VI.Alt3.A.1"], ["VI.Alt3.A.obscene"]),
        (("E-Rate program.", "E-Rate program.\n - 7. the school board says so."), ["XIV.C.7"], ["XIV.C.0"]),
        (("; and\n - 2. creates, receives", "\n - creates, receives"), ["XIII.A.1", "XIII.A.2"],
         ["XIII.A.1", "XIII.A.2"]),
    ],
)  # fmt: skip
def test_an_amendment_shows_exactly_the_claims_to_reread(
    words: str, change: tuple[str, str], clauses: list[str], reread: list[str]
) -> None:
    assert change[0] in words
    found = compare(rows(read(words)), rows(read(words.replace(*change))), TITLES)
    assert [each.id for each in found.changes] == clauses
    assert list(found.reread) == reread


@pytest.mark.parametrize(("old", "new"), [("the school", "the  school"), ("'", "’"), ("’", "'"), ("“", '"')])
def test_other_white_space_and_other_quotes_are_no_amendment(words: str, old: str, new: str) -> None:
    found = compare(rows(read(words)), rows(read(words.replace(old, new))), TITLES)
    assert not found.changes and not found.reread and found.same == 117


def test_what_was_only_renumbered_is_told_from_what_is_new(words: str) -> None:
    lines = words.splitlines()
    fourth = next(number for number, line in enumerate(lines) if "4. the activity is necessary to respond" in line)
    lines.insert(fourth, " - 4. a parent asks for it in writing;")
    for number in range(fourth + 1, fourth + 4):
        lines[number] = lines[number].replace(f"- {number - fourth + 3}.", f"- {number - fourth + 4}.")
    before, after = rows(read(words)), rows(read("\n".join(lines)))
    found = compare(before, after, TITLES)
    assert [(each.id, each.kind, each.before and each.before.id) for each in found.changes] == [
        ("XIV.C.4", "added", None), ("XIV.C.5", "moved", "XIV.C.4"), ("XIV.C.6", "moved", "XIV.C.5"),
        ("XIV.C.7", "moved", "XIV.C.6"),
    ]  # fmt: skip
    assert found.reread == ("XIV.C.0", "XIV.C.4", "XIV.C.5", "XIV.C.6") and found.same == len(before) - 3
    assert renumbered(before, after) == [("XIV.C.4", "XIV.C.5"), ("XIV.C.5", "XIV.C.6"), ("XIV.C.6", "XIV.C.7")]
    back = compare(after, before, TITLES)
    assert [each.id for each in back.changes if each.kind == "moved"] == ["XIV.C.4", "XIV.C.5", "XIV.C.6"]


def test_a_whole_branch_moves_with_its_top() -> None:
    before = rows(read("I. ONE\n\n- A. Users sing aloud.\n- B. Same here.\n\nII. TWO TIMES\n\n- A. Same here.\n"))
    after = rows(
        read(
            "I. ONE\n\n- A. Users sing aloud.\n- B. Same here.\n\nII. NEW THING\n\nIII. TWO TIMES\n\n- A. Same here.\n"
        )
    )
    found = compare(before, after, ())
    assert [(each.id, each.kind) for each in found.changes] == [("II", "added"), ("III", "moved"), ("III.A", "moved")]
    assert renumbered(before, after) == [("II", "III")] and renumbered(before, before) == []
