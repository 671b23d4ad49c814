"""The journal only grows, and whoever tampers with it is found out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from homeroom.base.actor import SYSTEM
from homeroom.journal import actions, chain, queries, triggers
from homeroom.journal.models import Entry

AT = datetime(2026, 9, 14, 15, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def record(count: int = 1, **values: object) -> list[Entry]:
    acts = [actions.Act(verb="test.thing.done", subject=f"thing:{number}", **values) for number in range(count)]
    with actions.atomic():
        return actions.record_all(actor=SYSTEM, acts=acts, at=AT)


def test_entries_are_numbered_from_one_without_gaps_and_each_names_the_one_before():
    entries = record(3)
    assert [entry.id for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [chain.GENESIS, entries[0].hash, entries[1].hash]
    assert queries.verify().whole
    assert queries.head() == queries.Head(3, entries[2].hash)
