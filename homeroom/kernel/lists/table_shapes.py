"""What the rows of many keys have in common, kept once: shapes and classes.

A shape is everything about a row but its key and line. A class is the shapes of all rows of one key;
the cell of a key names its class, so that one look at a cell says which slots list the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from homeroom.kernel.lists.entry import How

MIXED = 0  # the class of keys whose rows say everything themselves
MOST_CLASSES = 1 << 14  # further combinations of shapes become MIXED, so that a table opens fast


class Shape(NamedTuple):
    """One kind of row. `before` is None where the row keeps its own text; else the text is before + pattern + after."""

    slot: int
    how: How
    allow: bool = False
    important: bool = False
    conditional: bool = False
    before: str | None = ""
    after: str = ""

    @property
    def keeps_more(self) -> bool:
        """Whether the row keeps more than its line."""
        return self.conditional or self.before is None


Places = tuple[tuple[int, int], ...]

URLS_HERE = Shape(-1, How.URL)  # no row of a list: some list holds URLs of this host


class Masks:
    """For each class the slots it gives the key itself and the names under it.

    Two bits above the slots mean that slots alone cannot answer: `allow` (an exception stands here)
    and `ask` (the rows must be asked). `own` is for a name alone, `own_url` for a URL of the host.
    `own_rows` and `below_rows` say which rows those slots come from: a bit, and the row's place among its key's.
    """

    def __init__(self, classes: Iterable[Sequence[Shape]], slots: int) -> None:
        self.allow, self.ask = 1 << slots, 2 << slots
        self.own: list[int] = []
        self.own_url: list[int] = []
        self.below: list[int] = []
        self.own_rows: list[Places] = []
        self.below_rows: list[Places] = []
        self.numbers: list[int] = []
        for number, shapes in enumerate(classes):
            self._add(shapes, mixed=number == MIXED)

    def _add(self, shapes: Sequence[Shape], *, mixed: bool) -> None:
        own = below = self.ask if mixed else 0
        own_url = 0
        for shape in shapes:
            says = self._says(shape)
            if shape is URLS_HERE or shape.slot < 0:
                own_url = self.ask
                continue
            own |= says if shape.how is not How.SUB else 0
            below |= says if shape.how in (How.SUFFIX, How.SUB) else 0
        self.own.append(own)
        self.own_url.append(own | own_url)
        self.below.append(below)
        rows = [] if mixed else [shape for shape in shapes if shape.slot >= 0]
        self.own_rows.append(_places(rows, How.SUB))
        self.below_rows.append(_places(rows, How.EXACT))
        self.numbers.append(numbers_of(shapes, mixed=mixed))

    def _says(self, shape: Shape) -> int:
        if shape.conditional or shape.important:
            return self.ask
        return self.allow if shape.allow else 1 << max(shape.slot, 0)


def _places(rows: Sequence[Shape], silent: How) -> Places:
    """The bit and place of each row but the silent kind."""
    return tuple((1 << row.slot, place) for place, row in enumerate(rows) if row.how is not silent)


def numbers_of(shapes: Sequence[Shape], *, mixed: bool = False) -> int:
    """How many numbers the rows of a key of this class keep: a line each, and the length of what else they keep."""
    if mixed:
        return 1
    rows = sum(shape.slot >= 0 for shape in shapes)
    return rows + any(shape.keeps_more for shape in shapes)
