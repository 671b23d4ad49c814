"""Opens a list as it was downloaded: a plain file, a .gz, a tar or .tar.gz, or a folder in the shape of UT1.

A list of categories (UT1, squidGuard) is `CATEGORY/{domains,urls,expressions,usage}`; a category that is a
link to another is an alias, reported and not read twice. Nothing is ever written, and nothing outside
the archive is ever read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from homeroom.filtering.folder import folder_members
from homeroom.filtering.tar import BLOCK, Member, Tar, is_tar
from homeroom.filtering.unpack import DEFAULT, Limits, read_chunks, unpacked
from homeroom.kernel.lists.entry import BadList
from homeroom.kernel.lists.lines import split_lines

_PART = re.compile(r"(domains|urls|expressions|very_restrictive_expressions?|usage)(?:\.[0-9]{1,3})?(?:\.gz)?")
_BESIDE = re.compile(
    r"(?:readme|licen[cs]e|copying|copyright|changelog|authors|cc-|global_usage|\.).*|.*\.(?:md|pdf|html?)",
    re.IGNORECASE,
)
USAGES = {"black": "black", "white": "white", "grey": "grey", "gray": "grey"}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a list, to be read before the next part is asked for.

    `category` is the folder in an archive of categories, "" for a single file. `part` is "domains", "urls",
    "expressions" or, for a single file in a format of its own, "file"; the first three are formats of
    `kernel.lists.read`. `usage` is what the list's makers mean the category for: "black", "white",
    "grey" or "" where they do not say. `name` is the file as messages call it.
    """

    category: str
    part: str
    usage: str
    name: str
    _content: Callable[[], Iterator[bytes]] = field(repr=False)
    _limits: Limits = field(repr=False)

    def lines(self) -> Iterator[bytes]:
        """Its lines, bounded in length; raises BadList for what is no list. Only once for a part of an archive."""
        chunks = unpacked(_readable(self._content, self.name), self._limits, self.name)
        return split_lines(chunks, self._limits.line, where=self.name)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a list holds, seen without reading its entries.

    `usages` gives each category its usage, `aliases` each category that only links to another its target,
    `ignored` the files that are no part of the list, `odd` sentences about what looks wrong.
    """

    usages: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()


class Opened:
    """A list that has been looked through once and may be read: iterate over its parts.

    The whole file has been unpacked once by then, so that a damaged archive is refused before the first entry.
    """

    def __init__(
        self, path: Path, limits: Limits, where: str, contents: Contents, parts: dict[str, tuple[str, str]]
    ) -> None:
        self.contents, self._path, self._limits, self._where, self._parts = contents, path, limits, where, parts

    def __iter__(self) -> Iterator[Part]:
        for member in _members(self._path, self._limits, self._where):
            if member.kind == "file" and member.name in self._parts:
                category, part = self._parts[member.name]
                usage = self.contents.usages.get(category, "")
                where = f"{member.name} in {self._where}" if member.name else self._where
                yield Part(category, part, usage, where, member.content, self._limits)


def open_list(path: Path, limits: Limits = DEFAULT, *, where: str = "") -> Opened:
    """The list in a file or folder, ready to be read part by part; raises BadList with a sentence.

    `where` is what the sentence calls the list; the file's own name where nothing is given.
    """
    where = where or path.name
    survey = _Survey(where)
    for member in _members(path, limits, where):
        survey.see(member, limits)
    return Opened(path, limits, where, *survey.result())


class _Survey:
    """Everything seen in a first pass, since a category's usage and root are known only at the end."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._parts: dict[str, str] = {}
        self._usages: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._others: list[str] = []
        self._seen = 0

    def see(self, member: Member, limits: Limits) -> None:
        """Take one member into account."""
        self._seen += 1
        if self._seen > limits.members:
            raise BadList(f"{self._where} holds more than {limits.members} files. Check that it is a list.")
        folder, _, last = member.name.rpartition("/")
        match = _PART.fullmatch(last)
        if member.kind == "link":
            self._links[member.name] = member.target
        elif member.kind == "file" and match and folder:
            self._part(member, folder, match[1], limits)
        elif member.kind == "file":
            self._others.append(member.name)

    def result(self) -> tuple[Contents, dict[str, tuple[str, str]]]:
        """What the list holds, and for every file to be read its category and part."""
        parts = {name: part for name, part in self._parts.items() if part != "usage"}
        if not parts:
            return self._single()
        root = _root(name.rpartition("/")[0] for name in self._parts)
        placed = {name: (name.rpartition("/")[0].removeprefix(root), part) for name, part in parts.items()}
        categories = sorted({category for category, _ in placed.values()})
        usages = {folder.removeprefix(root): said for folder, said in self._usages.items()}
        aliases, lost = self._aliases(root, categories)
        contents = Contents(
            usages={category: USAGES.get(usages.get(category, ""), "") for category in categories},
            aliases=aliases,
            ignored=tuple(sorted(self._others)),
            odd=(*_odd(categories, usages), *lost),
        )
        return contents, placed

    def _part(self, member: Member, folder: str, part: str, limits: Limits) -> None:
        if member.name in self._parts:
            raise BadList(f"{self._where} holds {member.name!r} twice. Pack it again.")
        self._parts[member.name] = "expressions" if part.startswith("very_") else part
        if part == "usage":
            self._usages[folder] = _usage(unpacked(_readable(member.content, member.name), limits, member.name))

    def _single(self) -> tuple[Contents, dict[str, tuple[str, str]]]:
        found = [name for name in self._others if not _BESIDE.fullmatch(name.rpartition("/")[2])]
        if len(found) != 1:
            what = f"{len(found)} files" if found else "no file"
            raise BadList(
                f"{self._where} holds {what} that could be the list, and no folders of domains and urls. "
                "Give the one file that is the list."
            )
        return Contents(ignored=tuple(sorted({*self._others} - {*found}))), {found[0]: ("", "file")}

    def _aliases(self, root: str, categories: list[str]) -> tuple[dict[str, str], list[str]]:
        aliases: dict[str, str] = {}
        lost: list[str] = []
        for link, target in sorted(self._links.items()):
            for _ in range(8):  # a link may lead to a link; a ring of links leads nowhere
                target = self._links.get(target, target)
            place = target.removeprefix(root)
            if place in categories or target in self._parts:
                aliases[link.removeprefix(root)] = place
            else:
                lost.append(f"The link {link!r} leads to {target!r}, which the list does not hold; it was left out.")
        return aliases, lost


def _members(path: Path, limits: Limits, where: str) -> Iterator[Member]:
    """Everything in a folder or an archive; a single file as the one member with an empty name."""
    try:
        if path.is_dir():
            yield from folder_members(path)
            return
        with path.open("rb") as file:
            yield from _of_file(file, where, limits)
    except OSError as trouble:
        raise _unreadable(str(path), trouble) from trouble


def _of_file(file: BinaryIO, where: str, limits: Limits) -> Iterator[Member]:
    chunks = unpacked(read_chunks(file), limits, where)
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= BLOCK:
            break
    if is_tar(head):
        yield from Tar(_joined(head, chunks), where).members()
        return
    if not head:
        raise BadList(f"{where} is empty. Fetch it again.")
    whole = _joined(head, chunks)
    yield Member("", "file", "", lambda: whole)
    for _ in whole:
        pass


def _readable(content: Callable[[], Iterator[bytes]], name: str) -> Iterator[bytes]:
    try:
        yield from content()
    except OSError as trouble:
        raise _unreadable(name, trouble) from trouble


def _unreadable(name: str, trouble: OSError) -> BadList:
    reason = trouble.strerror or "an error of the disk"
    return BadList(f"{name} cannot be read: {reason}. Check the path and who may read it.")


def _joined(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _root(folders: Iterable[str]) -> str:
    """The folder around all categories, with its slash; "" when the categories stand at the top."""
    paths = {tuple(folder.split("/")) for folder in folders}
    tops = {path[0] for path in paths}
    return f"{tops.pop()}/" if len(tops) == 1 and all(len(path) > 1 for path in paths) else ""


def _usage(chunks: Iterator[bytes]) -> str:
    """The first word of the first line that is no comment; UT1 writes what the category is for first."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > 4_096:
            break
    lines = (line.strip().lower() for line in head[:4_096].decode("utf-8", "replace").splitlines())
    return next((line[:40] for line in lines if line and not line.startswith("#")), "")


def _odd(categories: list[str], usages: dict[str, str]) -> Iterator[str]:
    for category in categories:
        said = usages.get(category)
        if said is None:
            yield f"The category {category!r} does not say whether it is for blocking or for allowing."
        elif said not in USAGES:
            yield f"The category {category!r} is marked {said!r}, where black, white or grey was expected."
