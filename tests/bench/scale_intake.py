"""Activity into PostgreSQL, and the first page's questions over many rows: `./run bench scale intake`.

    ./run bench scale intake [--rows 100000000] [--minutes 5]

A throw-away PostgreSQL as Debian ships it, but with fsync off as in the tests: so read intake as an upper bound. Rows
are made inside the database, in the partitions of ninety days, until --rows or --minutes are reached. Each question is
timed at half of the rows and at all of them; what 100 million would cost is drawn on from these two points, and
marked as such.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import postgresql
from tests.bench import activity

EVENTS, TURN, DAYS, WANTED = 100_000, 200_000, 90, 100_000_000


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
    _days(now)
    wanted, share = options.rows or WANTED, options.minutes * 30
    half = _fill(now, wanted // 2, share)
    before = {name: _timed(ask) for name, ask in asked.items()}
    rows = half + _fill(now, wanted - half, share)
    lines = [
        f"| question | {half:,} rows | {rows:,} rows | {WANTED:,} rows{'' if rows >= WANTED else ' (extrapolated)'} |",
        "|---|---|---|---|",
    ]
    for name, ask in asked.items():
        after = _timed(ask)
        slope = max(0.0, (after - before[name]) / max(1, rows - half))
        beyond = after + slope * max(0, WANTED - rows)
        lines.append(f"| {name} | {before[name] * 1000:.1f} ms | {after * 1000:.1f} ms | {beyond * 1000:.1f} ms |")
    return "\n".join(lines)


def _days(now: datetime) -> None:
    from homeroom.activity import partitions

    for day in range(DAYS):
        partitions.prepare(int((now - timedelta(days=day)).timestamp()))


def _fill(now: datetime, rows: int, seconds: float) -> int:
    """Refused requests of ninety days and the counts of their hours; how many there was time for."""
    from django.db import connections

    until = time.monotonic() + seconds
    made, since = 0, int((now - timedelta(days=DAYS - 1)).timestamp())
    span = int(now.timestamp()) - since
    with connections["activity"].cursor() as cursor:
        while made < rows and (not made or time.monotonic() < until):
            count = min(TURN, rows - made)
            cursor.execute(_ROWS, [since, span, count])
            made += count
        cursor.execute(_COUNTS, [since - since % 3600, DAYS * 24])
        cursor.execute("ANALYZE")
    return made


_ROWS = """
INSERT INTO activity_blockedrequest
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
