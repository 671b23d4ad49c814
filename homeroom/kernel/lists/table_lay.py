"""Second pass of the build: columns become cells, rows and the filter, written from front to back."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from xxhash import xxh3_64

from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_format import CELLS_PER_BLOCK, EMPTY, HASH_MASK, UNDER, Place, listed_bits, under_bits

CELLS_PER_KEY = 1.4
BITS_PER_SECOND = 12  # the filter has 12 to 24 bits for each second-level name
_length = struct.Struct("<I")


class Section:
    """One section being written to `out`, with its checksum."""

    def __init__(self, out: BinaryIO) -> None:
        out.write(bytes(-out.tell() % 64))
        self._out, self._start, self._length, self._sum = out, out.tell(), 0, xxh3_64()

    def write(self, data: bytes | bytearray) -> None:
        """Append to the section."""
        self._out.write(data)
        self._sum.update(data)
        self._length += len(data)

    def place(self) -> Place:
        """Where the section lies."""
        return Place(self._start, self._length, self._sum.intdigest())


class Filter:
    """Knows which second-level names are listed or have anything listed under them, with a few chance hits."""

    def __init__(self, seconds: int) -> None:
        size = max(1, seconds * BITS_PER_SECOND // 32).bit_length()
        self._shift = 64 - size
        self.words = array("I", bytes(4 << size))

    def add(self, seconds: Iterable[int]) -> None:
        """Take in the column `seconds` of a partition."""
        words, shift = self.words, self._shift
        for second in seconds:
            bits = listed_bits(second)
            words[second >> shift] |= bits | under_bits(second) if second & UNDER else bits


class Layer:
    """Lays keys into cells in the order of their hashes, and their rows into blocks beside them."""

    def __init__(self, cells: Section, rows: BinaryIO, book: Book, keys: int) -> None:
        self.homes = max(1, int(keys * CELLS_PER_KEY))
        self.blocks = array("Q", [0])  # where each block of rows begins and the last one ends
        self._cells, self._rows, self._book = cells, rows, book
        self._next = 0  # the first cell not yet laid
        self._waiting = Columns()  # keys of the block that may still grow

    def lay(self, columns: Columns) -> None:
        """Lay the keys of one partition; partitions come in the order of their hashes."""
        places = list(self._places(columns.hashes))
        cells = array("Q", [EMPTY]) * (places[-1] + 1 - self._next) if places else array("Q")
        for place, key_hash, number in zip(places, columns.hashes, columns.classes, strict=True):
            cells[place - self._next] = key_hash & HASH_MASK | number
        self._cells.write(cells.tobytes())
        self._lay_rows(columns, places)
        self._next += len(cells)

    def close(self) -> None:
        """End cells and rows: an empty cell ends every search."""
        self._close_block()
        self._cells.write(array("Q", [EMPTY] * (CELLS_PER_BLOCK + max(0, self.homes - self._next))).tobytes())

    def _places(self, hashes: Iterable[int]) -> Iterator[int]:
        """The cell of each key: its home, or the first free one behind it."""
        at, homes = self._next - 1, self.homes
        for key_hash in hashes:
            home = (key_hash >> 32) * homes >> 32
            at = home if home > at else at + 1
            yield at

    def _lay_rows(self, columns: Columns, places: list[int]) -> None:
        counts, keeps_more = self._book.numbers, self._book.keeps_more
        key = number = more = 0  # where the block begins in each column
        number_end = more_end = 0
        for index, (place, kind) in enumerate(zip(places, columns.classes, strict=True)):
            block = place // CELLS_PER_BLOCK
            if block >= len(self.blocks):
                self._wait(columns, slice(key, index), slice(number, number_end), slice(more, more_end))
                self._close_block()
                self.blocks.extend(self.blocks[-1:] * (block + 1 - len(self.blocks)))
                key, number, more = index, number_end, more_end
            number_end += counts[kind]
            if keeps_more[kind]:
                more_end += columns.numbers[number_end - 1]
        self._wait(columns, slice(key, len(places)), slice(number, number_end), slice(more, more_end))

    def _wait(self, columns: Columns, keys: slice, numbers: slice, more: slice) -> None:
        self._waiting.keys += columns.keys[keys]
        self._waiting.numbers += columns.numbers[numbers]
        self._waiting.more += columns.more[more]

    def _close_block(self) -> None:
        waiting, self._waiting = self._waiting, Columns()
        if waiting.keys:
            names = b"\n".join(waiting.keys)
            data = _length.pack(len(names)) + names + waiting.numbers.tobytes() + waiting.more
            self._rows.write(data)
            self.blocks.append(self.blocks[-1] + len(data))
