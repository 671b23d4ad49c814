"""VI.Alt3.note.a: the ten things that a policy must hold for CIPA, looked for in a text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from homeroom.board.models import AdoptedText
from homeroom.board.parameters import DATA
from homeroom.board.queries.texts import rows
from homeroom.kernel.policytext.clauses import bare
from homeroom.kernel.policytext.rows import Row


@dataclass(frozen=True, slots=True)
class Element:
    """One of the ten: what it is, where the law asks for it, in which clauses it was found; `why` where it was not.

    `duties` are the clauses whose evidence belongs to it.
    """

    id: str
    title: str
    law: str
    found: tuple[str, ...]
    duties: tuple[str, ...]
    why: str

    @property
    def there(self) -> bool:
        """Whether it is in order."""
        return not self.why


def elements(text: AdoptedText) -> list[Element]:
    """VI.Alt3.note.a: the check of a text, row by row. The last row is the meeting, which no words can replace."""
    read = [row for row in rows(text) if _counts(row.id, text.alternative)]
    return [_element(each, read, text) for each in _table()]


def _counts(id: str, alternative: str) -> bool:
    """Whether a clause belongs to the text as adopted: of several alternatives only the chosen one does."""
    return ".Alt" not in id or not alternative or id == alternative or id.startswith(f"{alternative}.")


def _element(each: dict[str, Any], read: list[Row], text: AdoptedText) -> Element:
    if each["id"] == "meeting":
        why = (
            "" if _met(text) else "Notice, then a hearing or meeting, then the first day: one of them is not on record."
        )
        return Element(each["id"], each["title"], each["law"], (), tuple(each["duties"]), why)
    found = tuple(row.id for row in read if _speaks(row, each["words"]))
    why = "" if found else "No clause of the text speaks of it."
    return Element(each["id"], each["title"], each["law"], found, tuple(each["duties"]), why)


def _speaks(row: Row, words: list[list[str]]) -> bool:
    """Whether a clause with what stands above it has a word of each group."""
    said = bare(f"{row.lead_in} {row.words} {row.closing}")
    own = bare(f"{row.words} {row.closing}")
    return all(any(word in said for word in group) for group in words) and any(
        word in own for group in words for word in group
    )


def _met(text: AdoptedText) -> bool:
    days = (text.noticed_on, text.hearing_on, text.from_day or date.max)
    return bool(days[0] and days[1] and days[0] < days[1] < days[2] and text.minutes)


@cache
def _table() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads((DATA / "elements.json").read_text(encoding="utf-8"))
    return told
