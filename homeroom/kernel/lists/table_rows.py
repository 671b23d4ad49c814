"""The rows of a table: the keys themselves, their lines and texts; read for records and explanations."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.entry import How
from homeroom.kernel.lists.table_format import (
    CELLS_PER_BLOCK,
    CHECKED_PIECE,
    CLASS_MASK,
    EMPTY,
    HASH_MASK,
    BadTable,
    checksum,
    home_of,
)
from homeroom.kernel.lists.table_judge import Row
from homeroom.kernel.lists.table_keys import pattern_of
from homeroom.kernel.lists.table_record import row_of
from homeroom.kernel.lists.table_shapes import MIXED, Shape

_length = struct.Struct("<I")
_SHAPE_FIELDS = len(Shape._fields)


class Rows:
    """Finds the rows of a key; every 64 KiB of them are checked before their first use.

    All methods raise BadTable when they come upon a damaged piece.
    """

    def __init__(
        self, sections: dict[str, memoryview], homes: int, classes: Sequence[Sequence[Shape]], numbers: Sequence[int]
    ) -> None:
        self._rows = sections["rows"]
        self._cells = sections["cells"].cast("Q")
        self._blocks = sections["blocks"].cast("Q")
        self._checks = sections["checks"].cast("Q")
        self._homes, self._classes, self._numbers = homes, classes, numbers
        self._sound: set[int] = set()

    def of(self, key: str) -> Iterator[Row]:
        """The rows of a key; none where only its hash is that of a listed key."""
        wanted = key.encode()
        key_hash = xxh3_64_intdigest(wanted)
        low, at = key_hash & HASH_MASK, home_of(key_hash, self._homes)
        while self._cells[at] < low:
            at += 1
        while self._cells[at] - low < CLASS_MASK:
            for place, found, kind, numbers, more in self._block(at // CELLS_PER_BLOCK):
                if place == at and found == wanted:
                    yield from self._unpacked(key, kind, numbers, more)
            at += 1

    def __iter__(self) -> Iterator[Row]:
        """Every row, key by key."""
        for block in range(len(self._blocks) - 1):
            for _, key, kind, numbers, more in self._block(block):
                yield from self._unpacked(key.decode(), kind, numbers, more)

    def check(self) -> None:
        """Check all rows at once."""
        for piece in range(len(self._checks)):
            self._check(piece)

    def _block(self, block: int) -> Iterator[tuple[int, bytes, int, Sequence[int], bytes]]:
        """The keys of one block, each with its cell, class, numbers and what else it keeps."""
        first = block * CELLS_PER_BLOCK
        kinds = [
            (first + place, cell & CLASS_MASK)
            for place, cell in enumerate(self._cells[first : first + CELLS_PER_BLOCK].tolist())
            if cell != EMPTY
        ]
        data = self._checked(self._blocks[block], self._blocks[block + 1])
        if not kinds:
            return
        end = _length.size + _length.unpack_from(data)[0]
        numbers = struct.unpack_from(f"<{sum(self._numbers[kind] for _, kind in kinds)}I", data, end)
        at, more = 0, end + 4 * len(numbers)
        for (place, kind), key in zip(kinds, data[_length.size : end].split(b"\n"), strict=True):
            here = numbers[at : at + self._numbers[kind]]
            size = here[-1] if self._keeps_more(kind) else 0
            yield place, key, kind, here, data[more : more + size]
            at += len(here)
            more += size

    def _keeps_more(self, kind: int) -> bool:
        return kind == MIXED or any(shape.keeps_more for shape in self._classes[kind])

    def _unpacked(self, key: str, kind: int, numbers: Sequence[int], more: bytes) -> Iterator[Row]:
        pattern = pattern_of(key)
        kept: list[Any] = json.loads(more) if more else []
        if kind == MIXED:
            for *fields, line, rest in kept:
                yield row_of(shape_from_json(fields), pattern, line, rest)
            return
        rest_of = iter(kept)
        shapes = (shape for shape in self._classes[kind] if shape.slot >= 0)
        for shape, line in zip(shapes, numbers, strict=False):
            yield row_of(shape, pattern, line, next(rest_of) if shape.keeps_more else {})

    def _checked(self, start: int, end: int) -> bytes:
        for piece in range(start // CHECKED_PIECE, -(-end // CHECKED_PIECE)):
            if piece not in self._sound:
                self._check(piece)
        return bytes(self._rows[start:end])

    def _check(self, piece: int) -> None:
        start = piece * CHECKED_PIECE
        if checksum(self._rows[start : start + CHECKED_PIECE]) != self._checks[piece]:
            raise BadTable(f"The compiled lists are damaged in their rows, piece {piece}; build them again.")
        self._sound.add(piece)


def shape_from_json(fields: Sequence[Any]) -> Shape:
    """A shape as JSON gives it back."""
    slot, how, *rest = fields
    return Shape(slot, How(how), *rest)
