"""Activity into PostgreSQL, and the first page's questions over many rows: `./run bench scale intake`.

    ./run bench scale intake [--rows 100000000] [--minutes 5]

A throw-away PostgreSQL as Debian ships it, but with fsync off as in the tests: so read intake as an upper bound. Rows
are made inside the database, a whole day at a time and its indexes after them: as many as --rows says, or as fit into
--minutes by the time that a day took for trial. Each question is timed at half of the rows of each day and at all of
them; where they are fewer, what 100 million would cost is drawn on from these two points, and marked as such.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connections

from homeroom.activity import partitions
from homeroom.activity.partitions import DAY, TABLE
from tests import postgresql
from tests.bench import activity

EVENTS, TRIAL, DAYS, WANTED = 100_000, 100_000, 90, 100_000_000


def run(options: argparse.Namespace) -> None:
    """Measure and print two tables."""
    if not postgresql.available():
        raise SystemExit("This bench needs PostgreSQL. On Debian: sudo apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        os.environ |= {"HOMEROOM_HOME": folder, "DATABASE_URL": postgresql.database("bench")}
        from homeroom.site import migrate
        from homeroom.site.django_ready import wake

        wake()
        migrate.bring_up_to_date()
        print(_intake(Path(folder)))
        print(_questions(options))


def _intake(home: Path) -> str:
    from homeroom.activity import actions

    activity.writing(home, EVENTS)
    started, cpu = time.perf_counter(), time.process_time()
    taken = actions.take_in(home=home, at=activity.AT, budget=1e9)
    spent, own = time.perf_counter() - started, time.process_time() - cpu
    assert (taken.blocked, taken.answers, taken.lost) == (EVENTS, EVENTS, 0), taken
    return (
        "| intake into PostgreSQL | refusals | a second | cpu us of the worker for each |\n|---|---|---|---|\n"
        f"| one worker | {EVENTS:,} | {EVENTS / spent:,.0f} | {own / EVENTS * 1e6:.1f} |\n"
    )


def _questions(options: argparse.Namespace) -> str:
    from homeroom.activity import queries
    from homeroom.activity.queries import hosts

    now = datetime.now(UTC)
    asked: dict[str, Callable[[], object]] = {
        "today, the whole district": lambda: queries.today(now),
        "today by hour": lambda: queries.by_hour(now),
        "30 days, the whole district": lambda: queries.summary(now - timedelta(days=30), now),
        "hosts refused most at a school, 7 days": lambda: queries.top_hosts("school7", now - timedelta(days=7), now),
        "hosts the district's choices refused, 7 days": lambda: hosts.wanted_hosts(now - timedelta(days=7), now),
    }
    _empty()
    rows = _that_fit(now, options.rows or WANTED, options.minutes * 60)
    half = _fill(now, rows // 2)
    before = {name: _timed(ask) for name, ask in asked.items()}
    rows = half + _fill(now, rows - half)
    drawn_on = "" if rows > 0.99 * WANTED else " (extrapolated)"
    lines = [
        f"| question | {half:,} rows | {rows:,} rows | {WANTED:,} rows{drawn_on} |",
        "|---|---|---|---|",
    ]
    for name, ask in asked.items():
        after = _timed(ask)
        slope = max(0.0, (after - before[name]) / max(1, rows - half))
        beyond = after + slope * max(0, WANTED - rows)
        lines.append(f"| {name} | {before[name] * 1000:.1f} ms | {after * 1000:.1f} ms | {beyond * 1000:.1f} ms |")
    return "\n".join([*lines, "", _size()])


def _empty() -> None:
    """Nothing of what was taken in before, and no day that was made ready for it."""
    with connections["activity"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE}")
        for day in partitions.days():
            cursor.execute(f"DROP TABLE {TABLE}_{day}")


def _that_fit(now: datetime, rows: int, seconds: float) -> int:
    """How many rows there is time for, by one day that is made for trial; a whole number for each half of a day."""
    day, started = int(now.timestamp()) // DAY - DAYS, time.monotonic()
    _day(day, TRIAL)
    fits = int(TRIAL * seconds / max(0.001, time.monotonic() - started))
    if fits < rows:
        print(f"{rows:,} rows would take longer than --minutes; {fits:,} fit.", flush=True)
    with connections["activity"].cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}_{day}")
    return max(1, min(rows, fits) // (2 * DAYS)) * 2 * DAYS


def _fill(now: datetime, rows: int) -> int:
    """So many more refused requests, as many each day, and the counts of their hours; how many were made."""
    today = int(now.timestamp()) // DAY
    for day in range(today - DAYS + 1, today + 1):
        _day(day, rows // DAYS)
        if sys.stderr.isatty():
            print(f"day {day - today + DAYS} of {DAYS}", end="\r", file=sys.stderr, flush=True)
    with connections["activity"].cursor() as cursor:
        cursor.execute(_COUNTS, [(today - DAYS + 1) * DAY, DAYS * 24])
        cursor.execute("ANALYZE")
    return rows // DAYS * DAYS


def _day(day: int, rows: int) -> None:
    """Rows into a day while it stands apart and without indexes: a tenth of the time."""
    name, low = f"{TABLE}_{day}", day * DAY
    with connections["activity"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {name}")
            for index in ("at", "school"):
                cursor.execute(f"DROP INDEX {name}_{index}_filled")
            cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {name}_filled")
        else:
            cursor.execute(f"CREATE UNLOGGED TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute(f"INSERT INTO {name} {_ROWS}", [low, DAY, rows])
        cursor.execute(f"ALTER TABLE {name} ADD CONSTRAINT {name}_filled PRIMARY KEY (id, at)")
        cursor.execute(f"CREATE INDEX {name}_at_filled ON {name} (at)")
        cursor.execute(f"CREATE INDEX {name}_school_filled ON {name} (school, at)")
        cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({low + DAY})")


def _size() -> str:
    with connections["activity"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = to_regclass(%s)",
            [TABLE],
        )
        days, size = cursor.fetchone()
    return f"{days} partitions, {size / 2**30:.1f} GB with indexes."


_ROWS = """
  (at, n, line, alias, school, profile, host, kind, clause, category, list, version, bundle, door)
SELECT %s + floor(random() * %s)::bigint, 1, g %% 100000, md5((g %% 50000)::text), 'school' || g %% 40, 'student',
       'h' || floor(random() ^ 3 * 20000) || '.example.test', CASE WHEN g %% 3 = 0 THEN 'district' ELSE 'statutory' END,
       'III.2', CASE WHEN g %% 3 = 0 THEN 'games' ELSE 'pornography' END, 'ut1', '7', '0123456789abcdef', 'dns'
FROM generate_series(1, %s) AS g
"""
_COUNTS = """
INSERT INTO activity_hourcount (hour, school, profile, verdict, kind, category, door, n)
SELECT %s + 3600 * h, 'school' || s, p, v, 'district', c, 'dns', 1000
FROM generate_series(0, %s) AS h, generate_series(0, 39) AS s, unnest(ARRAY['student', 'adult']) AS p,
     (VALUES ('allow', ''), ('block', 'games'), ('block', 'social-media')) AS w (v, c)
ON CONFLICT DO NOTHING
"""


def _timed(ask: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        started = time.perf_counter()
        ask()
        took.append(time.perf_counter() - started)
    return statistics.median(took)
