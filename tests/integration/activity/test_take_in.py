"""What doors wrote becomes rows, each line once, whatever the files look like."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.activity import actions, spool_files
from homeroom.activity.actions import intake
from homeroom.activity.models import BlockedRequest, HourCount, SpoolFile
from homeroom.doors.spool import Spool
from homeroom.kernel import spoolline

from .writing import AT, block, expected, tables, who, write

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


def logs(home):
    return list((home / "spool").glob("*.log"))


def test_everything_is_taken_in_once_and_finished_files_are_deleted(tmp_path):
    write(tmp_path, door="dns")
    write(tmp_path, door="proxy", files=2)
    wanted = expected(tmp_path)
    taken = actions.take_in(home=tmp_path, at=AT)
    assert tables() == wanted
    assert (taken.files, taken.deleted, taken.more, taken.trouble) == (5, 5, False, "")
    assert taken.answers == 5 * 40 and taken.blocked == 5 * 14
    assert logs(tmp_path) == []
    actions.take_in(home=tmp_path, at=AT)
    assert tables() == wanted


def test_a_refusal_keeps_what_explains_it_and_nothing_that_names_anybody(tmp_path):
    spool = Spool(tmp_path, "proxy")
    spool.blocked(AT, who(), "games.test", block())
    actions.take_in(home=tmp_path, at=AT)
    row = BlockedRequest.objects.get()
    assert (row.at, row.n, row.alias, row.school, row.profile) == (int(AT.timestamp()), 1, "a1b2", "birch", "student")
    assert (row.host, row.kind, row.clause, row.category) == ("games.test", "district", "III.2", "games")
    assert (row.list, row.version, row.line, row.bundle, row.door) == ("ut1", "2026-08-01", 7, "b1", "proxy")


@pytest.mark.clause("XIV.B.3")
def test_no_table_has_a_place_for_a_person_an_address_or_a_path():
    columns = {field.name for model in (BlockedRequest, HourCount, SpoolFile) for field in model._meta.get_fields()}
    assert columns.isdisjoint({"person", "account", "user", "address", "client", "ip", "path", "url", "device"})
    assert "alias" not in {field.name for field in HourCount._meta.get_fields()}


def test_a_file_in_use_is_taken_in_as_it_grows_and_kept(tmp_path):
    spool = Spool(tmp_path, "dns")
    for number in range(5):
        spool.blocked(AT, who(), f"h{number}.test", block())
        actions.take_in(home=tmp_path, at=AT)
        assert BlockedRequest.objects.count() == number + 1
    assert len(logs(tmp_path)) == 1
    spool.close(AT)
    actions.take_in(home=tmp_path, at=AT)
    assert logs(tmp_path) == [] and BlockedRequest.objects.count() == 5


def test_counts_of_the_same_hour_add_up_over_files_and_runs(tmp_path):
    for _ in range(3):
        spool = Spool(tmp_path, "dns")
        spool.cell("birch", "student", "allow", "district", "")[0] += 7
        spool.close(AT)
        actions.take_in(home=tmp_path, at=AT)
    assert HourCount.objects.get().n == 21


def test_a_line_that_is_not_finished_waits_and_one_that_never_will_be_is_torn(tmp_path):
    spool = Spool(tmp_path, "dns")
    spool.blocked(AT, who(), "whole.test", block())
    (path,) = logs(tmp_path)
    with path.open("ab") as file:
        file.write(b'["block",18')
    taken = actions.take_in(home=tmp_path, at=AT)
    assert (taken.blocked, taken.torn) == (1, 0)
    os.close(spool._file._fd)  # what kill -9 does
    taken = actions.take_in(home=tmp_path, at=AT)
    assert (taken.blocked, taken.torn, taken.deleted) == (0, 1, 1)
    assert SpoolFile.objects.get().torn == 1
    assert b'["block",18' in quarantine(tmp_path)


def quarantine(home):
    return b"".join(path.read_bytes() for path in (home / "spool" / "quarantine").iterdir())


def test_damaged_lines_are_set_aside_and_counted_and_the_others_taken_in(tmp_path):
    write(tmp_path, files=1)
    (path,) = logs(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    wrong = [lines[0].replace(b"h0-0", b"h9-9"), b"\x00\xff\xfe\n", spoolline.sealed('["block",1]'), b"\n"]
    path.write_bytes(b"".join(lines[:2] + wrong + lines[2:]))
    taken = actions.take_in(home=tmp_path, at=AT)
    assert (taken.damaged, taken.lines, taken.deleted) == (4, len(lines), 1)
    assert b"h9-9" in quarantine(tmp_path) and path.name.encode() in quarantine(tmp_path)
    assert BlockedRequest.objects.count() == 14


def test_a_file_without_newlines_does_not_stop_the_intake(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "CHUNK", 100_000)
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "dns-1-1.log").write_bytes(b"x" * 1_000_000 + b"\n" + spoolline.write_lost(1, "dns", 2, 3))
    taken = actions.take_in(home=tmp_path, at=AT)
    assert taken.lost == 5 and taken.deleted == 1
    assert SpoolFile.objects.get().taken == 1_000_000 + 1 + len(spoolline.write_lost(1, "dns", 2, 3))


def test_quarantine_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(spool_files, "SET_ASIDE_MOST", 5000)
    (tmp_path / "spool").mkdir()
    for number in range(20):
        spool_files.set_aside(tmp_path, "dns-1-1.log", number, [b"x" * 1000], AT)
    assert len(quarantine(tmp_path)) < 5100


def test_lines_of_one_chunk_after_another_are_all_taken_in(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "CHUNK", 700)
    monkeypatch.setattr(spoolline, "LONGEST", 600)
    write(tmp_path)
    wanted = expected(tmp_path)
    actions.take_in(home=tmp_path, at=AT)
    assert tables() == wanted
    assert not SpoolFile.objects.exclude(damaged=0, torn=0, finished=True).exists()


def test_a_run_ends_when_its_time_is_up_and_the_next_goes_on(tmp_path):
    write(tmp_path)
    wanted = expected(tmp_path)
    assert actions.take_in(home=tmp_path, at=AT, budget=0).more
    assert not actions.take_in(home=tmp_path, at=AT).more
    assert tables() == wanted


def test_two_intakes_at_once_take_each_line_once(tmp_path, monkeypatch):
    """The second comes in between the first's reading and its commit, for every piece."""
    monkeypatch.setattr(intake, "CHUNK", 1500)
    write(tmp_path)
    wanted = expected(tmp_path)
    commit = intake._commit
    inside = []

    def late(row, batch, *, finished):
        if not inside:
            inside.append(True)
            actions.take_in(home=tmp_path, at=AT)
            inside.clear()
        commit(row, batch, finished=finished)

    monkeypatch.setattr(intake, "_commit", late)
    actions.take_in(home=tmp_path, at=AT)
    assert tables() == wanted
    assert logs(tmp_path) == []


def test_a_file_that_was_finished_but_not_deleted_is_not_taken_in_again(tmp_path, monkeypatch):
    write(tmp_path, files=1)
    wanted = expected(tmp_path)
    (path,) = logs(tmp_path)
    copy = path.read_bytes()
    actions.take_in(home=tmp_path, at=AT)
    path.write_bytes(copy)
    actions.take_in(home=tmp_path, at=AT)
    assert tables() == wanted and not path.exists()


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_taken_in(tmp_path):
    write(tmp_path, files=2)
    folder = tmp_path / "spool"
    (folder / "dns-1-1.log").mkdir()
    (folder / "notes.txt").write_text("not ours")
    taken = actions.take_in(home=tmp_path, at=AT)
    assert taken.deleted == 2 and "dns-1-1.log cannot be read" in taken.trouble and taken.trouble.endswith(".")
    assert (folder / "notes.txt").exists()


def test_nothing_to_take_in_is_no_trouble(tmp_path):
    taken = actions.take_in(home=tmp_path, at=AT)
    assert taken.sentence() == ""


def test_what_a_door_lost_is_remembered(tmp_path, monkeypatch):
    spool = Spool(tmp_path, "dns")
    spool._untold = [3, 4]
    spool.cell("birch", "student", "allow", "district", "")[0] += 1
    spool.close(AT)
    taken = actions.take_in(home=tmp_path, at=AT)
    row = SpoolFile.objects.get()
    assert (taken.lost, row.lost_blocks, row.lost_answers) == (7, 3, 4)
    assert "7 were lost" in taken.sentence()


def test_times_from_a_clock_far_ahead_are_moved_to_now_so_that_they_are_purged_in_time(tmp_path):
    spool = Spool(tmp_path, "dns")
    ahead = AT + timedelta(days=900)
    spool.blocked(ahead, who(), "games.test", block())
    spool.cell("birch", "student", "allow", "district", "")[0] += 1
    spool.close(ahead)
    actions.take_in(home=tmp_path, at=AT)
    assert BlockedRequest.objects.get().at == int(AT.timestamp())
    assert HourCount.objects.get().hour == int(datetime(2026, 9, 1, 15, tzinfo=UTC).timestamp())


def test_the_job_takes_in_from_the_home_and_speaks_only_of_trouble(settings, tmp_path):
    from homeroom.activity import jobs

    settings.HOME = tmp_path
    write(tmp_path, files=1)
    assert jobs.take_in(AT) is None
    assert BlockedRequest.objects.count() == 14
    assert jobs.purge(AT) is None
    (tmp_path / "spool" / "dns-1-1.log").write_bytes(b"damaged\n")
    assert "1 damaged" in jobs.take_in(AT)
