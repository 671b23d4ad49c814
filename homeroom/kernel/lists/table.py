"""The compiled table: millions of listed names, URLs, ranges and expressions in one mapped file.

`mask` is asked for every name that reaches a door, nearly always about a name that nobody lists.
Its way through the file is short: the last two labels of the host are hashed and looked up in a
filter of a few megabytes; nine in ten questions end there. Otherwise the hash leads to a cell, and
the cell's class is an index into lists of ready-made masks. Only where an exception, a condition or
a URL is in play are the rows themselves asked, by the same rules that `listings` shows.

The file is described in `table_format`, made by `table_writer`, and may be shared by any number of
processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from xxhash import xxh3_64_intdigest as hash64

from homeroom.kernel.decision.bundle import Listing, Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import is_address, suffixes
from homeroom.kernel.lists.table_expressions import Expressions
from homeroom.kernel.lists.table_format import (
    CLASS_MASK,
    FILTER_BITS,
    HASH_MASK,
    BadTable,
    Place,
    home_of,
    read_places,
    read_sections,
    under_bits,
)
from homeroom.kernel.lists.table_judge import Row, speaks, verdict
from homeroom.kernel.lists.table_keys import path_keys
from homeroom.kernel.lists.table_nets import net_keys
from homeroom.kernel.lists.table_record import row_of
from homeroom.kernel.lists.table_rows import Rows, shape_from_json
from homeroom.kernel.lists.table_shapes import Masks, Shape

__all__ = ["BadTable", "Table", "Walk"]


class Walk(NamedTuple):
    """Where the cells and the filter lie, and for each class of a cell the mask of a name itself and of those below.

    A mask of `allow` or more means that slots alone cannot answer. `own_slots` and `below_slots` are the same slots in
    the order of their lines.
    """

    places: dict[str, Place]
    homes: int
    shift: int
    allow: int
    own: Sequence[int]
    below: Sequence[int]
    own_slots: Sequence[tuple[int, ...]]
    below_slots: Sequence[tuple[int, ...]]


class Table:
    """A table over a buffer (bytes or a memory map, kept for the table's life).

    `slots` name the bits of a mask, `counts` say how many entries each has, `meta` is what the
    builder was given to keep. Raises BadTable with a sentence for a damaged, foreign or newer file,
    when opened or, for the rows behind a listing, when read.
    """

    slots: Sequence[Slot]
    counts: tuple[int, ...]
    meta: dict[str, Any]

    def __init__(self, buffer: bytes | bytearray | memoryview) -> None:
        view = memoryview(buffer)
        sections, self._places = read_sections(view), read_places(view)
        try:
            self._open(sections)
        except (KeyError, ValueError, TypeError, IndexError) as trouble:
            raise BadTable(f"The compiled lists contradict themselves ({trouble!r}); build them again.") from trouble

    def _open(self, sections: dict[str, memoryview]) -> None:
        facts = json.loads(bytes(sections["facts"]))
        self.slots = tuple(Slot(*names) for names in facts["slots"])
        self.counts, self.meta, self.keys = tuple(facts["counts"]), facts["meta"], facts["keys"]
        shapes = [shape_from_json(fields) for fields in facts["shapes"]]
        classes = [[shapes[number] for number in numbers] for numbers in facts["classes"]]
        masks = Masks(classes, len(self.slots))
        self._own, self._own_url, self._below = masks.own, masks.own_url, masks.below
        self._own_rows, self._below_rows = masks.own_rows, masks.below_rows
        self._allow, self._ask = masks.allow, masks.ask
        self._homes = facts["homes"]
        self._cells = sections["cells"].cast("Q")
        self._filter = sections["filter"].cast("I")
        self._shift = 65 - len(self._filter).bit_length()
        self._v4, self._v6 = sections["nets"].cast("Q"), facts["v6"]
        self._rows = Rows(sections, self._homes, classes, masks.numbers)
        self._expressions = [_expression_row(fields) for fields in facts["expressions"]]
        sources = [entry.pattern for _, entry in self._expressions]
        self._for_urls = Expressions(dict(enumerate(sources)))
        self._for_names = Expressions({n: sources[n] for n, row in enumerate(facts["expressions"]) if not row[-1]})
        self._literals = facts["literals"]
        self._short = facts["short"]  # the last characters of names that `_aside` must look for
        odd = facts["short"] + "0123456789" * facts["addresses"]
        self._odd = bytes(self._for_names.any or chr(ending) in odd for ending in range(256))
        self._watchful = any(self._odd)

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        """The slots that list this host (a canonical name or an address literal) or URL; 0 for none.

        With five million names about one unlisted name in fifty million shares 48 bits of hash with a
        listed one and gets its mask; `listings` compares the names themselves and then holds nothing.
        """
        mask = self._slots(host, path)
        return mask if mask < self._allow else self._judged(mask, host, path, qtype)

    def plain(self, host: str) -> int:
        """`mask` of a host where slots alone tell it, or -1 where the rows must be asked."""
        mask = self._slots(host, "")
        return mask if mask < self._allow else -1

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        """Slot and line of the first of `listings` behind any of these slots, where `plain` knew them; else None.

        Reads no more than the line's number, which is a small part of what `listings` reads.
        """
        name, places = host.encode(), self._own_rows
        while name:
            for at, kind in self._rows.cells_of(name):
                bit, place = next((each for each in places[kind] if each[0] & slots), (0, 0))
                line = self._rows.line(at, name, place) if bit else None
                if line is not None:
                    return bit.bit_length() - 1, line
            name, places = name.partition(b".")[2], self._below_rows
        return None

    def _slots(self, host: str, path: str) -> int:
        """The slots, and above them the marks of `Masks` where these alone cannot answer."""
        key = host.encode()
        dot = key.rfind(b".", 0, -4)  # before the second level of ex.com and of ex.de
        second = key[dot + 1 :]
        if 46 not in second:  # no dot: the last label has four letters or more
            if dot < 0:
                return self._single(host, path)
            dot = key.rfind(b".", 0, dot)
            second = key[dot + 1 :]
        mask = self._aside(host, path) if path or (self._watchful and self._odd[key[-1]]) else 0
        hashed = hash64(second)
        bits = FILTER_BITS[hashed & 4095]
        if self._filter[hashed >> self._shift] & bits == bits:
            mask |= self._walk(key, dot, hashed, self._own_url if path else self._own)
        return mask

    def listings(self, host: str, path: str = "", qtype: str = "") -> tuple[Listing, ...]:
        """The lines behind `mask`, the most specific first, for records and explanations."""
        _, rows = verdict(self._speaking(host, path, qtype))
        return tuple(Listing(slot, entry.line, entry.text, entry.pattern) for slot, entry in rows)

    def walk(self) -> Walk:
        """What another program needs to find the class of a name in this table's file, as `mask` does."""
        own, below = (
            [tuple(bit.bit_length() - 1 for bit, _ in each) for each in rows]
            for rows in (self._own_rows, self._below_rows)
        )
        return Walk(self._places, self._homes, self._shift, self._allow, self._own, self._below, own, below)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Slot and entry of everything in the table, for exports and comparisons."""
        yield from self._rows
        yield from self._expressions

    def check(self) -> None:
        """Check also the rows, all of them; raises BadTable."""
        self._rows.check()

    def _walk(self, key: bytes, dot: int, hashed: int, own: list[int]) -> int:
        """The mask of a name from its second level, which begins behind `dot`, down to itself."""
        cells, homes, mask, second = self._cells, self._homes, 0, True
        while True:
            low = hashed & HASH_MASK
            at = (hashed >> 32) * homes >> 32
            cell = cells[at]
            while cell < low:
                at += 1
                cell = cells[at]
            if cell - low < CLASS_MASK:
                mask |= (self._below if dot >= 0 else own)[cell & CLASS_MASK]
            if dot < 0 or (second and not self._anything_under(hashed)):
                return mask
            second = False
            dot = key.rfind(b".", 0, dot)
            hashed = hash64(key[dot + 1 :])

    def _anything_under(self, hashed: int) -> bool:
        """Whether the filter knows of anything listed under a second-level name."""
        bits = under_bits(hashed)
        return self._filter[hashed >> self._shift] & bits == bits

    def _address(self, host: str, own: list[int]) -> int:
        """The mask of an address literal."""
        mask = self._look(host, own) if self._literals else 0
        for key in net_keys(host, self._v4, self._v6):
            mask |= self._look(key, own)
        return mask

    def _single(self, host: str, path: str) -> int:
        """The slots of a single label or an IPv6 address."""
        own = self._own_url if path else self._own
        mask = self._aside(host, path)
        if not is_address(host):
            mask |= self._look(host, own)
        return mask

    def _aside(self, host: str, path: str) -> int:
        """What no walk from the second level meets: expressions, addresses, last labels, names like b.c and a.b.c."""
        own = self._own_url if path else self._own
        expressions = self._for_urls if path else self._for_names
        mask = self._ask if expressions.any and expressions.found((host + path).encode()) else 0
        if is_address(host):
            return mask | self._address(host, own)
        if host[-1] in self._short:
            last = host[host.rfind(".") + 1 :]
            for name in suffixes(host) if len(last) == 1 else (last,):
                mask |= self._look(name, own if name == host else self._below)
        return mask

    def _look(self, key: str, masks: list[int]) -> int:
        """One mask of the class of a key; 0 where the key is not in the table."""
        hashed = hash64(key.encode())
        low, at = hashed & HASH_MASK, home_of(hashed, self._homes)
        while self._cells[at] < low:
            at += 1
        kind = self._cells[at] - low
        return masks[kind] if kind < CLASS_MASK else 0

    def _judged(self, mask: int, host: str, path: str, qtype: str) -> int:
        """The mask where slots alone cannot answer; exceptions without any block need no second look."""
        if mask == self._allow:
            return 0
        return verdict(self._speaking(host, path, qtype))[0]

    def _speaking(self, host: str, path: str, qtype: str) -> Iterator[Row]:
        """Every row that speaks about a question, exceptions included."""
        for key in self._keys(host, path):
            for slot, entry in self._rows.of(key):
                if speaks(entry, host, path, qtype):
                    yield slot, entry
        for number in (self._for_urls if path else self._for_names).matches((host + path).encode()):
            slot, entry = self._expressions[number]
            if speaks(entry, host, path, qtype):
                yield slot, entry

    def _keys(self, host: str, path: str) -> Iterator[str]:
        """Every key that may hold a row for a question, the most specific first."""
        if path:
            for base in (host, host[4:]) if host.startswith("www.") else (host,):
                for part in path_keys(path):
                    yield base + part
        if is_address(host):
            yield host
            yield from net_keys(host, self._v4, self._v6)
        else:
            yield from suffixes(host)


def _expression_row(fields: list[Any]) -> Row:
    slot, pattern, line, allow, important, more, _ = fields
    return row_of(Shape(slot, How.REGEX, allow, important, True, None), pattern, line, more)
