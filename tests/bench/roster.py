"""How long a roster takes: a first load and a daily delta of one per cent, against a bare bulk insert of the same rows.

    ./run bench roster [--students N]

Everything happens in a temporary home. 100,000 students with guardians, classes and enrolments take some minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

AT = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
CLASSES_EACH = 6
TABLES = ("person", "role", "class", "enrolment", "guardianship", "school", "org", "session")
GIVEN = ("Ida", "Jon", "Mai", "Abdi", "Ruth", "Sven", "Eva", "Olaf", "Leah", "Ben", "Ana", "Tou", "Nora", "Per")
FAMILY = (
    "Berg",
    "Vue",
    "Ali",
    "Holm",
    "Dahl",
    "Haugen",
    "Farah",
    "Ray",
    "Xiong",
    "Olsen",
    "Lind",
    "Roe",
    "Lee",
    "Vang",
)


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        os.environ["HOMEROOM_HOME"] = folder
        home = Path(folder)
        migrate()
        write(home / "first", options.students)
        write(home / "delta", options.students, every=100)
        figures: dict[str, Any] = {"students": options.students}
        figures |= timed("preview", home / "first", preview=True)
        figures |= timed("first_load", home / "first")
        figures |= timed("same_again", home / "first", at=AT + timedelta(hours=1))
        figures |= timed("delta", home / "delta", at=AT + timedelta(days=1))
        figures["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        figures |= bare(home)
        # In time of the processor, which other work on the machine does not stretch.
        ratio = figures["first_load_cpu_seconds"] / (figures["bare_cpu_seconds"] or 0.1)
        figures["first_load_to_bare"] = round(ratio, 1)

    print(json.dumps(figures, indent=1))


def migrate() -> None:
    """The tables of both databases."""
    from homeroom.site.django_ready import wake

    wake()
    from homeroom.site.migrate import bring_up_to_date

    bring_up_to_date()


def timed(name: str, path: Path, *, at: datetime = AT, preview: bool = False) -> dict[str, float]:
    """Seconds and rows of one load."""
    from homeroom.base.actor import SYSTEM
    from homeroom.people import roster_actions

    start, worked = time.perf_counter(), time.process_time()
    if preview:
        report = roster_actions.preview_roster(path=path, at=at)
    else:
        report = roster_actions.load_roster(actor=SYSTEM, path=path, at=at)
    spent, worked = time.perf_counter() - start, time.process_time() - worked
    rows = sum(sum(each.values()) for each in (report.added, report.changed, report.ended))
    assert not report.problems, report.problems[:3]
    return {f"{name}_seconds": round(spent, 1), f"{name}_cpu_seconds": round(worked, 1), f"{name}_rows": rows}


def write(folder: Path, students: int, every: int = 0) -> None:
    """A OneRoster 1.1 roster; with `every` a delta in which each so-manieth student is in the next grade."""
    folder.mkdir()
    mode = "delta" if every else "bulk"
    files = {"users": users(students, every)} if every else {
        "orgs": orgs(students), "academicSessions": sessions(), "users": users(students, 0),
        "classes": classes(students), "enrollments": enrollments(students),
    }  # fmt: skip
    manifest = [["propertyName", "value"], ["manifest.version", "1.0"], ["oneroster.version", "1.1"]]
    files["manifest"] = iter(manifest + [[f"file.{name}", mode] for name in files])
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def orgs(students: int) -> Iterator[list[str]]:
    """A school for each 500 students."""
    yield ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
    for number in range(students // 500 + 1):
        yield [f"school{number}", "", "", f"School {number}", "school", "", ""]


def sessions() -> Iterator[list[str]]:
    """One year."""
    yield [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "type",
        "startDate",
        "endDate",
        "parentSourcedId",
        "schoolYear",
    ]
    yield ["y", "", "", "2026-27", "schoolYear", "2026-09-01", "2027-06-04", "", "2027"]


def users(students: int, every: int) -> Iterator[list[str]]:
    """Students with two guardians each (a family has two children), and a teacher for each class."""
    yield ["sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username", "userIds",
           "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades",
           "password"][:-1]  # fmt: skip
    chance = random.Random(524)
    for number in range(students):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        if every and number % every:
            continue
        grade = f"{number % 12 + (2 if every else 1):02}"
        agents = f"g{number // 2}a,g{number // 2}b"
        yield [f"s{number}", "", "", "true", f"school{number // 500}", "student", f"s{number}", "", given, family, "",
               str(number), f"s{number}@lake.test", "", "", agents, grade]  # fmt: skip
    if every:
        return
    for number in range(students // 2 + 1):
        for side in "ab":
            yield [f"g{number}{side}", "", "", "true", f"school{number // 250}", "guardian", f"g{number}{side}", "",
                   GIVEN[number % 14], FAMILY[number // 14 % 14], "", "", f"g{number}{side}@home.test", "", "",
                   "", ""]  # fmt: skip
    for number in range(students // 25 + 1):
        yield [f"t{number}", "", "", "true", f"school{number * 25 // 500}", "teacher", f"t{number}", "",
               GIVEN[number % 14], FAMILY[number // 14 % 14], "", "", f"t{number}@lake.test", "", "", "",
               ""]  # fmt: skip


def classes(students: int) -> Iterator[list[str]]:
    """A group of 25 has six classes."""
    yield ["sourcedId", "status", "dateLastModified", "title", "schoolSourcedId", "termSourcedIds"]
    for number in range(students // 25 + 1):
        for subject in range(CLASSES_EACH):
            yield [f"c{number}-{subject}", "", "", f"Class {number}, {subject}", f"school{number * 25 // 500}", "y"]


def enrollments(students: int) -> Iterator[list[str]]:
    """Everybody in six classes, each with its teacher."""
    yield ["sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role",
           "primary", "beginDate", "endDate"]  # fmt: skip
    for number in range(students):
        for subject in range(CLASSES_EACH):
            group = f"c{number // 25}-{subject}"
            yield [f"e{number}-{subject}", "", "", group, "", f"s{number}", "student", "false", "2026-09-01", ""]
    for number in range(students // 25 + 1):
        for subject in range(CLASSES_EACH):
            group = f"c{number}-{subject}"
            yield [f"t{number}-{subject}", "", "", group, "", f"t{number}", "teacher", "true", "2026-09-01", ""]


def bare(home: Path) -> dict[str, float]:
    """The same rows from memory into the same tables with the same indexes, with nothing but sqlite3."""
    source, target = sqlite3.connect(home / "homeroom.sqlite3"), sqlite3.connect(home / "bare.sqlite3")
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;")
    spent, worked, count = 0.0, 0.0, 0
    for table in (f"people_{name}" for name in TABLES):
        for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql <> ''", (table,)):
            target.execute(sql)
        rows = source.execute(f"SELECT * FROM {table}").fetchall()
        if not rows:
            continue
        marks = ",".join("?" * len(rows[0]))
        start, used = time.perf_counter(), time.process_time()
        with target:
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        spent, worked = spent + time.perf_counter() - start, worked + time.process_time() - used
        count += len(rows)
    return {"bare_insert_seconds": round(spent, 1), "bare_cpu_seconds": round(worked, 1), "bare_insert_rows": count}


if __name__ == "__main__":
    main()
