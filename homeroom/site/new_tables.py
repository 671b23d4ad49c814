"""Makes the tables of an empty database in one go: what all migrations together lead to, in a tenth of their time.

A database that has anything in it takes the migrations, one by one. A test holds that both ways end at the
same tables (docs/decisions/0031-tables-of-a-new-home.md).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections, router
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor

OURS = "homeroom."
RECORD = "django_migrations"


def is_empty(database: str) -> bool:
    """Whether a database holds no table yet, but the one in which migrations are noted."""
    return not set(connections[database].introspection.table_names()) - {RECORD}


def make(database: str) -> None:
    """Make and guard all tables of a database, and record every migration as applied: all of it or nothing."""
    executor = MigrationExecutor(connections[database])
    executor.recorder.ensure_schema()
    emit_pre_migrate_signal(0, interactive=False, db=database)
    with connections[database].schema_editor() as editor:
        for model in _models(database):
            editor.create_model(model)
        while editor.deferred_sql:
            editor.execute(editor.deferred_sql.pop(0))
        _finish(database, executor, editor)
    emit_post_migrate_signal(0, interactive=False, db=database)


def finish(database: str) -> None:
    """Guard and record tables that something else has made, as the runner of tests does."""
    executor = MigrationExecutor(connections[database])
    executor.recorder.ensure_schema()
    with connections[database].schema_editor() as editor:
        _finish(database, executor, editor)


def _finish(database: str, executor: MigrationExecutor, editor: Any) -> None:
    """What our migrations do beyond tables (triggers that refuse changes, partitions by day), and the record."""
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        ours = type(migration).__module__.startswith(OURS)
        if ours and router.allow_migrate(database, migration.app_label):
            for step in migration.operations:
                if isinstance(step, RunPython) and not step.elidable:
                    step.code(apps, editor)
        executor.record_migration(migration)
    executor.check_replacements()


def _models(database: str) -> list[Any]:
    return [
        model
        for config in apps.get_app_configs()
        for model in router.get_migratable_models(config, database)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
