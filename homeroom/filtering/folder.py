"""A folder of lists on this machine, seen as the members of an archive; links that lead out of it are refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from homeroom.filtering.tar import Member, led_to
from homeroom.filtering.unpack import read_chunks
from homeroom.kernel.lists.entry import BadList


def folder_members(root: Path) -> Iterator[Member]:
    """Every file, folder and link below a folder, by name; raises BadList and OSError."""
    yield from _below(root, "", root.name)


def _below(root: Path, folder: str, where: str) -> Iterator[Member]:
    with os.scandir(root / folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_symlink():
            target = os.readlink(root / name)  # noqa: PTH115 (as written, not resolved)
            yield Member(name, "link", led_to(name, target, where), _nothing)
        elif entry.is_dir():
            yield Member(name, "folder", "", _nothing)
            yield from _below(root, name, where)
        elif entry.is_file():
            yield Member(name, "file", "", partial(_content, root / name))
        else:
            raise BadList(f"{where} holds {name!r}, which is no plain file. Take it out of the folder.")


def _nothing() -> Iterator[bytes]:
    return iter(())


def _content(path: Path) -> Iterator[bytes]:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC  # a link put there in the meantime is not followed
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 (an open descriptor has no Path)
        yield from read_chunks(file)
