"""The keys of one partition in the order of their hashes, column by column, as the builder puts them aside."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field

_sizes = struct.Struct("<5Q")


@dataclass(slots=True)
class Columns:
    """`numbers` holds for each key as many numbers as its class keeps, `more` what keys keep beside, end to end.

    `seconds` are hashes of second-level names for the filter; UNDER is set where a deeper name is
    listed and clear where the second-level name itself is.
    """

    hashes: array[int] = field(default_factory=lambda: array("Q"))
    classes: array[int] = field(default_factory=lambda: array("H"))
    numbers: array[int] = field(default_factory=lambda: array("I"))
    seconds: array[int] = field(default_factory=lambda: array("Q"))
    more: bytearray = field(default_factory=bytearray)
    keys: list[bytes] = field(default_factory=list)

    def pack(self) -> bytes:
        """The columns as bytes; `unpack` is the inverse."""
        parts = [column.tobytes() for column in (self.hashes, self.classes, self.numbers, self.seconds)]
        parts.append(bytes(self.more))
        return _sizes.pack(*map(len, parts)) + b"".join(parts) + b"\n".join(self.keys)

    @classmethod
    def unpack(cls, data: bytes) -> Columns:
        """Read what `pack` wrote."""
        columns, at = cls(), _sizes.size
        into = (columns.hashes, columns.classes, columns.numbers, columns.seconds)
        *sizes, more = _sizes.unpack_from(data)
        for column, size in zip(into, sizes, strict=True):
            column.frombytes(data[at : at + size])
            at += size
        columns.more += data[at : at + more]
        if columns.hashes:
            columns.keys = data[at + more :].split(b"\n")
        return columns
