"""The whole policy as people read it: clause after clause of a text, each with the states of what it asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from homeroom.board import queries as board
from homeroom.board.models import AdoptedText
from homeroom.kernel.policytext.rows import Row
from homeroom.ledger import queries
from homeroom.ledger.queries import Entry
from homeroom.people import queries as people

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a text: its words, how deep it stands, the ledger's entries that answer for it.

    `holds` is False for an alternative or an optional paragraph that the board did not take.
    """

    row: Row
    depth: int
    entries: tuple[Entry, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """The text in force on a day, None where there was none; states stand beside the text of today only."""

    text: AdoptedText | None
    parts: tuple[Part, ...]
    today: bool


def read(on: date | None, at: datetime) -> Whole:
    """XVII.C: the text that was in force on a day, or today's with the state of each clause."""
    found = queries.ledger(at)
    text = board.in_force(on) if on and on != people.today(at) else found.text
    today = bool(text and text == found.text)
    answering: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in found.entries if today else ():
        if each.text:
            answering[each.text.id].append(each)
    rows = board.rows(text) if text else []
    aside = queries.not_chosen(text, {row.id: row for row in rows})
    parts = (
        Part(row, _depth(row.id), tuple(answering.pop(row.id, ())), not queries.stands_in(row.id, aside))
        for row in rows
    )
    return Whole(text, tuple(parts), today)


def texts(at: datetime) -> list[AdoptedText]:
    """XVII.C: every text that was or will be in force, the newest first; drafts are not the policy."""
    return list(board.texts().exclude(from_day=None).order_by("-from_day"))


def _depth(id: str) -> int:
    """How far a clause is set in.

    >>> _depth("V"), _depth("V.A"), _depth("V.A.6.b(1)"), _depth("VI.Alt3"), _depth("VI.Alt3.D")
    (0, 1, 4, 1, 2)
    """
    return min(DEEPEST, id.count(".") + id.count("("))
