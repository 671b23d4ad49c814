"""One CSV file as rows with known columns.

Whatever cannot be read becomes a problem with its place. Cells of password columns are let go of before
anybody can look at them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from homeroom.kernel.roster import cells, names
from homeroom.kernel.roster.records import Guess, Problem

LONGEST_CELL = 20_000
LONGEST_ROW = 6  # lines; more means that a quotation mark was never closed
_EXTRA_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: name to other spellings; those it cannot do without; those that are known but not used."""

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class Row:
    """One row; its getters note what is wrong instead of raising."""

    file: str
    line: int
    values: dict[str, str]
    extras: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bad: bool = False
    nameless: bool = False  # an id is missing, so that nobody can say whom the row is about

    def text(self, column: str, limit: int = 200) -> str:
        """A cell, "" where there is none; noted and cut where it is too long."""
        value = self.values.get(column, "")
        if len(value) > limit:
            self.note(column, f"This is longer than {limit} characters and was cut. Shorten it in the source system.")
            return value[:limit]
        return value

    def id(self, column: str) -> str:
        """An id that must be there; the row is left out without it."""
        value = self.values.get(column, "")
        if not value:
            self.nameless = True
            self.refuse(column, f"There is no {column}. Give one, so that the row says whom or what it is about.")
        elif len(value) > 200 or not value.isprintable():
            self.refuse(column, f"This is no {column}: too long, or with characters that cannot be printed.")
        return value

    def day(self, column: str) -> str | None:
        """A day, None where there is none; what is no day is noted."""
        text = self.values.get(column, "")
        if not text or text == "0":
            return None
        found = cells.day(text)
        if found is None or not "1900" <= found[:4] <= "2200":
            self.note(column, f"“{text[:40]}” is not a day. Write it as 2026-11-03 or 11/3/2026.")
            return None
        return found

    def days(self, first: str, last: str) -> dict[str, str | None]:
        """First and last day; where the last is before the first, the row is left out."""
        begin, end = self.day(first), self.day(last)
        if begin and end and end < begin:
            self.refuse(last, f"The last day {end} is before the first, {begin}. Correct one of them.")
        return {"first": begin, "last": end}

    def yes(self, column: str) -> bool | None:
        """Yes or no; None where nothing stands there; anything else is noted."""
        text = self.values.get(column, "")
        found = cells.yes(text)
        if text and found is None:
            self.note(column, f"“{text[:40]}” is neither yes nor no. Write true or false.")
        return found

    def note(self, column: str, sentence: str) -> None:
        """Something is odd; the row is taken."""
        self.problems.append(Problem(self.file, self.line, column, sentence))

    def refuse(self, column: str, sentence: str) -> None:
        """Something is wrong; the row is left out."""
        self.bad = True
        self.problems.append(Problem(self.file, self.line, column, sentence, left_out=True))


@dataclass(slots=True)
class Header:
    """What the first row says: which place holds which column."""

    places: dict[int, str]
    extras: dict[int, str]
    width: int


def read(
    file: str,
    lines: Iterable[str],
    layout: Layout,
    *,
    mapped: Mapping[str, str] | None = None,
    guessed: Callable[[Guess], None] = lambda guess: None,
    has: Callable[[frozenset[str]], None] = lambda columns: None,
) -> Iterator[Row | Problem]:
    """The rows of a file in order, each with the number of its first line; nothing is raised.

    `mapped` names columns by hand ({"Stu No": "id"}). A guess is told and used; the caller asks somebody.
    `has` is told which columns there are.
    """
    lines = iter(lines)
    first = next(lines, "")
    sniffed = _delimiter(first)
    counted = _Counted(first, lines)
    reader = csv.reader(counted, delimiter=sniffed)
    try:
        titles = next(reader, [])
    except csv.Error:
        titles = []
    if not any(title.strip() for title in titles):
        yield Problem(file, 1, "", "The file is empty. Export it again, with a row of column names.", left_out=True)
        return
    header = yield from _header(file, titles, layout, mapped or {}, guessed)
    missing = [name for name in layout.needed if name not in header.places.values()]
    if missing:
        said = ", ".join(missing)
        yield Problem(
            file, 1, said, f"The column {said} is missing. Export it too, or name it in a map.", left_out=True
        )
        return
    has(frozenset(header.places.values()))
    yield from _body(file, reader, counted, header)


class _Counted:
    """Lines with their number, as csv wants them."""

    def __init__(self, first: str, rest: Iterator[str]) -> None:
        self.first: str | None = first
        self.rest = rest
        self.number = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        self.number += 1
        if self.first is not None:
            first, self.first = self.first, None
            return first
        return next(self.rest)


def _delimiter(line: str) -> str:
    return max((",", ";", "\t", "|"), key=line.count)


def _header(
    file: str, titles: list[str], layout: Layout, mapped: Mapping[str, str], guessed: Callable[[Guess], None]
) -> Generator[Problem, None, Header]:
    by_hand = {names.bare(written): meant for written, meant in mapped.items()}
    chosen = {n: by_hand[names.bare(title)] for n, title in enumerate(titles) if names.bare(title) in by_hand}
    open_titles = ["" if n in chosen or names.secret(title) else title for n, title in enumerate(titles)]
    free = {name: others for name, others in layout.columns.items() if name not in chosen.values()}
    surely, perhaps = names.match(open_titles, free, ours=layout.ignored)
    for place, meant in perhaps.items():
        guessed(Guess(file, titles[place].strip()[:100], meant))
    places = {**chosen, **surely, **perhaps}
    extras: dict[int, str] = {}
    unused = {names.bare(each) for each in layout.ignored}
    for place, title in enumerate(titles):
        if names.secret(title):
            sentence = "Passwords and the like do not belong in a roster. The column was not read; stop exporting it."
            yield Problem(file, 1, title.strip()[:100], sentence)
        elif place not in places and title.strip() and names.bare(title) not in unused:
            extras[place] = title.strip()[:100]
    return Header(
        {place: name for place, name in places.items() if not names.secret(titles[place])}, extras, len(titles)
    )


def _body(file: str, reader: Iterator[list[str]], counted: _Counted, header: Header) -> Iterator[Row | Problem]:
    while True:
        line = counted.number + 1
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(file, line, "", f"This row cannot be read ({error}). Export the file again.", left_out=True)
            continue
        if not any(cell.strip() for cell in found):
            continue
        if problem := _shape(file, line, counted.number, found, header):
            yield problem
            continue
        yield _row(file, line, found, header)


def _shape(file: str, line: int, last: int, found: list[str], header: Header) -> Problem | None:
    if last - line >= LONGEST_ROW:
        sentence = f"A quotation mark opens here and closes only in line {last}. Remove it, or double it."
        return Problem(file, line, "", sentence, left_out=True)
    if len(found) > header.width and any(cell.strip() for cell in found[header.width :]):
        # Cells have moved, so that nobody knows what each of them is: none is looked at, none is quoted.
        sentence = f"This row has {len(found)} cells under {header.width} columns. Put quotation marks around commas."
        return Problem(file, line, "", sentence, left_out=True)
    if any(len(cell) > LONGEST_CELL for cell in found):
        return Problem(file, line, "", "A cell of this row is far too long. Export the file again.", left_out=True)
    return None


def _row(file: str, line: int, found: list[str], header: Header) -> Row:
    width = len(found)
    # A row may be shorter than the header: what is not there is empty.
    values = {name: _clean(found[place]) if place < width else "" for place, name in header.places.items()}
    row = Row(file, line, values)
    for place, name in header.extras.items():
        if place < width and (value := _clean(found[place])):
            row.extras[name] = value[:_EXTRA_LIMIT]
    return row


def _clean(cell: str) -> str:
    text = cell.strip()
    if text.isprintable():
        return text
    # Line breaks and tabs inside a cell become spaces; what cannot be printed or kept goes.
    kept = "".join(each if each.isprintable() else " " if each.isspace() else "" for each in text)
    return " ".join(kept.split())
