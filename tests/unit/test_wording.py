"""Every clause that a block can cite is explained, in both languages, in words a reader can follow."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from homeroom.kernel.decision.decision import Kind
from homeroom.kernel.decision.wording import LANGUAGES, correctable, kind_heading, meaning

DATA = Path(__file__).parents[2] / "homeroom" / "filtering" / "data"


def cited() -> set[tuple[str, Kind]]:
    """The clauses that profiles and categories cite, and those that the steps themselves name."""
    found = {("III.1", Kind.DISTRICT), ("III.2", Kind.DISTRICT), ("IV.1", Kind.STANDING), ("V.A.4d", Kind.SAFETY)}
    profiles = json.loads((DATA / "profiles.json").read_text(encoding="utf-8"))
    for alternative in profiles["alternatives"].values():
        for audience in ("student", "adult"):
            found |= {(row["clause"], Kind(row["kind"])) for row in alternative[audience]}
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as file:
        found |= {(row["clause"], Kind(row["kind"])) for row in csv.DictReader(file)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_that_can_be_cited_has_a_sentence(language: str) -> None:
    for clause, kind in cited():
        sentence = meaning(clause, kind, language)
        assert sentence.endswith("."), (clause, kind)
        assert sentence != meaning("", kind, language), f"{clause} has no sentence of its own"


@pytest.mark.parametrize("kind", Kind)
def test_an_unknown_clause_still_gets_a_word(kind: Kind) -> None:
    assert meaning("XCIX.z", kind, "en").endswith(".")


@pytest.mark.parametrize("kind", Kind)
def test_the_languages_differ_and_an_unknown_one_is_english(kind: Kind) -> None:
    for words in (kind_heading, correctable):
        assert words(kind, "es") != words(kind, "en") == words(kind, "xx")


def test_the_kinds_are_told_apart_by_words() -> None:
    for language in LANGUAGES:
        assert len({kind_heading(kind, language) for kind in Kind}) == len(Kind)


def test_law_and_choice_differ_where_one_clause_can_be_both() -> None:
    assert meaning("VI.Alt3.A.htm", Kind.STATUTORY, "en") != meaning("VI.Alt3.A.htm", Kind.DISTRICT, "en")


def test_english_stays_within_reach_of_a_twelve_year_old() -> None:
    """A rough measure: short sentences and few long words (Flesch-Kincaid would need syllables)."""
    for clause, kind in cited():
        for sentence in meaning(clause, kind, "en").split(". "):
            assert len(sentence.split()) <= 26, sentence
