"""What only PostgreSQL has; run by test_postgresql.py with HOMEROOM_TEST_DATABASE=postgresql."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum

from homeroom.activity import partitions
from homeroom.activity.actions import intake, purging
from homeroom.activity.models import BlockedRequest, HourCount
from homeroom.base.actor import SYSTEM
from homeroom.base.router import ACTIVITY
from homeroom.doors.spool import Spool
from homeroom.journal import actions as journal
from homeroom.journal import queries
from homeroom.journal.models import Entry
from homeroom.kernel.spoolline import ground, place
from homeroom.site import turns
from tests import postgresql

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

GROUND = ground("birch", "student", "district", "III.2", "games", "ut1", "7", "b" * 16)
AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
SCHEMA = """
    SELECT c.relname, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p') AND a.attnum > 0
    UNION ALL SELECT c.relname, o.conname || ' ' || pg_get_constraintdef(o.oid)
      FROM pg_class c JOIN pg_constraint o ON o.conrelid = c.oid WHERE c.relnamespace = to_regnamespace(%s)
    UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = %s
"""
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


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_the_server_falls_over_in_the_middle_of_a_batch_and_nothing_is_lost_or_doubled(tmp_path, monkeypatch, when):
    spool = Spool(tmp_path, "dns")
    for number in range(3000):
        spool.cell("birch", "student", "allow", "district", "")[0] += 1
        spool._note(int(AT.timestamp()), ("red-fox", place(f"h{number}.test", 1), GROUND), 1)
        if number % 500 == 0:
            spool.push()
    spool.close(AT)
    monkeypatch.setattr(intake, "CHUNK", 40_000)  # many batches
    commit, seen = intake._commit, []

    def falling(*row, **how):
        seen.append(row)
        if len(seen) == 3 and when == "before the commit":
            postgresql.fall_over()
        commit(*row, **how)
        if len(seen) == 3 and when == "after the commit":
            postgresql.fall_over()  # whoever wrote does not know whether it counts

    monkeypatch.setattr(intake, "_commit", falling)
    with pytest.raises(DatabaseError):
        intake.take_in(home=tmp_path, at=AT)
    assert list((tmp_path / "spool").iterdir()), "what was not taken in whole stays"
    connections.close_all()
    for _ in range(2):
        intake.take_in(home=tmp_path, at=AT)
    assert BlockedRequest.objects.using(ACTIVITY).aggregate(n=Sum("n"))["n"] == 3000
    assert BlockedRequest.objects.using(ACTIVITY).values("host").distinct().count() == 3000
    assert HourCount.objects.using(ACTIVITY).aggregate(n=Sum("n"))["n"] == 3000
    assert not list((tmp_path / "spool").glob("*.log"))


def schema(of: BaseDatabaseWrapper, name: str) -> list[tuple[str, str]]:
    """Columns, constraints and indexes of the house's tables, without those of single days."""
    with of.cursor() as cursor:
        cursor.execute(SCHEMA, [name] * 3)
        found = [(table, part.replace(f"{name}.", "")) for table, part in cursor.fetchall()]
    return sorted(row for row in found if row[0].startswith("activity_") and not row[0].rpartition("_")[2].isdigit())


def test_activity_migrated_step_by_step_ends_at_the_tables_of_a_new_house():
    slowly = connections.create_connection(ACTIVITY)
    with slowly.cursor() as cursor:
        cursor.execute("CREATE SCHEMA slowly")
        cursor.execute("SET search_path TO slowly")
    try:
        executor = MigrationExecutor(slowly)
        executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == ACTIVITY])
        made = schema(slowly, "slowly")
        assert made == schema(connections[ACTIVITY], "public")
        assert {table for table, _ in made} >= {"activity_blockedrequest", "activity_blockedrequest_other"}
    finally:
        with slowly.cursor() as cursor:
            cursor.execute("DROP SCHEMA slowly CASCADE")
        slowly.close()


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
