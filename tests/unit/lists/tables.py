"""Tables for tests: made in memory, and the naive reading of entries that they must agree with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import BinaryIO

import re2

from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.decision.overlay import path_begins
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import is_address, suffixes
from homeroom.kernel.lists.table import Table
from homeroom.kernel.lists.table_writer import Writer

Listed = tuple[int, Entry]


class Memory:
    """Scratch files that are none."""

    def __init__(self) -> None:
        self._files: dict[int, BinaryIO] = {}

    def partition(self, number: int) -> BinaryIO:
        return self._files.setdefault(number, io.BytesIO())


def slots(count: int) -> tuple[Slot, ...]:
    return tuple(Slot(f"list {number}", "1", f"category {number}") for number in range(count))


def compiled(listed: Iterable[Listed], count: int = 4, meta: object = None) -> bytes:
    """The bytes of a table of these entries."""
    writer, out = Writer(Memory()), io.BytesIO()
    for slot, entry in listed:
        writer.add(slot, entry)
    writer.finish(out, slots(count), {"made": meta})
    return out.getvalue()


def table(listed: Iterable[Listed], count: int = 4) -> Table:
    return Table(compiled(listed, count))


def kept(listed: Sequence[Listed]) -> dict[tuple[object, ...], Listed]:
    """What a table keeps: the first line of all that say the same, nothing that a $badfilter takes back."""
    gone = {_identity(slot, entry) for slot, entry in listed if entry.cancel}
    found: dict[tuple[object, ...], Listed] = {}
    for slot, entry in sorted(listed, key=lambda each: (each[1].line, each[1].text)):
        identity = _identity(slot, entry)
        if identity not in gone:
            found.setdefault(identity, (slot, entry))
    return found


def asked(listed: Sequence[Listed], host: str, path: str = "", qtype: str = "") -> tuple[int, set[tuple[int, str]]]:
    """The mask and the (slot, pattern) of its lines, by going through every entry."""
    speaking = [(slot, entry) for slot, entry in kept(listed).values() if _speaks(entry, host, path, qtype)]
    mask, lines = 0, set()
    for slot in {slot for slot, _ in speaking}:
        here = [entry for each, entry in speaking if each == slot]
        important = [entry for entry in here if entry.important]
        counting = important or here
        if not any(entry.allow for entry in counting):
            mask |= 1 << slot
            lines |= {(slot, entry.pattern) for entry in counting}
    return mask, lines


def _identity(slot: int, entry: Entry) -> tuple[object, ...]:
    return slot, entry._replace(line=0, text="", cancel=False)


def _speaks(entry: Entry, host: str, path: str, qtype: str) -> bool:
    if entry.qtypes and qtype not in entry.qtypes:
        return False
    if qtype in entry.not_qtypes or any(suffix in entry.unless for suffix in suffixes(host)):
        return False
    return _matches(entry, host, path)


def _matches(entry: Entry, host: str, path: str) -> bool:
    pattern = entry.pattern
    if entry.how is How.NET:
        return is_address(host) and ip_address(host) in ip_network(pattern)
    if entry.how is How.REGEX:
        return re2.search(pattern, host + path) is not None
    if entry.how is How.URL:
        listed_host, _, listed_path = pattern.partition("/")
        return bool(path) and host in (listed_host, "www." + listed_host) and path_begins(path, "/" + listed_path)
    under = host.endswith("." + pattern) and not is_address(host)
    if entry.how is How.SUB:
        return under
    return host == pattern or (under and entry.how is How.SUFFIX)
