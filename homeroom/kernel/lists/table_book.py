"""What the builder knows of shapes and classes so far; ids are given in the order of first use."""

from __future__ import annotations

from typing import Any

from homeroom.kernel.lists.entry import How
from homeroom.kernel.lists.table_record import URLS_HERE_IDENTITY, more_of, shape_of, text_of
from homeroom.kernel.lists.table_shapes import MIXED, MOST_CLASSES, URLS_HERE, Shape, numbers_of

MOST_SHAPES = 1 << 12  # beyond these a row keeps its whole text, so that a table opens fast


class Book:
    """Shapes and classes with their ids, and how often each slot was used.

    The order of first use follows the keys' hashes, not the order of entries, so that the same
    entries in any order make the same book.
    """

    def __init__(self) -> None:
        self.shapes: list[Shape] = [URLS_HERE]
        self.classes: list[tuple[int, ...]] = [()]
        self.numbers: list[int] = [1]
        self.keeps_more: list[bool] = [True]
        self._uses: list[int] = [0]
        self._mixed: dict[int, int] = {}
        self._shape_ids: dict[bytes, int] = {URLS_HERE_IDENTITY.encode() + b"=": 0}
        self._class_ids: dict[tuple[int, ...], int] = {}

    def shape_id(self, identity: bytes, template: bytes) -> int:
        """The id of the shape of a record."""
        wanted = identity + template
        known = self._shape_ids.get(wanted)
        return known if known is not None else self._new_shape(identity, template)

    def class_id(self, shapes: tuple[int, ...]) -> int:
        """The id of the class of a key whose rows have these shapes; MIXED when there are too many classes."""
        known = self._class_ids.get(shapes)
        if known is None:
            if len(self.classes) >= MOST_CLASSES:
                return self.mixed(shapes)
            known = self._class_ids[shapes] = len(self.classes)
            self.classes.append(shapes)
            here = [self.shapes[shape] for shape in shapes]
            self.numbers.append(numbers_of(here))
            self.keeps_more.append(any(shape.keeps_more for shape in here))
            self._uses.append(0)
        self._uses[known] += 1
        return known

    def mixed(self, shapes: tuple[int, ...]) -> int:
        """The id of the class whose rows say everything themselves."""
        for shape in shapes:
            slot = self.shapes[shape].slot
            self._mixed[slot] = self._mixed.get(slot, 0) + 1
        return MIXED

    def counts(self, slots: int) -> list[int]:
        """How many rows each slot has."""
        counts = [self._mixed.get(slot, 0) for slot in range(slots)]
        for shapes, uses in zip(self.classes, self._uses, strict=True):
            for shape in shapes:
                if shape:
                    counts[self.shapes[shape].slot] += uses
        return counts

    def covers(self, number: int) -> bool:
        """Whether a key of this class may say anything of names under it."""
        here = [self.shapes[shape].how for shape in self.classes[number]]
        return number == MIXED or any(how in (How.SUFFIX, How.SUB) for how in here)

    def facts(self) -> dict[str, Any]:
        """What the table keeps of it."""
        return {"shapes": self.shapes, "classes": self.classes}

    def more(self, shape: int, identity: bytes, template: bytes, pattern: str) -> dict[str, Any]:
        """What a row keeps beside its shape and line; empty for most."""
        if not self.shapes[shape].keeps_more:
            return {}
        more = more_of(identity.decode())
        if self.shapes[shape].before is None:
            more["text"] = text_of(template.decode(), more.get("pattern", pattern))
        return more

    def _new_shape(self, identity: bytes, template: bytes) -> int:
        shape = shape_of(identity.decode(), template.decode())
        if len(self.shapes) >= MOST_SHAPES:
            shape = shape._replace(before=None, after="")
        if shape.keeps_more:
            return self._known_by_value(shape)
        number = self._shape_ids[identity + template] = len(self.shapes)
        self.shapes.append(shape)
        return number

    def _known_by_value(self, shape: Shape) -> int:
        """Rows that keep more differ in what they keep, so their shapes are compared as values."""
        wanted = repr(tuple(shape)).encode()
        number = self._shape_ids.setdefault(wanted, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append(shape)
        return number
