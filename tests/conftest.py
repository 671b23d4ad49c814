"""Shared by all tests: the clauses that a test may name, the databases, the town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connections

from homeroom.journal import triggers
from homeroom.kernel import clauses
from homeroom.site import new_tables

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.town import Town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
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
            new_tables.finish(alias)


@pytest.fixture
def town(db: None) -> Town:
    """The cast of tests/town.py in the database."""
    from tests.town import Town

    return Town()


@pytest.fixture(autouse=True, scope="session")
def _journal_can_be_emptied_between_tests() -> None:
    """Tests with real transactions empty all tables afterwards, which the journal rightly refuses.

    So emptying takes its guard down and sets it up again.
    """
    operations = connections["default"].ops
    flush = operations.sql_flush

    def sql_flush(style, tables, **options):
        statements = flush(style, tables, **options)
        if "journal_entry" not in tables:
            return statements
        vendor = connections["default"].vendor
        return [*triggers.drop(vendor), *statements, *triggers.make(vendor)]

    operations.sql_flush = sql_flush
