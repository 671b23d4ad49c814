"""Brings the databases to the tables of this version; safe when several processes start at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.base.router import ACTIVITY
from homeroom.site import new_tables
from homeroom.site.databases import ACTIVITY_SCHEMA

LOCK = 524_000_002  # the advisory lock behind which processes queue that bring the tables up to date


def pending(alias: str) -> list[str]:
    """The migrations that a database still lacks, as "app.name"."""
    executor = MigrationExecutor(connections[alias])
    _refuse_half_way(executor)
    return [f"{migration.app_label}.{migration.name}" for migration, _back in _plan(executor)]


def bring_up_to_date() -> None:
    """Apply what is missing, one process at a time; the others wait and find nothing left to do."""
    if not any(pending(alias) for alias in connections):
        return
    with _alone(settings.HOME / "migrate.lock"), _alone_on_server():
        _schema()
        for alias in connections:
            if new_tables.is_empty(alias):
                new_tables.make(alias)
            elif pending(alias):
                call_command("migrate", database=alias, interactive=False, verbosity=0)


def _refuse_half_way(executor: MigrationExecutor) -> None:
    """The steps from before the first release are gone, so who stopped between two of them cannot go on from there."""
    applied = executor.loader.applied_migrations
    for migration in executor.loader.replacements.values():
        if 0 < sum(each in applied for each in migration.replaces) < len(migration.replaces):
            raise Refused(
                _(
                    "The tables of “%(app)s” come from a version before the first release and were never "
                    "brought up to the last of these. Start them once with the version of 2026-11-26, "
                    "then with this one."
                )
                % {"app": migration.app_label}
            )


def _plan(executor: MigrationExecutor) -> list:  # type: ignore[type-arg]
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def _schema() -> None:
    """On PostgreSQL activity has a schema of its own, so that its tables and their history stay apart."""
    connection = connections[ACTIVITY]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {ACTIVITY_SCHEMA}")
        connection.close()  # the search path of a connection is read anew


@contextmanager
def _alone_on_server() -> Iterator[None]:
    """Web and worker processes on several machines may start at once; on PostgreSQL one of them migrates."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
