"""Refusals remembered: what those on one ground have in common is held once, so that each costs little.

Of a blocked name only its place in the lists is its own. The bytes around the question, the reason in
them, the count and the rest of the record belong to the ground on which it is blocked.
"""

from __future__ import annotations

from collections.abc import Hashable

from homeroom.doors.dns.answers import Built
from homeroom.doors.dns.cache import FOREVER, Cell

MOST_SHAPES = 4_000
LONGEST_REST = 300  # bytes behind a question that fit into any answer to a question of `forms.LONGEST` bytes


class Shape:
    """The answer on one ground to questions of one form, without what is asked.

    `head` and `rest` stand before and behind the question; `behind` is how many bytes of a packet follow
    its question. `ground` is the part of the record that all have in common (`spoolline.ground`).
    """

    __slots__ = ("behind", "cell", "ground", "head", "rest", "shared")

    def __init__(self, built: Built, packet: bytes, question: bytes, cell: Cell, ground: str) -> None:
        self.head, self.rest = built.tail[:10], built.tail[10 + len(question) :]
        self.behind = len(packet) - 12 - len(question)
        self.cell, self.ground = cell, ground
        self.shared = False


class Refusal:
    """One blocked question: its shape, and host and line as the record has them (`spoolline.place`)."""

    __slots__ = ("place", "shape")

    until = FOREVER  # it stands as long as the rules do

    def __init__(self, shape: Shape, place: str) -> None:
        self.shape, self.place = shape, place

    @property
    def weight(self) -> int:
        """About how many bytes it and its key hold."""
        return 400 if self.shape.shared else 1_000

    def refresh(self, second: int) -> bool:
        """Its times never count down."""
        return True


class Shapes:
    """The shapes in use, by audience, ground and form; made again where there are too many."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Shape] = {}
        self.clear = self._held.clear

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable) -> Shape | None:
        """The shape of answers that were given before."""
        return self._held.get(key)

    def share(self, key: Hashable, shape: Shape) -> None:
        """Let others be answered in this shape, unless it might not fit where their names are longer."""
        if len(shape.rest) > LONGEST_REST:
            return
        if len(self._held) >= MOST_SHAPES:
            self._held.clear()
        shape.shared = True
        self._held[key] = shape
