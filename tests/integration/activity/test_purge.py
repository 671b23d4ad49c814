"""What is no longer needed goes, what proves that the filter ran stays, and the journal says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from homeroom.activity import actions, retention
from homeroom.activity.actions import purging
from homeroom.activity.models import BlockedRequest, HourCount, PurgeClock, SpoolFile
from homeroom.journal.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "activity"])

AT = datetime(2026, 10, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def refused(at, **values):
    return BlockedRequest.objects.create(at=int(at.timestamp()), n=1, line=1, **values)


def counted(at, **values):
    return HourCount.objects.create(hour=int(at.timestamp()) // 3600 * 3600, n=1, **values)


@pytest.mark.clause("XIV.B.3")
def test_refused_requests_are_deleted_after_thirty_days_and_not_before(tmp_path):
    old, young = refused(AT - 30 * DAY - timedelta(seconds=1)), refused(AT - 30 * DAY)
    purged = actions.purge(home=tmp_path, at=AT)
    assert purged.blocked_requests == 1 and "Deleted 1 refused requests" in purged.sentence()
    assert list(BlockedRequest.objects.all()) == [young]
    assert old.pk != young.pk


@pytest.mark.parametrize(
    ("hour", "kept_until"),
    [
        # A funding year runs from 1 July to 30 June; ten years and the summer's deadline later it may go.
        (datetime(2026, 9, 1, tzinfo=UTC), datetime(2037, 9, 30, tzinfo=UTC)),
        (datetime(2027, 6, 30, 23, tzinfo=UTC), datetime(2037, 9, 30, tzinfo=UTC)),
        (datetime(2027, 7, 1, 0, tzinfo=UTC), datetime(2038, 9, 30, tzinfo=UTC)),
    ],
)
def test_hourly_counts_stay_ten_years_after_their_funding_year(tmp_path, hour, kept_until):
    keep = retention.keep("hour_counts", kept_until.date())
    assert int(hour.timestamp()) >= keep.before(kept_until)
    assert int(hour.timestamp()) < keep.before(kept_until + DAY)


def test_the_journal_says_what_was_deleted_and_nothing_when_nothing_was(tmp_path):
    actions.purge(home=tmp_path, at=AT)
    assert not Entry.objects.filter(verb="activity.purged").exists()
    refused(AT - 40 * DAY)
    counted(AT - 12 * 366 * DAY)
    actions.purge(home=tmp_path, at=AT)
    entry = Entry.objects.get(verb="activity.purged")
    assert entry.clause == "XIV.B.3" and entry.actor == "system"
    assert entry.data == {"blocked_requests": 1, "hour_counts": 1, "tool_counts": 0, "spool_files": 0, "quarantine": 0}


def test_much_is_deleted_in_rounds_each_with_its_entry(tmp_path, monkeypatch):
    monkeypatch.setattr(purging, "MOST", 10)
    for number in range(25):
        refused(AT - 40 * DAY, host=f"h{number}.test")
    assert actions.purge(home=tmp_path, at=AT).blocked_requests == 25
    assert [entry.data["blocked_requests"] for entry in Entry.objects.filter(verb="activity.purged")] == [10, 10, 5]
    assert not BlockedRequest.objects.exists()


def test_nothing_is_deleted_when_the_journal_cannot_say_so(tmp_path, monkeypatch):
    refused(AT - 40 * DAY)

    def fail(**options):
        raise OSError("the journal's disk is full")

    monkeypatch.setattr(purging.journal, "record", fail)
    with pytest.raises(OSError, match="disk is full"):
        actions.purge(home=tmp_path, at=AT)
    assert BlockedRequest.objects.count() == 1


def test_damaged_lines_are_kept_for_a_week(tmp_path):
    folder = tmp_path / "spool" / "quarantine"
    folder.mkdir(parents=True)
    for day in ("2026-10-07", "2026-10-08", "2026-10-15"):
        (folder / f"{day}.log").write_text("damaged")
    (folder / "notes.txt").write_text("not ours")
    assert actions.purge(home=tmp_path, at=AT).quarantine == 1
    assert sorted(path.name for path in folder.iterdir()) == ["2026-10-08.log", "2026-10-15.log", "notes.txt"]


def test_records_of_files_are_forgotten_but_never_of_one_that_is_still_there_or_has_a_gap(tmp_path):
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "dns-1-2.log").write_bytes(b"")
    seen = int((AT - 60 * DAY).timestamp())
    for name, values in (
        ("dns-1-1.log", {}),
        ("dns-1-2.log", {}),  # still on disk: forgetting it would take it in twice
        ("dns-1-3.log", {"lost_blocks": 3}),
        ("dns-1-4.log", {"finished": False}),
    ):
        SpoolFile.objects.create(**{"name": name, "door": "dns", "seen": seen, "finished": True, **values})
    assert actions.purge(home=tmp_path, at=AT).spool_files == 1
    assert not SpoolFile.objects.filter(name="dns-1-1.log").exists()


def test_a_clock_that_jumps_ahead_deletes_nothing_until_it_has_held_for_a_day(tmp_path):
    row = refused(AT - DAY)
    actions.purge(home=tmp_path, at=AT)
    jumped = AT + 400 * DAY
    assert "400 days ahead" in actions.purge(home=tmp_path, at=jumped).held
    assert "nothing is deleted" in actions.purge(home=tmp_path, at=jumped + timedelta(hours=23)).sentence()
    # It jumps back: all is as before.
    assert not actions.purge(home=tmp_path, at=AT + DAY).held
    assert BlockedRequest.objects.get() == row
    # A machine that was really off for a year: after a day the old rows go.
    assert actions.purge(home=tmp_path, at=jumped).held
    assert not actions.purge(home=tmp_path, at=jumped + timedelta(hours=25)).held
    assert not BlockedRequest.objects.exists()


def test_a_clock_that_jumps_back_deletes_nothing_young(tmp_path):
    row = refused(AT)
    actions.purge(home=tmp_path, at=AT)
    actions.purge(home=tmp_path, at=AT - 5000 * DAY)
    assert BlockedRequest.objects.get() == row
    assert PurgeClock.objects.get().ran == int((AT - 5000 * DAY).timestamp())


def test_every_class_has_a_source_and_a_reason():
    for name in retention.CLASSES:
        for day in (datetime(2020, 1, 1, tzinfo=UTC), AT):
            keep = retention.keep(name, day.date())
            assert keep.source and keep.why.endswith(".") and (keep.days or keep.years)
