"""Where records wait while a roster is read and compared: a small database of its own, gone afterwards.

So memory stays the same however large the roster is, and the records of the district are not touched
before the last row was read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from homeroom.kernel.roster.records import Kind, Problem, Record

CHUNK = 2000
# The ids in the values of each kind, and of what they are.
REFERS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.DETAIL: (("person", "persons"),),
    Kind.GRADE: (("person", "persons"),),
    Kind.ROLE: (("person", "persons"), ("org", "schools")),
    Kind.CLASS: (("org", "schools"),),
    Kind.ENROLMENT: (("person", "persons"), ("group", "classes")),
    Kind.GUARDIANSHIP: (("child", "persons"), ("guardian", "persons")),
    Kind.ADDRESS: (("person", "persons"),),
    Kind.PREFERENCE: (("person", "persons"),),
    Kind.FLAG: (("person", "persons"),),
    Kind.SUPERVISION: (("employee", "persons"), ("supervisor", "persons")),
}
_TABLE = """CREATE TABLE "{kind}" (key TEXT PRIMARY KEY, vals TEXT, one TEXT, two TEXT, file INTEGER, line INTEGER,
    modified TEXT, gone INTEGER, owner TEXT, extras TEXT) WITHOUT ROWID"""
# Of two rows about the same thing the one that changed later counts, else the one that stands later.
_PUT = """INSERT INTO "{kind}" VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO UPDATE SET vals = excluded.vals,
    one = excluded.one, two = excluded.two, file = excluded.file, line = excluded.line, modified = excluded.modified,
    gone = excluded.gone, owner = excluded.owner, extras = coalesce(excluded.extras, extras)
    WHERE excluded.modified >= modified"""

_WHICH = 'SELECT "{column}" FROM "{table}" WHERE "{column}" IN ({marks})'


class Staging:
    """The staged records of one roster. Use as a context; `folder` must be private, the file holds personal data."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "staged.sqlite3"
        self.db = sqlite3.connect(self.path, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-64000; BEGIN;")
        for kind in Kind:
            self.db.execute(_TABLE.format(kind=kind))
        self.db.execute("CREATE TABLE seen (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID")
        self.db.execute("CREATE TABLE guardian (face TEXT PRIMARY KEY, pk TEXT) WITHOUT ROWID")
        self.db.execute("CREATE TABLE second_id (external TEXT PRIMARY KEY) WITHOUT ROWID")
        for kind in ("persons", "schools", "classes"):
            self.db.execute(f"CREATE TABLE id_{kind} (external TEXT PRIMARY KEY, pk TEXT) WITHOUT ROWID")
        self.files: list[str] = []
        self._waiting: dict[Kind, list[tuple[Any, ...]]] = {kind: [] for kind in Kind}

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *error: object) -> None:
        self.db.close()
        self.path.unlink(missing_ok=True)

    def put(self, record: Record, file: int) -> None:
        """Stage one record of a file (its place in `files`)."""
        refers = REFERS.get(record.kind, ())
        one = record.values[refers[0][0]] if refers else None
        two = record.values[refers[1][0]] if len(refers) > 1 else None
        extras = json.dumps(record.extras, ensure_ascii=False, sort_keys=True) if record.extras else None
        waiting = self._waiting[record.kind]
        waiting.append(
            (
                record.key, json.dumps(record.values, ensure_ascii=False, sort_keys=True), one, two, file, record.line,
                record.modified, record.gone, record.owner, extras,
            )
        )  # fmt: skip
        if len(waiting) >= CHUNK:
            self._flush(record.kind)

    def _flush(self, kind: Kind) -> None:
        self.db.executemany(_PUT.format(kind=kind), self._waiting[kind])
        self._waiting[kind].clear()

    def flush(self) -> None:
        """Write what still waits; to be called before anything is asked."""
        for kind in Kind:
            self._flush(kind)

    def see(self, problem: Problem, kinds: Iterable[Kind]) -> None:
        """Remember whom a row that was left out is about: they stay as they are."""
        self.db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", [(kind, problem.key) for kind in kinds])

    def count(self, kind: Kind) -> int:
        """How many records of a kind are staged."""
        return int(self.db.execute(f'SELECT count(*) FROM "{kind}"').fetchone()[0])  # noqa: S608 -- the names are ours

    def chunks(self, sql: str, values: Sequence[Any] = (), size: int = CHUNK) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in portions."""
        cursor = self.db.execute(sql, values)
        while found := cursor.fetchmany(size):
            yield found

    def which(self, table: str, column: str, keys: Sequence[str]) -> set[str]:
        """Which of some keys (at most a portion) a table has."""
        marks = ",".join("?" * len(keys))
        return {row[0] for row in self.db.execute(_WHICH.format(table=table, column=column, marks=marks), keys)}

    def index(self) -> None:
        """Make questions by person quick; once everything is staged."""
        self.flush()
        for kind, refers in REFERS.items():
            for column, _ in zip(("one", "two"), refers, strict=False):
                self.db.execute(f'CREATE INDEX "{kind}_{column}" ON "{kind}" ({column})')
