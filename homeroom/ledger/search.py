"""Search in plain words: a parent asks about a laptop and a child, the policy speaks of devices and students. Pure."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from homeroom.ledger.queries import Entry
from homeroom.ledger.said import everything_said

DATA = Path(__file__).with_name("data")
CUT = 5  # letters that say what a word is about: "watch" of "watching"
APART = {
    "police": "police-",
    "policia": "police-",
    "policias": "police-",
}  # they begin like “policy”, which all speak of


def find(asked: str, entries: Iterable[Entry]) -> list[Entry]:
    """The clauses that a question is about, the best first; an id or its beginning finds these clauses only.

    What stands in an alternative or option that the board did not choose comes after what holds.
    """
    rows = list(entries)
    id = asked.strip().rstrip(".").upper()
    by_id = [each for each in rows if each.id.upper() == id or each.id.upper().startswith((f"{id}.", f"{id}("))]
    if by_id:
        return by_id
    totals = [0.0] * len(rows)
    for word in set(_words(asked)):
        told = [_told(each, word) for each in rows]
        # A word that few clauses know says more than one that stands everywhere.
        rare = math.log(1 + len(rows) / max(1, sum(map(bool, told))))
        totals = [total + weight * rare for total, weight in zip(totals, told, strict=True)]
    totals = [total if each.holds else total / 2 for total, each in zip(totals, rows, strict=True)]
    best = max(totals, default=0)
    near = [(total, each) for total, each in zip(totals, rows, strict=True) if total and total * 2 > best]
    return [each for _, each in sorted(near, key=lambda pair: -pair[0])]


def _told(entry: Entry, word: str) -> int:
    """How much a clause says of one thing: most where its title does, and more in the very word than in a like one."""
    asked_as = 0
    if _stem(word) in _asked_as(entry.id):
        asked_as = 9  # people ask for it with this very word
    kept = f"{everything_said(entry.claim.sentence)} {everything_said(entry.claim.missing)}"
    said = (everything_said(entry.title), everything_said(entry.duty.what), kept, _text(entry))
    for weight, stems in zip((6, 3, 4, 2), map(_stems, said), strict=True):
        if _stem(word) in stems:
            return weight + 1 + asked_as
        if _meant(word) & stems:
            return weight + asked_as
    return asked_as


def _asked_as(id: str) -> frozenset[str]:
    return _everyday().get(id, frozenset())


@cache
def _everyday() -> dict[str, frozenset[str]]:
    """The words with which people ask for each clause."""
    rows = json.loads((DATA / "asked_as.json").read_text(encoding="utf-8"))["rows"]
    return {id: _stems(words) for ids, words in rows for id in ids.split()}


def _text(entry: Entry) -> str:
    row = entry.text
    return f"{row.title} {row.lead_in} {row.words} {row.closing}" if row else ""


@lru_cache(4000)
def _stems(said: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _words(said))


def _stem(word: str) -> str:
    return APART.get(word, word[:CUT])


def _words(said: str) -> list[str]:
    """The words that carry meaning, without accents."""
    bare = unicodedata.normalize("NFKD", said.casefold().replace("’s", "").replace("'s", ""))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in bare if not unicodedata.combining(letter)))
    return [word for word in words if word not in _plain()["idle"]]


@lru_cache(1000)
def _meant(word: str) -> frozenset[str]:
    """A word's own stem, and those of the policy's words for the same thing."""
    same = {_stem(each) for row in _plain()["same"] if word in row or word.rstrip("s") in row for each in row}
    return frozenset({_stem(word), *same})


@cache
def _plain() -> dict[str, list[list[str]]]:
    told: dict[str, list[list[str]]] = json.loads((DATA / "plain_words.json").read_text(encoding="utf-8"))
    return told
