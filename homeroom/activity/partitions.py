"""XIV.B.3: on PostgreSQL refused requests lie in one partition for each day (UTC), and a day goes by being dropped.

SQLite has one table and deletes rows; every function here does nothing there. What comes with a day for which
there is no partition (a clock that was wrong) lies in the default one and is deleted row by row.
"""
# ruff: noqa: S608 (names made of numbers only, nothing of a caller's enters these statements)

from __future__ import annotations

from django.db import connections

from homeroom.base.router import ACTIVITY

DAY = 86_400
AHEAD = 2  # days for which there is a partition before they begin
TABLE = "activity_blockedrequest"

_COLUMNS = "alias, school, profile, host, kind, clause, category, list, version, bundle, door"
DIVIDE = (
    f"DROP TABLE {TABLE}",
    f"CREATE SEQUENCE IF NOT EXISTS {TABLE}_id_seq",
    f"CREATE TABLE {TABLE} (id bigint NOT NULL DEFAULT nextval('{TABLE}_id_seq'),"
    " at bigint NOT NULL CHECK (at >= 0), n bigint NOT NULL CHECK (n >= 0), line bigint NOT NULL CHECK (line >= 0), "
    + ", ".join(f"{each} varchar(300) NOT NULL" for each in _COLUMNS.split(", "))
    + ", PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
    f"ALTER SEQUENCE {TABLE}_id_seq OWNED BY {TABLE}.id",
    f"CREATE TABLE {TABLE}_other PARTITION OF {TABLE} DEFAULT",
    f"CREATE INDEX activity_blocked_at ON {TABLE} (at)",
    f"CREATE INDEX activity_blocked_school ON {TABLE} (school, at)",
)


def divided() -> bool:
    """Whether this database keeps days apart."""
    return bool(connections[ACTIVITY].vendor == "postgresql")


def prepare(now: int) -> list[str]:
    """Make the partitions of today and the next days; returns the names of the new ones."""
    if not divided():
        return []
    today, made = now // DAY, []
    have = set(days())
    with connections[ACTIVITY].cursor() as cursor:
        for day in range(today - 1, today + AHEAD + 1):
            if day in have:
                continue
            cursor.execute(f"SELECT 1 FROM {TABLE}_other WHERE at >= %s AND at < %s LIMIT 1", _span(day))
            if cursor.fetchone():
                continue  # its first rows are in the default partition already; the day stays there
            low, high = _span(day)
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {TABLE}_{day} PARTITION OF {TABLE} FOR VALUES FROM ({low}) TO ({high})"
            )
            made.append(f"{TABLE}_{day}")
    return made


def drop_before(limit: int) -> int:
    """Drop every day that lies wholly before an instant; returns how many rows went with them."""
    gone = 0
    for day in days() if divided() else ():
        if _span(day)[1] > limit:
            continue
        with connections[ACTIVITY].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLE}_{day}")
            gone += cursor.fetchone()[0]
            cursor.execute(f"DROP TABLE {TABLE}_{day}")
    return gone


def days() -> list[int]:
    """The days that have a partition, counted from 1970."""
    with connections[ACTIVITY].cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s) ORDER BY 1", [TABLE]
        )
        names = [name.rpartition("_")[2].strip('"') for (name,) in cursor.fetchall()]
    return sorted(int(name) for name in names if name.isdigit())


def _span(day: int) -> tuple[int, int]:
    return day * DAY, (day + 1) * DAY
