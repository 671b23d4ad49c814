"""A read text as rows, clause by clause: what is stored, compared and shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from homeroom.kernel.policytext.clauses import Clause, PolicyText, fingerprint

# Duties whose own ids name another place of the model's outline than the one where they stand.
STANDS_AT = {
    "VI.Alt3.A.1": "VI.Alt3.A", "VI.Alt3.A.2": "VI.Alt3.A", "VI.Alt3.A.obscene": "VI.Alt3.A.1",
    "VI.Alt3.A.cp": "VI.Alt3.A.2", "VI.Alt3.A.htm": "VI.Alt3.A.3", "VI.Alt3.B.1-3": "VI.Alt3.B",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One clause with everything needed to read it alone. `lead_in` is what stands above it; lines count from 1."""

    id: str
    title: str
    words: str
    lead_in: str
    closing: str
    fingerprint: str
    first_line: int
    last_line: int
    optional: bool = False
    struck: tuple[str, ...] = ()


def rows(text: PolicyText) -> list[Row]:
    """Every clause of a text, in its order; a clause that stands there twice has two rows."""
    return [row for article in text.articles for row in _rows(article, "")]


def relead(corrected: Iterable[Row]) -> list[Row]:
    """Rows whose ids or words a person corrected, with what stands above each of them read anew.

    >>> users, walk = (Row(id, "", words, "", "", "", 1, 1) for id, words in (("V", "Users:"), ("V.A", "walk")))
    >>> [row.lead_in for row in relead([users, walk])]
    ['', 'Users:']
    """
    found: list[Row] = []
    above: list[Row] = []
    for row in corrected:
        while above and not below(row.id, above[-1].id):
            above.pop()
        lead_in = " ".join(each.words for each in above if each.words)
        read = replace(row, lead_in=lead_in, fingerprint=fingerprint(lead_in, row.words, row.closing))
        found.append(read)
        above.append(read)
    return found


def below(id: str, upper: str) -> bool:
    """Whether a clause stands somewhere below another one.

    >>> below("V.A.6.b(1)", "V.A"), below("V.A.10", "V.A.1")
    (True, False)
    """
    return id.startswith((f"{upper}.", f"{upper}("))


def place(duty: str, ids: Iterable[str]) -> str:
    """The place of a text where a duty stands: the duty's own id, or the nearest one above it; "" for nowhere.

    >>> place("V.A.2a", ["V", "V.A", "V.A.2", "V.A.10"]), place("XIV.C.4", ["X", "XI"]), place("VI.note2", ["V", "VI"])
    ('V.A.2', '', 'VI')
    """
    bare = re.sub(r"\.(?:title-)?note.*$", "", STANDS_AT.get(duty, duty))
    above = [id for id in ids if bare.startswith(id) and not re.match(r"[IVX]|\d", bare[len(id) :])]
    return max(above, key=len, default="")


def _rows(clause: Clause, above: str) -> Iterator[Row]:
    yield Row(
        id=clause.id, title=clause.title, words=clause.words, lead_in=above, closing=clause.closing,
        fingerprint=fingerprint(above, clause.words, clause.closing),
        first_line=clause.first_line, last_line=clause.last_line, optional=clause.optional, struck=clause.struck,
    )  # fmt: skip
    inner = f"{above} {clause.words}".strip()
    for item in clause.items:
        yield from _rows(item, inner)
