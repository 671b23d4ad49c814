"""Builds a compiled table from entries in any order, with memory that does not grow with their number.

Entries go as lines into 128 scratch files by the first bits of their keys' hashes. Then each file
alone is sorted, cleared of what is said twice or taken back, and put aside as columns; then the
columns are laid into the table from front to back. The same entries make the same bytes, in
whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Protocol

from xxhash import xxh3_64_intdigest

from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_assemble import Assembly
from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_census import Census
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_expressions import ExpressionWriter, needs_slash
from homeroom.kernel.lists.table_gather import gather
from homeroom.kernel.lists.table_keys import BadEntry, key_of, marked_hosts
from homeroom.kernel.lists.table_record import URLS_HERE_RECORD, identity_of, record_of

PARTITIONS = 128
MOST_SLOTS = 1 << 16
LAST_LINE = (1 << 32) - 1
_ROWS = PARTITIONS  # the scratch file in which the rows wait until the cells are written
_SHIFT = 64 - PARTITIONS.bit_length() + 1
_MOST_HELD = 1 << 16  # records kept in memory before they go to the scratch files


class Spill(Protocol):
    """Scratch files by number, from 0 to PARTITIONS; the caller makes them and takes them away."""

    def partition(self, number: int) -> BinaryIO:
        """The file of that number, open for reading and writing; empty when first asked for."""


class Writer:
    """Takes entries with `add`, then writes the table with `finish`; good for one table."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._held: list[list[str]] = [[] for _ in range(PARTITIONS)]
        self._records = 0
        self._expressions = ExpressionWriter()
        self._most_slot = -1

    def add(self, slot: int, entry: Entry) -> None:
        """Take in an entry of the list that has this slot; raises BadEntry for one that no table can hold."""
        if not 0 <= slot < MOST_SLOTS:
            raise BadEntry(f"Line {entry.line} is for slot {slot}, but a table has slots 0 to {MOST_SLOTS - 1}.")
        if not 0 <= entry.line <= LAST_LINE:
            raise BadEntry(f"Line {entry.line} has a number that a table cannot hold; it counts to {LAST_LINE}.")
        self._most_slot = max(self._most_slot, slot)
        if entry.how is How.REGEX:
            self._expressions.add(slot, entry)
            return
        key, pattern = key_of(entry)
        self._hold(key, record_of(key, identity_of(slot, entry, pattern, key), pattern, entry))
        if entry.how is How.URL and not entry.cancel:
            for host in marked_hosts(key):
                self._hold(host, f"{host}\t{URLS_HERE_RECORD}\n")

    def finish(self, out: BinaryIO, slots: Sequence[Slot], meta: Mapping[str, Any]) -> None:
        """Write the table to a seekable file; `slots` name the bits of its masks, `meta` is any JSON to keep."""
        if self._most_slot >= len(slots):
            raise BadEntry(f"An entry is for slot {self._most_slot}, but only {len(slots)} slots are named.")
        expressions = self._expressions.rows()
        self._let_go()
        book, assembly = Book(), Assembly(out)
        census = self._gather(book)
        assembly.lay(self._columns(), self._spill.partition(_ROWS), book, census)
        counts = book.counts(len(slots))
        for slot, _ in expressions:
            counts[slot] += 1
        named = {"slots": [[slot.list, slot.version, slot.category] for slot in slots], "counts": counts, "meta": meta}
        expressed = {"expressions": [_expression_facts(slot, entry) for slot, entry in expressions]}
        assembly.close(census.nets.v4, {**named, **book.facts(), **census.facts(), **expressed})

    def _hold(self, key: str, record: str) -> None:
        self._held[xxh3_64_intdigest(key.encode()) >> _SHIFT].append(record)
        self._records += 1
        if self._records >= _MOST_HELD:
            self._let_go()

    def _let_go(self) -> None:
        for number, records in enumerate(self._held):
            if records:
                self._spill.partition(number).write("".join(records).encode())
                records.clear()
        self._records = 0

    def _gather(self, book: Book) -> Census:
        """Replace each scratch file of records by its columns."""
        census = Census()
        for number in range(PARTITIONS):
            file = self._spill.partition(number)
            file.seek(0)
            columns = gather(file.read(), book)
            census.take(columns, book)
            file.seek(0)
            file.truncate()
            file.write(columns.pack())
        return census

    def _columns(self) -> Iterator[Columns]:
        for number in range(PARTITIONS):
            file = self._spill.partition(number)
            file.seek(0)
            yield Columns.unpack(file.read())


def _expression_facts(slot: int, entry: Entry) -> list[Any]:
    more = {
        "unless": entry.unless,
        "qtypes": sorted(entry.qtypes),
        "not_qtypes": sorted(entry.not_qtypes),
        "text": entry.text,
    }
    flags = [entry.allow, entry.important]
    return [slot, entry.pattern, entry.line, *flags, more, needs_slash(entry.pattern)]
