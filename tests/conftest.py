"""Shared by all tests: the clauses that a test may name, the databases, the town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connections

from homeroom.journal import triggers

if TYPE_CHECKING:
    from tests.town import Town


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
        return [*triggers.drop("sqlite"), *statements, *triggers.make("sqlite")]

    operations.sql_flush = sql_flush
