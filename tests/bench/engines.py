"""Ways to hold names, each giving the same masks: the compiled table, what it is measured against, and what was tried.

Every engine walks over the suffixes of a host. `build` writes files below a folder; rows are names
with the number of their class, `open` gets for each class its masks (for the name itself, for names under it).
"""

from __future__ import annotations

import mmap
import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import lmdb
import marisa_trie
from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.table import Table

Rows = Callable[[], Iterator[tuple[str, int]]]
Masks = Sequence[tuple[int, int]]
Mask = Callable[[str], int]


def mapped(path: Path) -> memoryview:
    """A file in memory without a copy."""
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def suffix_walk(class_of: Callable[[bytes], int | None], masks: Masks) -> Mask:
    """Ask for the host, then for every parent."""

    def mask(host: str) -> int:
        key, found, self_or_below = host.encode(), 0, 0
        while key:
            number = class_of(key)
            if number is not None:
                found |= masks[number][self_or_below]
            self_or_below = 1
            key = key.partition(b".")[2]
        return found

    return mask


class CompiledTable:
    """Homeroom's own; built by its writer, see `names.py`."""

    files = ("homeroom.table",)

    def open(self, folder: Path, masks: Masks) -> Mask:
        return Table(mapped(folder / "homeroom.table")).mask


class PlainDict:
    """A Python dict, pickled."""

    files = ("dict.pickle",)

    def build(self, folder: Path, rows: Rows) -> None:
        with (folder / "dict.pickle").open("wb") as out:
            pickle.dump({name.encode(): number for name, number in rows()}, out, protocol=5)

    def open(self, folder: Path, masks: Masks) -> Mask:
        with (folder / "dict.pickle").open("rb") as file:
            return suffix_walk(pickle.load(file).get, masks)


class Marisa:
    """marisa-trie over reversed names; one call finds all listed suffixes. Classes in an array by key id."""

    files = ("marisa.trie", "marisa.classes")

    def build(self, folder: Path, rows: Rows) -> None:
        trie = marisa_trie.Trie([f"{name[::-1]}." for name, _ in rows()])
        trie.save(str(folder / "marisa.trie"))
        classes = array("H", bytes(2 * len(trie)))
        for name, number in rows():
            classes[trie.key_id(f"{name[::-1]}.")] = number
        (folder / "marisa.classes").write_bytes(classes.tobytes())

    def open(self, folder: Path, masks: Masks) -> Mask:
        trie = marisa_trie.Trie()
        trie.mmap(str(folder / "marisa.trie"))
        classes, found_in = mapped(folder / "marisa.classes").cast("H"), trie.iter_prefixes_with_ids

        def mask(host: str) -> int:
            key, found = f"{host[::-1]}.", 0
            for prefix, number in found_in(key):
                found |= masks[classes[number]][len(prefix) != len(key)]
            return found

        return mask


class Lmdb:
    """LMDB, one key per name, one read transaction kept open."""

    files = ("lmdb",)

    def build(self, folder: Path, rows: Rows) -> None:
        store = lmdb.open(str(folder / "lmdb"), subdir=False, map_size=1 << 33, sync=False)
        with store, store.begin(write=True) as act:
            for name, number in sorted((name.encode(), number) for name, number in rows()):
                act.put(name, number.to_bytes(2, "little"), append=True)

    def open(self, folder: Path, masks: Masks) -> Mask:
        store = lmdb.open(str(folder / "lmdb"), subdir=False, readonly=True, lock=False)
        get = store.begin(buffers=False).get

        def class_of(key: bytes) -> int | None:
            value = get(key)
            return None if value is None else int.from_bytes(value, "little")

        return suffix_walk(class_of, masks)


class OpenAddressing:
    """64-bit hashes with classes in them, twice as many places as names, probed for every suffix."""

    files = ("open.cells",)

    def build(self, folder: Path, rows: Rows) -> None:
        hashes = [(xxh3_64_intdigest(name.encode()), number) for name, number in rows()]
        size = 1 << (len(hashes) * 3 // 2).bit_length()
        cells = array("Q", bytes(8 * size))
        for key, number in hashes:
            at = key & (size - 1)
            while cells[at]:
                at = (at + 1) & (size - 1)
            cells[at] = (key & ~0xFFFF) | (number + 1)
        (folder / "open.cells").write_bytes(cells.tobytes())

    def open(self, folder: Path, masks: Masks) -> Mask:
        cells = mapped(folder / "open.cells").cast("Q")
        last = len(cells) - 1

        def class_of(key: bytes) -> int | None:
            hashed = xxh3_64_intdigest(key)
            at = hashed & last
            while cell := cells[at]:
                if cell ^ hashed < 0x10000:
                    return (cell & 0xFFFF) - 1
                at = (at + 1) & last
            return None

        return suffix_walk(class_of, masks)


class Buckets:
    """Sorted hashes in buckets of about eight, each bucket searched for six bytes of hash with `find`."""

    files = ("buckets.index", "buckets.data")

    def build(self, folder: Path, rows: Rows) -> None:
        hashes = sorted((xxh3_64_intdigest(name.encode()), number) for name, number in rows())
        bits = max(1, (len(hashes) // 8).bit_length())
        index, data, at = array("I", bytes(4 * ((1 << bits) + 1))), bytearray(), 0
        for key, number in hashes:
            while at < key >> (64 - bits):
                at += 1
                index[at] = len(data)
            data += (key & (1 << 48) - 1).to_bytes(6, "little") + number.to_bytes(2, "little")
        for rest in range(at + 1, len(index)):
            index[rest] = len(data)
        (folder / "buckets.index").write_bytes(index.tobytes())
        (folder / "buckets.data").write_bytes(data)

    def open(self, folder: Path, masks: Masks) -> Mask:
        index = mapped(folder / "buckets.index").cast("I")
        with (folder / "buckets.data").open("rb") as file:
            data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        shift, find = 64 - (len(index) - 1).bit_length() + 1, data.find

        def class_of(key: bytes) -> int | None:
            hashed = xxh3_64_intdigest(key)
            bucket = hashed >> shift
            start, end = index[bucket], index[bucket + 1]
            if start == end:
                return None
            at = find((hashed & 0xFFFFFFFFFFFF).to_bytes(6, "little"), start, end)
            return None if at < 0 or (at - start) % 8 else data[at + 6] | data[at + 7] << 8

        return suffix_walk(class_of, masks)


ENGINES: dict[str, Any] = {
    "homeroom": CompiledTable(),
    "marisa": Marisa(),
    "lmdb": Lmdb(),
    "dict": PlainDict(),
    "open": OpenAddressing(),
    "buckets": Buckets(),
}


def size_of(folder: Path, files: Iterable[str]) -> int:
    """How many bytes these files hold on disk."""
    return sum((folder / name).stat().st_size for name in files)
