"""What changed between two versions of a list, in bounded memory: both are cut into parts that fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.entry import Entry

PARTS = 64
SAMPLES = 20
BUFFER = 1 << 16


class Keys:
    """What a version lists, written into PARTS files of a folder; the same entry always falls into the same part."""

    def __init__(self, folder: Path, name: str) -> None:
        self._paths = [folder / f"{name}-{number}" for number in range(PARTS)]
        self._stack = ExitStack()
        self._files = [self._stack.enter_context(path.open("wb", BUFFER)) for path in self._paths]

    def add(self, category: str, entry: Entry) -> None:
        """Note one entry."""
        mark = "-" if entry.allow or entry.cancel else "+"
        key = f"{category}\t{mark}{entry.how.value}\t{entry.pattern}\n".encode("utf-8", "replace")
        self._files[xxh3_64_intdigest(key) % PARTS].write(key)

    def close(self) -> None:
        """Nothing more is added."""
        self._stack.close()

    def parts(self) -> Iterator[set[bytes]]:
        """The keys, part by part."""
        for path in self._paths:
            with path.open("rb") as file:
                yield set(file)


def between(old: Keys, new: Keys) -> dict[str, dict[str, Any]]:
    """Per category: how many were added and removed, and a few of each (see ListVersion.changes)."""
    changes: dict[str, dict[str, Any]] = {}
    for before, after in zip(old.parts(), new.parts(), strict=True):
        _note(changes, "added", after - before)
        _note(changes, "removed", before - after)
    return dict(sorted(changes.items()))


def _note(changes: dict[str, dict[str, Any]], what: str, keys: set[bytes]) -> None:
    for key in sorted(keys):
        category, _, pattern = key.decode("utf-8", "replace").rstrip("\n").split("\t", 2)
        row = changes.setdefault(category, {"added": 0, "removed": 0, "samples_added": [], "samples_removed": []})
        row[what] += 1
        samples: list[str] = row[f"samples_{what}"]
        if len(samples) < SAMPLES:
            samples.append(pattern)
