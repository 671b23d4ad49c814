"""The catalogue speaks in words of our own, of every clause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homeroom.board.parameters import by_name
from homeroom.kernel.clauses import TITLES
from homeroom.ledger.duties import DATA, duties

SHARED = Path(__file__).parents[3].parent / "shared" / "policy" / "msba-524.txt"
MADE_UP = Path(__file__).parents[3] / "homeroom" / "board" / "data" / "made-up-policy.txt"
SHINGLE = 8
CITES = re.compile(r"Stat\.|U\.S\.C\.|C\.F\.R\.")  # the names of laws are everybody's


def test_every_clause_has_its_row_in_the_policys_order():
    assert list(duties()) == list(TITLES)


@pytest.mark.parametrize("id", list(TITLES))
def test_a_row_says_who_what_when_and_what_shows_it(id):
    row = duties()[id]
    assert row.who and row.when and row.proof and row.law
    assert row.what.endswith(".") and 10 < len(row.what) < 140
    assert not row.clock or row.clock in by_name()


def shingles(words: str) -> set[tuple[str, ...]]:
    plain = re.findall(r"[a-z0-9]+", words.lower())
    return {tuple(plain[n : n + SHINGLE]) for n in range(len(plain) - SHINGLE + 1)}


@pytest.mark.parametrize("file", [DATA, MADE_UP], ids=lambda path: path.name)
def test_no_sentence_is_the_model_policys(file):
    if not SHARED.exists():
        pytest.skip("the model policy does not lie beside this checkout")
    ours = [line for line in file.read_text(encoding="utf-8").splitlines() if not CITES.search(line)]
    same = shingles(SHARED.read_text(encoding="utf-8")) & set().union(*(shingles(line) for line in ours))
    assert same == set()
