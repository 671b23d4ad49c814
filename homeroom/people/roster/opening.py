"""A roster's files: a folder, a zip or one CSV file, with what its manifest says about them."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.kernel.roster import decoding, formats, names
from homeroom.kernel.roster.records import Guess, Problem

CHUNK = 1 << 18
LARGEST = 8 << 30  # bytes of one unpacked file
MOST_FILES = 500
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, decoding.TooLong)
MODES = ("bulk", "delta", "absent")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a roster: which of the format's files it is, its name as written, and how to open it."""

    file: str
    name: str
    delta: bool
    open: Callable[[], IO[bytes]]

    def lines(self) -> Iterator[str]:
        """Its lines as text. Raises decoding.TooLong, OSError, zipfile.BadZipFile."""
        with self.open() as file:
            yield from decoding.lines(iter(lambda: file.read(CHUNK), b""))


@dataclass(slots=True)
class Opened:
    """A roster's files, ready to be read in the format's order."""

    format: formats.Format
    source: str
    parts: list[Part]
    problems: list[Problem] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)


@dataclass(slots=True)
class _Manifest:
    version: str = ""
    system: str = ""
    modes: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def open_roster(path: Path, *, format: str = "", source: str = "", delta: bool = False) -> Opened:
    """Find the files under a path and say what they are. Raises Refused where there is no roster."""
    if format and format not in formats.FORMATS:
        raise Refused(
            _("There is no format “%(format)s”. Formats are %(known)s.")
            % {"format": format, "known": ", ".join(formats.FORMATS)}
        )
    files = _files(path)
    manifest = _manifest(next((opener for name, opener in files.items() if _stem(name) == "manifest"), None))
    tables = {name: opener for name, opener in files.items() if _stem(name) != "manifest"}
    if not tables:
        raise Refused(
            _("%(name)s holds no CSV file. Give a folder, a zip or a CSV file as your system exports it.")
            % {"name": path.name}
        )
    stems = [PurePosixPath(name).stem for name in tables]
    users = [opener for name, opener in tables.items() if _stem(name) == "users"]
    headers = {"users": _columns(users[0])} if users else {}
    chosen = formats.FORMATS[format or formats.detect(stems, manifest.version, headers)]
    if chosen.name == "plain" and len(tables) > 1:
        few = ", ".join(sorted(tables)[:5])
        raise Refused(
            _("These files are no roster that Homeroom knows: %(few)s. Name the format with --format.") % {"few": few}
        )
    opened = Opened(chosen, source or manifest.system or "roster", [], manifest.problems)
    _assign(opened, tables, manifest, delta)
    if not opened.parts:
        raise Refused(
            _("%(name)s holds no file of the format %(format)s. Choose another one with --format.")
            % {"name": path.name, "format": chosen.name}
        )
    return opened


def _stem(name: str) -> str:
    return names.bare(PurePosixPath(name).stem)


def _files(path: Path) -> dict[str, Callable[[], IO[bytes]]]:
    if path.is_dir():
        found = {each.name: each for each in sorted(path.iterdir()) if each.suffix.casefold() in (".csv", ".txt")}
        return {name: (lambda each=each: each.open("rb")) for name, each in found.items() if each.is_file()}
    if not path.is_file():
        raise Refused(_("There is nothing at %(path)s. Check the path.") % {"path": path})
    if not zipfile.is_zipfile(path):
        if path.suffix.casefold() in (".zip", ".xlsx", ".xls"):
            raise Refused(
                _("%(name)s is damaged or no zip of CSV files. Export it again as CSV.") % {"name": path.name}
            )
        return {path.name: lambda: path.open("rb")}
    return _packed(path)


def _packed(path: Path) -> dict[str, Callable[[], IO[bytes]]]:
    """The CSV files of a zip; nothing is unpacked to disk, so names in it can do no harm."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(
            _("%(name)s cannot be opened (%(error)s). Export it again.") % {"name": path.name, "error": error}
        ) from None
    inside = [each for each in archive.infolist() if each.filename.casefold().endswith((".csv", ".txt"))]
    inside = [each for each in inside if not PurePosixPath(each.filename).name.startswith("._")]
    if len(inside) > MOST_FILES:
        raise Refused(
            _("%(name)s holds %(inside)s files; a roster has a few dozen. Check what it is.")
            % {"name": path.name, "inside": len(inside)}
        )
    found: dict[str, Callable[[], IO[bytes]]] = {}
    for each in inside:
        if each.flag_bits & 1:
            raise Refused(
                _("%(filename)s in %(name)s is locked by a password. Export it without one.")
                % {"filename": each.filename, "name": path.name}
            )
        if each.file_size > LARGEST:
            raise Refused(
                _("%(filename)s in %(name)s is too large to be a roster. Check what it is.")
                % {"filename": each.filename, "name": path.name}
            )
        found[PurePosixPath(each.filename).name] = lambda each=each: archive.open(each)
    return found


def _columns(opener: Callable[[], IO[bytes]]) -> frozenset[str]:
    try:
        first = next(iter(_few_lines(opener)), "")
    except Refused:
        return frozenset()
    return frozenset(names.bare(cell) for cell in first.replace(";", ",").replace("\t", ",").split(","))


def _few_lines(opener: Callable[[], IO[bytes]]) -> list[str]:
    """The beginning of a small file."""
    try:
        with opener() as file:
            return [line.replace('"', "") for line in islice(decoding.lines(iter([file.read(100_000)])), 500)]
    except UNREADABLE as error:
        raise Refused(
            _("The manifest cannot be read (%(error)s). Export the roster again.") % {"error": error}
        ) from None


def _manifest(opener: Callable[[], IO[bytes]] | None) -> _Manifest:
    manifest = _Manifest()
    if opener is None:
        return manifest
    for number, cells in enumerate(csv.reader(_few_lines(opener)), start=1):
        name, value = (cells[0].strip(), cells[1].strip()) if len(cells) > 1 else ("", "")
        small = name.casefold()
        if small == "oneroster.version":
            manifest.version = value
        elif small == "source.systemcode" or (small == "source.systemname" and not manifest.system):
            manifest.system = value[:60]
        elif small.startswith("file."):
            if value.casefold() not in MODES:
                sentence = f"“{value[:40]}” is neither bulk, delta nor absent; the file was taken as absent."
                manifest.problems.append(Problem("manifest.csv", number, name[:60], sentence, left_out=True))
            manifest.modes[names.bare(small.removeprefix("file."))] = value.casefold()
    return manifest


def _assign(opened: Opened, tables: Mapping[str, Callable[[], IO[bytes]]], manifest: _Manifest, delta: bool) -> None:
    """Say which file is which, in the order of reading; note what is missing, unknown or close to a name."""
    chosen, written = opened.format, list(tables)
    if chosen.name == "plain":
        opened.parts = [Part("people", name, delta, opener) for name, opener in tables.items()]
        return
    known = {file: chosen.also.get(file, ()) for file in chosen.layouts}
    stems = [PurePosixPath(name).stem for name in written]
    surely, perhaps = names.match(stems, known, ours=chosen.unused)
    opened.guesses += [Guess(written[place], stems[place], file) for place, file in perhaps.items()]
    unused = {names.bare(each) for each in chosen.unused}
    for place, name in enumerate(written):
        if place not in surely and place not in perhaps and names.bare(stems[place]) not in unused:
            sentence = "This file is none of the format’s and was not read. Rename it if it should be."
            opened.problems.append(Problem(name, 0, "", sentence))
    by_file = {file: written[place] for place, file in {**perhaps, **surely}.items()}
    for file in chosen.layouts:
        mode = manifest.modes.get(names.bare(file), "bulk" if not manifest.modes else "")
        name = by_file.get(file)
        if name and mode in ("absent",):
            opened.problems.append(Problem(name, 0, "", "The manifest says that this file is absent; it was not read."))
        elif name:
            opened.parts.append(Part(file, name, delta or mode == "delta", tables[name]))
        elif mode in ("bulk", "delta") and manifest.modes:
            raise Refused(
                _("The manifest promises %(file)s.csv, which is not there. Export the roster again.") % {"file": file}
            )
