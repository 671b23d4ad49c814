"""One load: what every step of taking a roster in needs to know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from homeroom.kernel.roster.records import Kind, Problem
from homeroom.people.roster.reading import Found
from homeroom.people.roster.saving import Changes
from homeroom.people.roster.staging import REFERS, Staging


class Staged(NamedTuple):
    """A staged record with what its ids mean here; None where nobody knows them."""

    key: str
    values: dict[str, Any]
    one: str | None
    two: str | None
    file: int
    line: int
    modified: str
    gone: bool
    owner: str
    extras: dict[str, str] | None


@dataclass(slots=True)
class Load:
    """A roster being taken in, on a day of the district."""

    staging: Staging
    source: str
    on: date
    found: Found
    changes: Changes
    progress: Callable[[str, int], None]
    class_days: dict[str, date] = field(default_factory=dict)
    older_people: set[str] = field(default_factory=set)  # whose row in this roster is older than what is known
    leavers: set[str] = field(default_factory=set)  # persons who lose a student role in this load
    students_now: set[str] = field(default_factory=set)  # persons with a student role begun or confirmed in this load
    ended_guardianships: set[int] = field(default_factory=set)

    @property
    def yesterday(self) -> date:
        """The last day of what a roster no longer has today."""
        return self.on - timedelta(days=1)

    def staged(self, kind: Kind) -> Iterator[list[Staged]]:
        """The staged records of a kind in portions."""
        refers = REFERS.get(kind, ())
        tables = [meant for _, meant in refers]
        joins = "".join(
            f" LEFT JOIN id_{meant} {column}_ ON {column}_.external = k.{column}"
            for column, meant in zip(("one", "two"), tables, strict=False)
        )
        ids = [f"{column}_.pk" for column, _ in zip(("one", "two"), tables, strict=False)]
        ids += ["NULL"] * (2 - len(ids))
        columns = f"k.key, k.vals, {ids[0]}, {ids[1]}, k.file, k.line, k.modified, k.gone, k.owner, k.extras"
        done = 0
        for chunk in self.staging.chunks(f'SELECT {columns} FROM "{kind}" k{joins}'):  # noqa: S608 -- the names are ours
            yield [
                Staged(key, json.loads(vals), one, two, *rest[:3], bool(rest[3]), rest[4], _extras(rest[5]))
                for key, vals, one, two, *rest in chunk
            ]
            done += len(chunk)
            self.progress(str(kind), done)

    def note(self, row: Staged, column: str, sentence: str) -> None:
        """A record that cannot be taken as it stands."""
        self.found.note(Problem(self.staging.files[row.file], row.line, column, sentence, left_out=True))


def _extras(text: str | None) -> dict[str, str] | None:
    return json.loads(text) if text else None


def day(text: str | None) -> date | None:
    """A staged day."""
    return date.fromisoformat(text) if text else None
