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

_length = _number = struct.Struct("<I")
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
        self._keeps_more = [any(shape.keeps_more for shape in shapes) for shapes in classes]
        self._keeps_more[MIXED] = True
        self._sound: set[int] = set()

    def of(self, key: str) -> Iterator[Row]:
        """The rows of a key; none where only its hash is that of a listed key."""
        wanted = key.encode()
        for at, _ in self.cells_of(wanted):
            yield from self._in_cell(at, wanted)

    def cells_of(self, key: bytes) -> list[tuple[int, int]]:
        """The cells that may be a key's, with their classes: one at most, but where two hashes begin alike."""
        key_hash = xxh3_64_intdigest(key)
        cells, low, at = self._cells, key_hash & HASH_MASK, home_of(key_hash, self._homes)
        while cells[at] < low:
            at += 1
        found = []
        while (kind := cells[at] - low) < CLASS_MASK:
            found.append((at, kind))
            at += 1
        return found

    def line(self, at: int, key: bytes, place: int) -> int | None:
        """The line of one row of a cell; None where the cell is another key's after all."""
        kind, data, first = self._found(at, key)
        return _number.unpack_from(data, first + 4 * place)[0] if kind >= 0 else None

    def __iter__(self) -> Iterator[Row]:
        """Every row, key by key."""
        for block in range(len(self._blocks) - 1):
            for _, key, kind, numbers, more in self._block(block):
                yield from self._unpacked(key.decode(), kind, numbers, more)

    def check(self) -> None:
        """Check all rows at once."""
        for piece in range(len(self._checks)):
            self._check(piece)

    def _in_cell(self, at: int, wanted: bytes) -> Iterator[Row]:
        """The rows of one cell, if its key is the wanted one."""
        kind, data, first = self._found(at, wanted)
        if kind < 0:
            return
        if self._keeps_more[kind]:
            block = self._block(at // CELLS_PER_BLOCK)
            numbers, more = next((numbers, more) for cell, _, _, numbers, more in block if cell == at)
            yield from self._unpacked(wanted.decode(), kind, numbers, more)
            return
        numbers = struct.unpack_from(f"<{self._numbers[kind]}I", data, first)
        yield from self._unpacked(wanted.decode(), kind, numbers, b"")

    def _found(self, at: int, wanted: bytes) -> tuple[int, bytes, int]:
        """A cell's class, its block, and where in that its numbers begin; class -1 where its key is not the wanted."""
        block, place = divmod(at, CELLS_PER_BLOCK)
        cells = self._cells[at - place : at + 1].tolist()
        kind = cells.pop() & CLASS_MASK
        # The keys beside it are stepped over: their classes say how many numbers each of them has.
        before = [cell & CLASS_MASK for cell in cells if cell != EMPTY]
        data = self._checked(self._blocks[block], self._blocks[block + 1])
        end = _length.size + _length.unpack_from(data)[0]
        if data[_length.size : end].split(b"\n", len(before) + 1)[len(before)] != wanted:
            return -1, data, 0
        return kind, data, end + 4 * sum(map(self._numbers.__getitem__, before))

    def _block(self, block: int) -> Iterator[tuple[int, bytes, int, Sequence[int], bytes]]:
        """The keys of one block, each with its cell, class, numbers and what else it keeps."""
        first, counts, keeps_more = block * CELLS_PER_BLOCK, self._numbers, self._keeps_more
        cells = self._cells[first : first + CELLS_PER_BLOCK].tolist()
        kinds = [cell & CLASS_MASK for cell in cells if cell != EMPTY]
        data = self._checked(self._blocks[block], self._blocks[block + 1])
        if not kinds:
            return
        end = _length.size + _length.unpack_from(data)[0]
        numbers = struct.unpack_from(f"<{sum([counts[kind] for kind in kinds])}I", data, end)
        places = [first + place for place, cell in enumerate(cells) if cell != EMPTY]
        at, more = 0, end + 4 * len(numbers)
        for place, kind, key in zip(places, kinds, data[_length.size : end].split(b"\n"), strict=True):
            after = at + counts[kind]
            size = numbers[after - 1] if keeps_more[kind] else 0
            yield place, key, kind, numbers[at:after], data[more : more + size]
            at = after
            more += size

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
