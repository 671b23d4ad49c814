"""Shared by all tests: the clauses that a test may name, the databases, the town."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.core.management.commands import flush
from django.db import connections
from django.utils import translation

from homeroom.journal import triggers
from homeroom.kernel import clauses
from homeroom.site import new_tables

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import DjangoDbBlocker

    from tests.town import Town


# A machine with much to do may take long over any example; how fast things are is measured in tests/bench.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# What takes long comes first, so that both processes have small files left at the end and end together.
LONG = (
    "tests/integration/nodes/test_two_nodes.py",
    "tests/integration/test_postgresql.py",
    "tests/bad_days/test_killed_house.py",
    "tests/e2e/",
    "tests/bad_days/",
    "tests/integration/test_keeping.py",
    "tests/integration/test_new_tables.py",
    "tests/integration/test_units.py",
    "tests/doors/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; and see that clauses are named as they should be."""
    _check_clauses(items)
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


def pytest_collection_finish() -> None:
    """All that was read so far stays until the end, so the collector of circles need not walk through it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _check_clauses(items: list[pytest.Item]) -> None:
    """Refuse a clause that does not exist, or one so coarse that nobody knows what the test shows."""
    for item in items:
        for marker in item.iter_markers("clause"):
            for id in marker.args:
                try:
                    clauses.check(id)
                except clauses.BadClause as error:
                    raise pytest.UsageError(f"{item.nodeid}: {error}") from None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tables as `homeroom.site.new_tables` leaves them: guarded, and every migration noted as applied."""
    with django_db_blocker.unblock():
        for alias in connections:
            if not new_tables.is_empty(alias):  # a database that none of these tests asks for was not made
                new_tables.finish(alias)


@pytest.fixture(autouse=True)
def _in_english() -> Iterable[None]:
    """A page that was asked for in Spanish leaves its language to nobody: the next test begins in the usual one."""
    yield
    translation.deactivate()


@pytest.fixture
def town(db: None) -> Town:
    """The cast of tests/town.py in the database."""
    from tests.town import Town

    return Town()


@pytest.fixture(autouse=True, scope="session")
def _what_was_written_can_be_emptied_between_tests() -> None:
    """Tests with real transactions empty all tables afterwards, which the journal rightly refuses.

    So emptying takes its guard down and sets it up again. It touches only the few tables that hold anything, and leaves
    Django's list of models where it is, which would be written anew each time.
    """
    flush.emit_post_migrate_signal = lambda *_args, **_options: None
    for alias in connections:
        _empty_only_what_is_filled(connections[alias])


STAY = ("django_content_type", "auth_permission")


def _empty_only_what_is_filled(connection: BaseDatabaseWrapper) -> None:
    whole, quote = connection.ops.sql_flush, connection.ops.quote_name

    def filled(tables: Iterable[str]) -> list[str]:
        asked = [
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables if table not in STAY
        ]
        with connection.cursor() as cursor:
            found = []
            for first in range(0, len(asked), 100):
                cursor.execute(" UNION ALL ".join(asked[first : first + 100]))
                found += [row[0] for row in cursor.fetchall()]
        return found

    def sql_flush(style, tables, **options):
        if connection.vendor == "postgresql":
            # As a replica it asks no guard and no reference; to cut off each of some hundred tables takes a second.
            empty = [f"DELETE FROM {quote(table)}" for table in filled(tables)]
            return ["SET session_replication_role = replica", *empty, "SET session_replication_role = DEFAULT"]
        statements = whole(style, filled(tables), **options)
        if "journal_entry" not in tables:
            return statements
        return [*triggers.drop(connection.vendor), *statements, *triggers.make(connection.vendor)]

    connection.ops.sql_flush = sql_flush
