"""Reads a roster's files into the staging database, noting what is wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from homeroom.kernel.roster import decoding, table
from homeroom.kernel.roster.formats import Format
from homeroom.kernel.roster.records import Guess, Kind, Problem
from homeroom.people.roster.opening import UNREADABLE, Opened, Part
from homeroom.people.roster.staging import Staging

MOST_PROBLEMS = 2000  # kept with their words; more are counted
# What a file about contacts alone does not end, since it may hold only some people.
NEEDS_USERS = frozenset({Kind.GUARDIANSHIP, Kind.ADDRESS, Kind.FLAG, Kind.SUPERVISION})


@dataclass(slots=True)
class Found:
    """What reading found beside the records."""

    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    left_out: int = 0
    guesses: list[Guess] = field(default_factory=list)
    whole: set[tuple[Kind, str]] = field(default_factory=set)
    broken: bool = False  # a file as a whole could not be read

    def note(self, problem: Problem) -> None:
        """Keep a problem, or count it where there are too many."""
        self.left_out += problem.left_out
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.more_problems += 1


def read_all(
    opened: Opened, staging: Staging, *, mapped: dict[str, str], progress: Callable[[str, int], None]
) -> Found:
    """Read every file; nothing that stands in one raises. `progress` is told file and rows now and then."""
    found = Found(problems=list(opened.problems), guesses=list(opened.guesses))
    for part in opened.parts:
        staging.files.append(part.name)
        wholes = _read(opened.format, part, staging, mapped, found, progress)
        if not part.delta:
            found.whole |= wholes
    staging.index()
    if not _has_people(opened):
        found.whole = {each for each in found.whole if each[0] not in NEEDS_USERS}
    return found


def _has_people(opened: Opened) -> bool:
    return any(part.file in ("users", "students", "people") and not part.delta for part in opened.parts)


def _read(
    format: Format,
    part: Part,
    staging: Staging,
    mapped: dict[str, str],
    found: Found,
    progress: Callable[[str, int], None],
) -> set[tuple[Kind, str]]:
    columns: list[frozenset[str]] = []
    rows = table.read(
        part.name, part.lines(), format.layouts[part.file], mapped=mapped, guessed=found.guesses.append,
        has=columns.append,
    )  # fmt: skip
    number, nameless, place = 0, False, len(staging.files) - 1
    try:
        for number, row in enumerate(rows, start=1):
            if isinstance(row, Problem):
                found.note(row)
                nameless |= row.left_out
            else:
                nameless |= _take(format, part, row, place, staging, found)
            if number % 20_000 == 0:
                progress(part.name, number)
    except decoding.TooLong as error:
        found.note(Problem(part.name, 0, "", str(error), left_out=True))
        found.broken = True
    except UNREADABLE as error:
        said = f"The file is damaged and could not be read to its end ({error}). Export it again."
        found.note(Problem(part.name, 0, "", said, left_out=True))
        found.broken = True
    progress(part.name, number)
    if not columns:
        found.broken = True
        return set()
    wholes = format.whole(part.file, columns[0])
    if nameless and wholes and not part.delta:
        said = "Some rows could not be read, so nobody can say who is missing: this file ends nothing this time."
        found.note(Problem(part.name, 0, "", said))
        return set()
    return wholes


def _take(format: Format, part: Part, row: table.Row, place: int, staging: Staging, found: Found) -> bool:
    """Stage a row's records, or remember whom a row is about that was left out; whether nobody can tell."""
    records = list(format.read(part.file, row))
    if not row.bad:
        for record in records:
            staging.put(record, place)
    keys = [(record.kind, record.key) for record in records] if row.bad and not row.nameless else []
    for problem in row.problems:
        found.note(replace(problem, key=keys[0][1] if keys else ""))
    if not row.bad:
        return False
    for kind, key in keys:
        staging.see(replace(row.problems[0], key=key), (kind,))
    owner = records[0].key if records and records[0].kind is Kind.PERSON else ""
    if owner:
        staging.see(replace(row.problems[0], key=owner), ("owner",))  # type: ignore[arg-type]
    return not keys
