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


def pending(alias: str) -> list[str]:
    """The migrations that a database still lacks, as "app.name"."""
    executor = MigrationExecutor(connections[alias])
    return [f"{migration.app_label}.{migration.name}" for migration, _ in _plan(executor)]


def bring_up_to_date() -> None:
    """Apply what is missing, one process at a time; the others wait and find nothing left to do."""
    if not any(pending(alias) for alias in connections):
        return
    with _alone(settings.HOME / "migrate.lock"):
        for alias in connections:
            if pending(alias):
                call_command("migrate", database=alias, interactive=False, verbosity=0)


def _plan(executor: MigrationExecutor) -> list:  # type: ignore[type-arg]
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
