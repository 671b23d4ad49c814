"""A new home's tables, made in one go, are those to which all migrations lead."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import child

BOTH = """
import sys
from homeroom.site import django_ready, migrate, new_tables
django_ready.wake()
if sys.argv[1] == "step by step":
    new_tables.is_empty = lambda alias: False
migrate.bring_up_to_date()
print([migrate.pending(alias) for alias in ("default", "activity")])
"""


def schema(file: Path) -> dict[str, list[str]]:
    """Every table with its columns, indexes, foreign keys and triggers, in an order that does not depend on the way."""
    with sqlite3.connect(file) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for name in names:
            made = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]
            others = connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type != 'table'", [name])
            found[name] = [*parts(made), *sorted(row[0] for row in others if row[0])]
    return found


def parts(made: str) -> list[str]:
    """The columns and constraints of CREATE TABLE, sorted: a table made anew puts them in another order."""
    inner, depth, found, start = made[made.index("(") + 1 : made.rindex(")")], 0, [], 0
    for place, letter in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append(inner[start:place].strip())
            start = place + 1
    return sorted([*found, inner[start:].strip()])


@pytest.fixture(scope="module")
def homes(tmp_path_factory) -> dict[str, Path]:
    made = {}
    for way in ("in one go", "step by step"):
        made[way] = tmp_path_factory.mktemp("home")
        done = subprocess.run(
            [sys.executable, "-c", BOTH, way], env=child.environment(made[way]), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == "[[], []]", "nothing is left to do"
    return made


@pytest.mark.parametrize("file", ["homeroom.sqlite3", "activity.sqlite3"])
def test_both_ways_end_at_the_same_tables(homes, file):
    at_once, slowly = (schema(homes[way] / file) for way in homes)
    assert len(at_once) > 3
    assert at_once == slowly


@pytest.mark.parametrize("file", ["homeroom.sqlite3", "activity.sqlite3"])
def test_both_ways_note_the_same_migrations(homes, file):
    noted = [
        set(sqlite3.connect(homes[way] / file).execute("SELECT app, name FROM django_migrations")) for way in homes
    ]
    assert noted[0] == noted[1] != set()


def test_a_new_home_guards_its_journal(homes):
    with sqlite3.connect(homes["in one go"] / "homeroom.sqlite3") as connection:
        triggers = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert {name.split("_")[0] for name in triggers} >= {"journal", "agreements"}


def test_a_home_that_stopped_on_the_way_is_refused_with_a_sentence(homes, tmp_path):
    for file in ("homeroom.sqlite3", "activity.sqlite3"):
        shutil.copy(homes["in one go"] / file, tmp_path / file)
        with sqlite3.connect(tmp_path / file) as connection:
            connection.execute("DELETE FROM django_migrations WHERE name IN ('0001_start', '0002_rosters')")
    done = subprocess.run(
        [sys.executable, "-m", "homeroom.site.cli", "people", "list"], env=child.environment(tmp_path),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "version of 2026-11-26" in done.stderr and "Traceback" not in done.stderr
