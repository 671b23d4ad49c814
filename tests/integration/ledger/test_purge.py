"""XIV.B.3: a binder with lists of students goes when its time is over; that it was built stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from homeroom.base.actor import SYSTEM
from homeroom.board import queries as board
from homeroom.journal.models import Entry
from homeroom.ledger import actions, jobs
from homeroom.ledger.actions.binding import file_of
from homeroom.ledger.models import Binder

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOON = datetime(2026, 11, 26, 18, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Makes a binder that lies there."""
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    (tmp_path / "binders").mkdir()

    def make(*, names: bool) -> Binder:
        why = "For the auditor" if names else ""
        row = Binder.objects.create(
            year=2026, names=names, why=why, asked_at=NOON, by="dana", by_name="Dana", done_at=NOON, sha256="ab" * 32
        )
        file_of(row).write_bytes(b"PK")
        return row

    return make


@pytest.mark.clause("XIV.B.3")
def test_names_go_the_day_after_their_time_and_the_hash_stays(built):
    named, nameless = built(names=True), built(names=False)
    over = NOON + board.kept("binders_with_names", NOON)
    assert jobs.purge(over) is None and file_of(named).exists()
    assert jobs.purge(over + DAY) == "Deleted 1 binder with names of students."
    assert not file_of(named).exists() and file_of(nameless).exists()
    named.refresh_from_db()
    assert (named.sha256, named.why, named.purged_at) == ("ab" * 32, "For the auditor", over + DAY)
    entry = Entry.objects.get(verb="ledger.binders.purged")
    assert entry.data == {"binders": 1} and entry.clause == "XIV.B.3"
    assert jobs.purge(over + 2 * DAY) is None


def test_the_page_says_that_it_is_gone(built, town):
    row = built(names=True)
    client, link = town.client("dana"), reverse("ledger:binder-file", args=[row.pk])
    assert link in client.get(reverse("ledger:binders")).content.decode()
    jobs.purge(NOON + 31 * DAY)
    said = client.get(reverse("ledger:binders")).content.decode()
    assert link not in said and "Deleted, since it names students" in said and "abab" in said
    assert client.get(link).status_code == 404


def test_a_file_left_by_a_crash_is_deleted_by_the_next_run(built):
    row = built(names=True)
    Binder.objects.update(purged_at=NOON)
    assert actions.purge_binders(actor=SYSTEM, at=NOON + DAY) == 0 and not file_of(row).exists()
