"""Several workers on several machines, one PostgreSQL: each job is run by one of them at a time.

On SQLite there is one worker for each home (its lock says so), and every turn is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

SPACE = 524  # the first of the lock's two numbers; the second says which job


@contextmanager
def taken(job: str) -> Iterator[bool]:
    """Whether it is this worker's turn to run a job; the turn ends with the block, or with the connection."""
    if connection.vendor != "postgresql":
        yield True
        return
    number = crc32(job.encode()) & 0x7FFFFFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SPACE, number])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SPACE, number])
