"""From a fetched file to entries under Homeroom's categories, and the check of a version before it may go live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from homeroom.filtering import archive, tables
from homeroom.filtering.difference import Keys
from homeroom.filtering.viewpoint import Sieve
from homeroom.kernel.lists import read
from homeroom.kernel.lists.entry import BadList, Entry, How, Unsupported

ARCHIVE = "ut1"  # the format of archives of categories
UNREAD_KEPT = 200
SIEVED_MOST = 200_000
GUESSING = "It guesses by words inside an address; blocking by guesses needs a recorded decision."
EVERY = 4096  # entries between two words about progress
Told = Callable[[int], None]  # entries so far


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: its format, what a bare name covers, and the category of each part.

    `category` is for formats with one subject, `mapping` ({folder: category or ""}) for archives; `decided`
    are the sensitive categories for which a decision is on record.
    """

    name: str
    format: str
    covers: str = ""
    category: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()

    def category_of(self, folder: str) -> tuple[str, str]:
        """VI.Alt3.C: the category of a folder, and why it is left out ("" where it is not)."""
        row = tables.folders().get(folder)
        category = self.mapping.get(folder, row.category if row else "")
        if not category:
            return "", row.reason if row else "No category is given for this folder; map it to read it."
        if tables.categories()[category].sensitive and category not in self.decided:
            return "", f"“{tables.categories()[category].title}” needs a recorded decision before it is read."
        return category, ""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a list: how decisions name it, the category it feeds, and what its lines say."""

    label: str
    category: str
    items: Iterator[Entry | Unsupported]


@dataclass(slots=True)
class Checked:
    """What a version holds: entries per category, lines nobody understood, parts left out as [part, why].

    `sieved` are the entries that may speak about viewpoint controls, as (label, category, entry).
    """

    counts: Counter[str] = field(default_factory=Counter)
    unread_count: int = 0
    unread: list[list[object]] = field(default_factory=list)
    left_out: list[list[str]] = field(default_factory=list)
    sieved: list[tuple[str, str, Entry]] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many entries in all."""
        return self.counts.total()


def parts(path: Path, plan: Plan, left_out: list[list[str]] | None = None) -> Iterator[Part]:
    """The parts of a file that feed a category, each to be read before the next; raises BadList with a sentence.

    Parts that feed none are noted in `left_out` with the reason.
    """
    opened = archive.open_list(path, where=f"The list “{plan.name}”")
    if left_out is not None:
        left_out += [[alias, f"Another name of {target}."] for alias, target in opened.contents.aliases.items()]
    for part in opened:
        if (plan.format == ARCHIVE) != (part.part != "file"):
            raise BadList(_wrong_kind(plan))
        if plan.format != ARCHIVE:
            yield Part(plan.name, plan.category, read.read(plan.format, part.lines(), covers=plan.covers))
            continue
        category, why = plan.category_of(part.category)
        if category:
            label = f"{plan.name}/{part.category}/{part.part}"
            yield Part(label, category, read.read(part.part, part.lines()))
        elif left_out is not None and [part.category, why] not in left_out:
            left_out.append([part.category, why])


def entries(part: Part, plan: Plan) -> Iterator[tuple[str, Entry | Unsupported]]:
    """What a part says, each entry with the category it feeds.

    VI.Alt3.C: an expression guesses by words, so it never feeds a category that carries a legal class, and
    guesses are read only where a decision about them is on record.
    """
    category = part.category
    if not tables.categories()[category].legal:
        for item in part.items:
            yield category, item
        return
    for item in part.items:
        if item.__class__ is Unsupported or item.how is not How.REGEX:
            yield category, item
        elif tables.GUESS in plan.decided:
            yield tables.GUESS, item
        else:
            yield category, Unsupported(item.line, item.text, GUESSING)


def check(path: Path, plan: Plan, sieve: Sieve, *, keys: Keys | None = None, told: Told = lambda _: None) -> Checked:
    """Read a whole version once: count it, keep what nobody understood, sieve it for the viewpoint guard."""
    found = Checked()
    seen = 0
    for part in parts(path, plan, found.left_out):
        for category, item in entries(part, plan):
            seen += 1
            if seen % EVERY == 0:
                told(seen)
            if isinstance(item, Unsupported):
                _unread(found, part, item)
                continue
            found.counts[category] += 1
            if keys:
                keys.add(category, item)
            if sieve.takes(item) and len(found.sieved) < SIEVED_MOST:
                found.sieved.append((part.label, category, item))
    return found


def note_keys(path: Path, plan: Plan, keys: Keys) -> None:
    """Read a version for nothing but the keys of its entries, to compare another with it."""
    for part in parts(path, plan):
        for category, item in entries(part, plan):
            if isinstance(item, Entry):
                keys.add(category, item)


def _unread(found: Checked, part: Part, item: Unsupported) -> None:
    found.unread_count += 1
    if len(found.unread) < UNREAD_KEPT:
        found.unread.append([item.line, item.text, item.why, part.label])


def _wrong_kind(plan: Plan) -> str:
    if plan.format == ARCHIVE:
        return "This is a single list, and “ut1” is a format for archives of categories. Add it under its own format."
    return f"This is an archive of categories, not one list of the format “{plan.format}”. Add it as “ut1”."
