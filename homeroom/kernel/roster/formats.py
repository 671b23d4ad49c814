"""The formats, and which one a set of files is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from homeroom.kernel.roster import clever, names, oneroster, plain
from homeroom.kernel.roster.records import Kind, Record
from homeroom.kernel.roster.table import Layout, Row


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its files in the order of reading, and how a row is read."""

    name: str
    title: str
    layouts: Mapping[str, Layout]
    also: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    read: Callable[[str, Row], Iterator[Record]]
    whole: Callable[[str, frozenset[str]], set[tuple[Kind, str]]]


def _one(name: str, title: str) -> Format:
    return Format(
        name, title, oneroster.LAYOUTS, oneroster.ALSO_CALLED, oneroster.UNUSED, oneroster.read, oneroster.whole
    )


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        _one("oneroster-1.1", "OneRoster 1.1 CSV"),
        _one("oneroster-1.2", "OneRoster 1.2 CSV"),
        _one("sds-2.1", "Microsoft School Data Sync v2.1"),
        _one("supplement", "contacts supplement"),
        Format("clever", "Clever", clever.LAYOUTS, clever.ALSO_CALLED, clever.UNUSED, clever.read, clever.whole),
        Format("plain", "plain CSV", plain.LAYOUTS, plain.ALSO_CALLED, plain.UNUSED, plain.read, plain.whole),
    )
}


def detect(stems: Iterable[str], version: str = "", headers: Mapping[str, frozenset[str]] | None = None) -> str:
    """The name of the format that files of these names are, by the manifest's version and the columns of users.

    >>> detect(["students", "sections", "enrollments"]), detect(["users", "orgs"], "1.1"), detect(["Class list"])
    ('clever', 'oneroster-1.1', 'plain')
    """
    known = {names.bare(each) for each in stems}
    if {"students", "sections"} <= known or {"students", "schools"} <= known or {"students", "enrollments"} <= known:
        return "clever"
    ones = {names.bare(each) for each in oneroster.LAYOUTS}
    if "users" in known:
        columns = (headers or {}).get("users", frozenset())
        if version.startswith("1.1") or (not version and "role" in columns):
            return "oneroster-1.1"
        return "oneroster-1.2" if version else "sds-2.1"
    return "supplement" if known & ones else "plain"
