"""The compiled table's file: where its sections lie, and how damage is noticed.

    header      magic, version, the length of the file, the place and checksum of each section
    cells       one 64-bit cell per key, in the order of the keys' hashes: 48 bits of hash, 16 bits of class
    rows        the keys themselves with line numbers and odd texts, in blocks of 32 cells
    blocks      where each block of rows begins
    checks      one checksum per 64 KiB of rows
    filter      32-bit words: three bits for each second-level name with anything listed at it, three if under it
    nets        for each /16 of IPv4 the prefix lengths that occur in it; empty where no list holds a range
    facts       slots, counts, shapes, classes and expressions, as JSON

Everything that every lookup reads is checked when the table is opened. Rows are read only for
records, explanations, exceptions and exports; they are checked piece by piece when read, so that
opening five million names does not read them all from disk. Numbers are little-endian.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from xxhash import xxh3_64_intdigest as checksum

__all__ = ["BadTable", "Place", "checksum", "home_of", "pack_header", "read_places", "read_sections"]

MAGIC = b"\x89HRTABLE"
VERSION = 3
SECTIONS = ("cells", "rows", "blocks", "checks", "filter", "nets", "facts")
CHECKED_WHEN_READ = frozenset({"rows"})
HEADER_SIZE = 256

CELLS_PER_BLOCK = 32
CHECKED_PIECE = 1 << 16
CLASS_BITS = 16
CLASS_MASK = (1 << CLASS_BITS) - 1
HASH_MASK = (1 << 64) - 1 - CLASS_MASK
EMPTY = (1 << 64) - 1
# The filter is a blocked Bloom filter: the first bits of a hash choose the word, twelve others three of its bits.
# Thirty of 32 bits are used, since Python computes with numbers up to 2 ** 30 fastest.
UNDER = 1 << 31  # set in a hash on its way to the filter where a deeper name is listed; no other use of this bit
FILTER_BITS = [1 << a | 1 << b | 1 << c for a, b, c in combinations(range(30), 3)]
FILTER_BITS += FILTER_BITS[: 4096 - len(FILTER_BITS)]

_head = struct.Struct("<8sHHIQ")
_place = struct.Struct("<QQQ")
_check = struct.Struct("<Q")


class BadTable(ValueError):
    """A compiled table that cannot be served; the message is a sentence with the next step."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section lies: its first byte, its length in bytes, its checksum (xxh3_64)."""

    start: int
    length: int
    check: int


def home_of(key_hash: int, homes: int) -> int:
    """The cell at which the search for a hash begins; it grows with the hash.

    >>> home_of(0, 1000), home_of(2**63, 1000), home_of(2**64 - 1, 1000)
    (0, 500, 999)
    """
    return (key_hash >> 32) * homes >> 32


def listed_bits(second_hash: int) -> int:
    """The bits of its filter word that are set where a second-level name, or anything under it, is listed."""
    return FILTER_BITS[second_hash & 4095]


def under_bits(second_hash: int) -> int:
    """The bits of its filter word that are set where anything under a second-level name is listed."""
    return FILTER_BITS[second_hash >> 12 & 4095]


def pack_header(places: Mapping[str, Place], length: int) -> bytes:
    """The first HEADER_SIZE bytes of a table of that length."""
    head = _head.pack(MAGIC, VERSION, len(SECTIONS), 0, length)
    for name in SECTIONS:
        place = places[name]
        head += _place.pack(place.start, place.length, place.check)
    head = head.ljust(HEADER_SIZE - _check.size, b"\0")
    return head + _check.pack(checksum(head))


def read_places(view: memoryview) -> dict[str, Place]:
    """Where the sections of a table lie, for programs of other languages that read it beside us."""
    return {
        name: Place(*_place.unpack_from(view, _head.size + index * _place.size)) for index, name in enumerate(SECTIONS)
    }


def read_sections(view: memoryview) -> dict[str, memoryview]:
    """The sections of a table, checked except for rows; raises BadTable with a sentence."""
    _refuse_foreign(view)
    sections = {}
    for index, name in enumerate(SECTIONS):
        start, length, check = _place.unpack_from(view, _head.size + index * _place.size)
        section = view[start : start + length]
        if len(section) != length:
            raise BadTable(f"The compiled lists end inside their section “{name}”; build them again.")
        if name not in CHECKED_WHEN_READ and checksum(section) != check:
            raise BadTable(f"The compiled lists are damaged in their section “{name}”; build them again.")
        sections[name] = section
    return sections


def _refuse_foreign(view: memoryview) -> None:
    if sys.byteorder != "little":
        raise BadTable("Compiled lists are read on little-endian machines only; this one is big-endian.")
    if len(view) < HEADER_SIZE:
        raise BadTable("The compiled lists are cut short; build them again.")
    magic, version, _, _, length = _head.unpack_from(view)
    if magic != MAGIC:
        raise BadTable("This file does not hold compiled lists; build them again.")
    if version != VERSION:
        age = "a newer" if version > VERSION else "an older"
        raise BadTable(f"The compiled lists were made by {age} Homeroom (format {version}); build them again.")
    (check,) = _check.unpack_from(view, HEADER_SIZE - _check.size)
    if checksum(view[: HEADER_SIZE - _check.size]) != check:
        raise BadTable("The head of the compiled lists is damaged; build them again.")
    if length != len(view):
        raise BadTable(f"The compiled lists should be {length} bytes long but are {len(view)}; build them again.")
