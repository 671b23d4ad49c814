"""From checked versions to one compiled table, streaming; and a small table in memory for the viewpoint guard."""

from __future__ import annotations

import io
import mmap
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from homeroom.doors import bundle_file
from homeroom.filtering import reading
from homeroom.filtering.reading import Plan
from homeroom.filtering.spill import FolderSpill
from homeroom.filtering.viewpoint import Sieve
from homeroom.kernel.decision.bundle import EmptyTable, Slot, Table
from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.table import Table as MappedTable
from homeroom.kernel.lists.table_keys import BadEntry
from homeroom.kernel.lists.table_writer import Spill, Writer

FEW = 50_000  # entries
PAGES_MOST = 10_000
Told = Callable[[str, int], None]  # what is being done, entries so far


@dataclass(frozen=True, slots=True)
class Source:
    """One version to be compiled: how it is read, where it lies, and how decisions name it."""

    plan: Plan
    path: Path
    version: str
    entries: int = 0  # how many there were when it was checked; 0: nobody knows


@dataclass(slots=True)
class Compiled:
    """A finished table: its name in the bundle folder ("" for no lists at all), and entries per category.

    `by_list` has the same per list; `refused` are sentences about entries that no table can hold; `pages` the
    "host/path" patterns under the hosts that the sieve watches.
    """

    table: str = ""
    entries: int = 0
    refused: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    by_list: dict[str, dict[str, int]] = field(default_factory=dict)


class Slots:
    """Gives each file of each list, under each category it feeds, its bit."""

    def __init__(self) -> None:
        self._numbers: dict[Slot, int] = {}

    def __getitem__(self, slot: Slot) -> int:
        return self._numbers.setdefault(slot, len(self._numbers))

    def all(self) -> tuple[Slot, ...]:
        """The slots in the order of their bits."""
        return tuple(self._numbers)


def compile_all(
    home: Path, sources: Sequence[Source], told: Told = lambda *_: None, sieve: Sieve | None = None
) -> Compiled:
    """Compile every source into one table and install it; memory does not grow with the lists.

    Raises BadList (a list that can no longer be read), OSError (the disk). What was begun is taken away again.
    """
    if not sources:
        return Compiled()
    folder = home / "bundles"
    folder.mkdir(mode=0o700, exist_ok=True)
    done, watched = Compiled(), sieve or Sieve(())
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder) as work, _scratch(Path(work), sources) as spill:
        writer, slots = Writer(spill), Slots()
        for source in sources:
            _add(writer, slots, source, done, watched, told)
        told("Writing the table", done.entries)
        path = Path(work) / "table"
        with path.open("w+b") as out:
            writer.finish(out, slots.all(), {"lists": [[each.plan.name, each.version] for each in sources]})
            out.flush()
            os.fsync(out.fileno())
        _open(path)  # before anybody is asked to serve it
        done.table = bundle_file.install_rules(home, path)
    return done


def small(sieved: Iterable[tuple[str, str, Entry]], version: str) -> Table:
    """A table in memory of the few entries that a sieve let through, as (label, category, entry)."""
    entries = list(sieved)
    if not entries:
        return EmptyTable()
    writer, slots = Writer(_InMemory()), Slots()
    for label, category, entry in entries:
        writer.add(slots[Slot(label, version, category)], entry)
    out = io.BytesIO()
    writer.finish(out, slots.all(), {})
    return MappedTable(out.getvalue())


def _add(writer: Writer, slots: Slots, source: Source, done: Compiled, watched: Sieve, told: Told) -> None:
    stage = f"Reading {source.plan.name}"
    own: Counter[str] = Counter()
    done.by_list[source.plan.name] = own
    for part in reading.parts(source.path, source.plan):
        numbers: dict[str, int] = {}  # asked for millions of times, so kept as plain numbers
        for category, item in reading.entries(part, source.plan):
            if item.__class__ is Unsupported:
                continue
            slot = numbers.get(category)
            if slot is None:
                slot = numbers[category] = slots[Slot(part.label, source.version, category)]
            try:
                writer.add(slot, item)
            except BadEntry as refused:
                done.refused.append(f"{part.label}: {refused}")
                continue
            own[category] += 1
            done.entries += 1
            if item.how is How.URL and watched.page(item) and len(done.pages) < PAGES_MOST:
                done.pages.append(item.pattern)
            if not done.entries % reading.EVERY:
                told(stage, done.entries)
    for category, count in own.items():
        done.counts[category] = done.counts.get(category, 0) + count


def _scratch(work: Path, sources: Sequence[Source]) -> AbstractContextManager[Spill]:
    """Scratch files on disk; in memory where all lists together are small, which spares many little files."""
    few = all(each.entries for each in sources) and sum(each.entries for each in sources) < FEW
    return nullcontext(_InMemory()) if few else FolderSpill(work)


def _open(path: Path) -> None:
    with path.open("rb") as file:
        MappedTable(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))


class _InMemory:
    """Scratch files that are none."""

    def __init__(self) -> None:
        self._files: dict[int, BinaryIO] = {}

    def partition(self, number: int) -> BinaryIO:
        """The buffer of that number."""
        return self._files.setdefault(number, io.BytesIO())
