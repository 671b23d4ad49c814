"""What only PostgreSQL has; run by test_postgresql.py with HOMEROOM_TEST_DATABASE=postgresql."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest
from django.db import DatabaseError, connection, connections, transaction

from homeroom.activity import partitions
from homeroom.activity.actions import purging
from homeroom.activity.models import BlockedRequest
from homeroom.base.actor import SYSTEM
from homeroom.base.router import ACTIVITY
from homeroom.journal import actions as journal
from homeroom.journal import queries
from homeroom.journal.models import Entry
from homeroom.site import turns

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(databases=["default", "activity"], transaction=True)


def refused(at: datetime) -> None:
    BlockedRequest.objects.using(ACTIVITY).create(at=int(at.timestamp()), n=1, host="games.test", line=1)


def test_the_database_refuses_to_change_the_journal():
    assert connection.vendor == "postgresql"
    with journal.atomic():
        journal.record(actor=SYSTEM, verb="test.thing.done", subject="thing:1", at=AT)
    for statement in ("UPDATE journal_entry SET reason = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert queries.verify().whole


def test_writers_at_once_make_one_unbroken_chain():
    def write(number: int) -> None:
        try:
            for each in range(10):
                with journal.atomic():
                    journal.record(actor=SYSTEM, verb="test.thing.done", subject=f"thing:{number}-{each}", at=AT)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queries.verify().whole and Entry.objects.count() == 60


def test_a_day_has_a_partition_and_goes_by_being_dropped(tmp_path):
    old = AT - timedelta(days=200)
    partitions.prepare(int(old.timestamp()))
    made = partitions.prepare(int(AT.timestamp()))
    assert len(made) == partitions.AHEAD + 2 and partitions.prepare(int(AT.timestamp())) == []
    for at in (old, old, AT):
        refused(at)
    refused(AT - timedelta(days=900))  # a clock that was wrong: into the partition of the rest
    assert purging.purge(home=tmp_path, at=AT).blocked_requests == 3
    assert BlockedRequest.objects.using(ACTIVITY).count() == 1
    assert int(old.timestamp()) // partitions.DAY not in partitions.days()


def test_a_job_is_run_by_one_worker_at_a_time():
    other = connections.create_connection("default")
    try:
        with turns.taken("activity.purge") as mine:
            assert mine
            with other.cursor() as cursor:
                number = crc32(b"activity.purge") & 0x7FFFFFFF
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [turns.SPACE, number])
                assert cursor.fetchone() == (False,)
        with turns.taken("activity.purge") as mine:
            assert mine
    finally:
        other.close()
