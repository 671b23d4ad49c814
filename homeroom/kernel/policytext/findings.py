"""What may be odd about a text of the policy, each a sentence with places for values; and whether it is so yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from homeroom.kernel.policytext import outline
from homeroom.kernel.policytext.clauses import Finding
from homeroom.kernel.policytext.rows import Row

UNCLOSED = "A bracket opens here and never closes; everything after it was taken for a note."
UNOPENED = "A bracket closes here that never opened; the paragraphs since the last note were taken for a note."
TWICE = "%(id)s stands in the text twice: here and in line %(line)s."
OUT_OF_ROW = "%(id)s is number %(place)s of its row, but %(expected)s was expected; look what is missing."
CHOSEN_BEFORE = (
    "Article VI offers no alternatives, as in a text whose board chose before. Say under “Choose” which of the three "
    "it follows; its clauses are then named by it, such as VI.Alt3.A."
)
ASTRAY = (
    "By its title, article %(id)s is the one whose clauses are looked for under %(fits)s. If so, correct its id to "
    "%(fits)s (what stands below it comes along); the public page would show its words beside other clauses."
)
RENUMBERED = (
    "Claims, forms and numbers find their clauses by their ids. What was only renumbered since text %(text)s, which is "
    "in force, should be given its old id (“Correct”; what stands below it comes along), and what is new an id of its "
    "own."
)
SAME_WORDS = "%(id)s says what %(was)s says there."

# How a file was read: line 0, since it concerns the whole.
DELETIONS = (
    "Tracked deletions in the file, which this reading leaves out: %(count)s. Accept or reject them in the file and "
    "import it again, if it is not what the board adopted."
)
INSERTIONS = "Tracked insertions in the file, which this reading keeps: %(count)s."
NO_WORDS = "Page %(page)s of the PDF holds no text; look whether it is a picture of words."
MARGINS = "The head and foot of the pages were left out: %(named)s."
BROKEN = "Words broken at the end of a line and made whole, %(count)s; look at the hyphens: %(named)s."
DRAWN = "Pieces of the text with a line drawn through them, which were taken for struck out, %(count)s: %(named)s."
NO_GAPS = (
    "A PDF has no empty lines. Whether a new paragraph begins below these lines cannot be seen, so none was taken to: "
    "%(named)s."
)
NOT_UTF_8 = "Line %(line)s is not UTF-8, so the file was read as Windows text (cp1252); look at its quotes and dashes."


def twice(rows: Iterable[Row]) -> Iterator[Finding]:
    """Ids that stand in a text twice, as it is now; what stands below such a clause is not said again."""
    first: dict[str, int] = {}
    again: set[str] = set()
    for row in rows:
        if row.id not in first:
            first[row.id] = row.first_line
            continue
        if _above(row.id) not in again:
            yield Finding(row.first_line, TWICE, {"id": row.id, "line": first[row.id]})
        again.add(row.id)


def still(line: int, words: str, values: Mapping[str, Any], rows: Sequence[Row]) -> bool:
    """Whether what was odd about a line is so yet, now that a person may have corrected the clauses."""
    if "id" not in values:
        return True
    here = next((number for number, row in enumerate(rows) if (row.id, row.first_line) == (values["id"], line)), None)
    if here is None:
        return False
    return words != OUT_OF_ROW or not _follows(rows, here)


def _follows(rows: Sequence[Row], here: int) -> bool:
    """Whether a clause bears the number after the one before it in its row; where a person named that one freely, yes.

    >>> rows = [Row(id, "", "", "", "", "", 1, 1) for id in ("I", "I.A", "II", "II.A", "II.C", "IV", "IV-A", "VI")]
    >>> [_follows(rows, number) for number in (0, 2, 4, 5, 7)]
    [True, True, False, False, True]
    """
    above = _above(rows[here].id)
    before = next((row.id for row in reversed(rows[:here]) if _above(row.id) == above), None)
    last = 0 if before is None else _number(before)
    return last is None or _number(rows[here].id) in (None, last + 1)


def _above(id: str) -> str:
    return re.sub(r"(?:^|\.)[^.(]+$|\([^)]*\)$", "", id)


def _number(id: str) -> int | None:
    """The place in its row that an id tells; None for one that a person made up, such as IV-A."""
    mark = id[len(_above(id)) :].strip(".()").removeprefix("Alt")
    if mark.isdigit():
        return int(mark)
    if not _above(id):
        return outline.roman(mark) if re.fullmatch(outline.ROMAN, mark) else None
    return ord(mark.lower()) - ord("a") + 1 if re.fullmatch("[A-Za-z]", mark) else None
