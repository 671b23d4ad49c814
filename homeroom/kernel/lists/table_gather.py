"""First pass of the build: the records of one partition become columns, each thing said once.

The loops here run once for each entry of each list; they are kept flat because a call costs as much
as the work it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_format import CLASS_BITS, UNDER
from homeroom.kernel.lists.table_keys import pattern_of
from homeroom.kernel.lists.table_shapes import MIXED

# One row: its shape, line, identity and template.
Row = tuple[int, int, bytes, bytes]
# The rows of one key: its hash, itself, the rows.
Rows = tuple[int, bytes, list[Row]]


def gather(data: bytes, book: Book) -> Columns:
    """The columns of a partition that holds these records; shapes and classes go into the book."""
    records = data.split(b"\n")
    records.pop()
    records.sort()
    keys = sorted(_keys(records, book))
    alike = {keys[place][0] for near in _lookalikes(keys) for place in near}
    columns = Columns()
    hashes, classes, numbers, seconds = columns.hashes, columns.classes, columns.numbers, columns.seconds
    for key_hash, key, rows in keys:
        shapes = tuple([row[0] for row in rows])
        number = book.mixed(shapes) if key_hash in alike else book.class_id(shapes)
        hashes.append(key_hash)
        classes.append(number)
        if number != MIXED:
            numbers.extend([row[1] for row in rows if row[0]])
        if book.keeps_more[number]:
            _put_more(columns, key, rows, book, mixed=number == MIXED)
        second = _second_level(key, key_hash)
        if second is not None:
            seconds.append(second)
    columns.keys = [key for _, key, _ in keys]
    return columns


def _keys(records: list[bytes], book: Book) -> Iterator[Rows]:
    """Bring the rows of each key together, leaving out what is said twice or taken back by a $badfilter.

    Records that say the same follow each other, a $badfilter before all others, then the first line.
    """
    before = current = b""
    rows: list[Row] = []
    for record in records:
        said, line, template = record.rsplit(b"\t", 2)
        if said == before:
            continue
        before = said
        if line[0] == ord("!"):
            continue
        key, _, identity = said.partition(b"\t")
        if key != current:
            if rows:
                yield xxh3_64_intdigest(current), current, rows
            current, rows = key, []
        rows.append((book.shape_id(identity, template), int(line, 16), identity, template))
    if rows:
        yield xxh3_64_intdigest(current), current, rows


def _lookalikes(keys: list[Rows]) -> Iterator[tuple[int, int]]:
    """Neighbours whose hashes a cell cannot tell apart; they become MIXED, so that their rows are always asked."""
    prefixes = [each[0] >> CLASS_BITS for each in keys]
    for place, (one, other) in enumerate(pairwise(prefixes)):
        if one == other:
            yield place, place + 1


def _put_more(columns: Columns, key: bytes, rows: Sequence[Row], book: Book, *, mixed: bool) -> None:
    """Add what rows keep beside shape and line; rows of a MIXED key keep everything."""
    pattern, kept = pattern_of(key.decode()), list[Any]()
    for shape, line, identity, template in rows:
        more = book.more(shape, identity, template, pattern)
        if mixed and shape:
            kept.append([*book.shapes[shape], line, more])
        elif more:
            kept.append(more)
    data = json.dumps(kept, separators=(",", ":"), sort_keys=True).encode()
    columns.more += data
    columns.numbers.append(len(data))


def _second_level(key: bytes, key_hash: int) -> int | None:
    """What the filter must know of a key: see `Columns.seconds`; None for keys that no walk over names meets."""
    dot = key.rfind(b".")
    if b"/" in key or b":" in key or (key[-1] < 58 and key[dot + 1 :].isdigit()):
        return None
    second = key.rfind(b".", 0, dot) if dot > 0 else -1
    return xxh3_64_intdigest(key[second + 1 :]) | UNDER if second >= 0 else key_hash & ~UNDER
