"""First pass of the build: the records of one partition become columns, each thing said once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_format import CLASS_BITS
from homeroom.kernel.lists.table_keys import pattern_of
from homeroom.kernel.lists.table_shapes import MIXED

# The rows of one key: its hash, itself, their shapes, their lines, and what else they keep.
Rows = tuple[int, bytes, tuple[int, ...], Sequence[int], Sequence[dict[str, Any]]]


def gather(data: bytes, book: Book) -> Columns:
    """The columns of a partition that holds these records; shapes and classes go into the book."""
    records = data.split(b"\n")
    records.pop()
    records.sort()
    keys = sorted(_keys(records, book))
    columns = Columns()
    before = None
    for index, rows in enumerate(keys):
        prefix = rows[0] >> CLASS_BITS
        after = keys[index + 1][0] >> CLASS_BITS if index + 1 < len(keys) else None
        _put(columns, rows, book, lookalike=prefix in (before, after))
        before = prefix
    return columns


def _keys(records: list[bytes], book: Book) -> Iterator[Rows]:
    """Bring the rows of each key together."""
    current, group = b"", list[tuple[bytes, bytes, bytes]]()
    for said, line, template in _said_once(records):
        key, _, identity = said.partition(b"\t")
        if key != current:
            if group:
                yield _rows(current, group, book)
            current, group = key, []
        group.append((identity, line, template))
    if group:
        yield _rows(current, group, book)


def _said_once(records: list[bytes]) -> Iterator[list[bytes]]:
    """The first record of all that say the same, unless a $badfilter takes them all away."""
    before = b""
    for record in records:
        parts = record.rsplit(b"\t", 2)
        if parts[0] != before:
            before = parts[0]
            if not parts[1].startswith(b"!"):
                yield parts


def _rows(key: bytes, group: list[tuple[bytes, bytes, bytes]], book: Book) -> Rows:
    shapes = tuple([book.shape_id(identity, template) for identity, _, template in group])
    lines = [int(line, 16) for shape, (_, line, _) in zip(shapes, group, strict=True) if shape]
    more = [
        book.more(shape, identity, template, pattern_of(key.decode()))
        for shape, (identity, _, template) in zip(shapes, group, strict=True)
        if book.shapes[shape].keeps_more
    ]
    return xxh3_64_intdigest(key), key, shapes, lines, more


def _put(columns: Columns, rows: Rows, book: Book, *, lookalike: bool) -> None:
    """Add one key. Keys that cells cannot tell apart become MIXED, so that their rows are always asked."""
    key_hash, key, shapes, lines, more = rows
    number = book.mixed(shapes) if lookalike else book.class_id(shapes)
    columns.hashes.append(key_hash)
    columns.classes.append(number)
    columns.keys.append(key)
    if number == MIXED:
        _put_more(columns, _spelled_out(rows, book))
    else:
        columns.numbers.extend(lines)
        if more:
            _put_more(columns, more)
    second = _second_level(key, key_hash)
    if second is not None:
        columns.seconds.append(second)


def _put_more(columns: Columns, more: Sequence[Any]) -> None:
    data = json.dumps(more, separators=(",", ":"), sort_keys=True).encode()
    columns.more += data
    columns.numbers.append(len(data))


def _spelled_out(rows: Rows, book: Book) -> list[Any]:
    """Rows with their shapes, as MIXED keys keep them."""
    _, _, shapes, lines, more = rows
    left, spelled = iter(more), []
    for shape, line in zip([book.shapes[shape] for shape in shapes if shape], lines, strict=True):
        spelled.append([*shape, line, next(left) if shape.keeps_more else {}])
    return spelled


def _second_level(key: bytes, key_hash: int) -> int | None:
    """What the filter must know of a key: see `Columns.seconds`; None for keys that no walk over names meets."""
    if b"/" in key or b":" in key:
        return None
    dot = key.rfind(b".")
    if key[-1] < 58 and key[dot + 1 :].isdigit():
        return None
    second = key.rfind(b".", 0, dot) if dot > 0 else -1
    if second < 0:
        return key_hash & ~1
    return xxh3_64_intdigest(key[second + 1 :]) | 1
