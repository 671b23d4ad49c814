"""Puts the sections of a table together in its file."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_census import Census
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_format import CHECKED_PIECE, HEADER_SIZE, Place, checksum, pack_header
from homeroom.kernel.lists.table_lay import Filter, Layer, Section


class Assembly:
    """One table being written to a seekable file: first `lay`, then `close`."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places: dict[str, Place] = {}
        self._homes = 0
        out.seek(0)
        out.write(bytes(HEADER_SIZE))

    def lay(self, partitions: Iterable[Columns], rows: BinaryIO, book: Book, census: Census) -> None:
        """Write cells, rows, blocks, checks and filter; `rows` is a scratch file for what comes behind the cells."""
        section, filter_ = Section(self._out), Filter(census.seconds)
        layer = Layer(section, rows, book, census.keys)
        for columns in partitions:
            layer.lay(columns)
            filter_.add(columns.seconds)
        layer.close()
        self._homes = layer.homes
        self._places["cells"] = section.place()
        checks = self._copy_rows(rows)
        self._write("blocks", layer.blocks.tobytes())
        self._write("checks", checks.tobytes())
        self._write("filter", filter_.words.tobytes())

    def close(self, nets: array[int], facts: Mapping[str, Any]) -> None:
        """Write the small sections and, last of all, the header that makes the file a table."""
        self._write("nets", nets.tobytes())
        self._write("facts", _json({**facts, "homes": self._homes}))
        length = self._out.tell()
        self._out.seek(0)
        self._out.write(pack_header(self._places, length))
        self._out.seek(length)

    def _copy_rows(self, rows: BinaryIO) -> array[int]:
        checks, section = array("Q"), Section(self._out)
        rows.seek(0)
        while piece := rows.read(CHECKED_PIECE):
            checks.append(checksum(piece))
            section.write(piece)
        self._places["rows"] = section.place()
        return checks

    def _write(self, name: str, data: bytes | bytearray) -> None:
        section = Section(self._out)
        section.write(data)
        self._places[name] = section.place()


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
