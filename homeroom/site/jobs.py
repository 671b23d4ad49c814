"""What the house does by the clock for itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connections

from homeroom.base.job import Job

SAMPLED = 1000  # rows looked at for each index: enough to choose by, and done in a moment


def statistics(at: datetime) -> None:
    """Let SQLite know how large its tables are, so that it finds one person's rows by the person.

    PostgreSQL does that by itself.
    """
    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA analysis_limit={SAMPLED}")
                cursor.execute("ANALYZE")


JOBS = (Job(name="site.statistics", every=timedelta(hours=6), run=statistics),)
