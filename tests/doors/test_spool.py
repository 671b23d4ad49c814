"""The spool: nothing answered is forgotten in silence, whatever the disk does."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.doors import spool as spools
from homeroom.doors.spool import Spool
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Block, Cited, Kind

AT = datetime(2026, 9, 1, 15, 59, 59, tzinfo=UTC)
HOUR = int(datetime(2026, 9, 1, 15, tzinfo=UTC).timestamp())
BEN = Who(person="person-ben", profile="student", school="birch", alias="a1b2")
DECISION = Block(
    kind=Kind.STATUTORY, clause="VI.Alt3.A.obscene", category="pornography", reason="The law requires this block.",
    person="person-ben", profile="student", bundle="b1", at=AT, rule=Cited("ut1", "7", 12, "adult.test"),
)  # fmt: skip


def written(home):
    """All lines on disk, read; the tail without a newline is left out."""
    found = []
    for path in sorted((home / "spool").glob("*.log")):
        *whole, _ = path.read_bytes().split(b"\n")
        found += [spoolline.read(line) for line in whole]
    return found


def refusals(home):
    return [line for line in written(home) if isinstance(line, spoolline.Blocked)]


def counts(home):
    total = Counter()
    for line in written(home):
        if isinstance(line, spoolline.Counts):
            for count in line.counts:
                total[count[:-1]] += count.n
    return total


def lost(home):
    return sum(line.blocks for line in written(home) if isinstance(line, spoolline.Lost))


@pytest.mark.clause("XIV.B.3")
def test_a_refusal_is_on_disk_at_once_without_person_or_path(tmp_path):
    Spool(tmp_path, "dns").blocked(AT, BEN, "adult.test", DECISION)
    (line,) = refusals(tmp_path)
    assert (line.alias, line.host, line.list, line.line, line.n) == ("a1b2", "adult.test", "ut1", 12, 1)
    assert (line.clause, line.kind, line.bundle) == ("VI.Alt3.A.obscene", "statutory", "b1")
    (file,) = (tmp_path / "spool").iterdir()
    assert b"person-ben" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_a_door_with_a_loop_writes_once_for_a_batch(tmp_path):
    later = []
    spool = Spool(tmp_path, "dns", soon=later.append)
    for number in range(20):
        spool.blocked(AT, BEN, f"h{number}.test", DECISION)
    assert len(later) == 1 and not (tmp_path / "spool").exists()
    later.pop()()
    assert len(refusals(tmp_path)) == 20
    spool.blocked(AT, BEN, "another.test", DECISION)
    assert len(later) == 1


def test_counts_belong_to_the_hour_and_are_written_once(tmp_path):
    spool = Spool(tmp_path, "dns")
    cell = spool.cell("birch", "student", "allow", "district", "")
    assert spool.cell("birch", "student", "allow", "district", "") is cell
    cell[0] += 3
    spool.flush(AT)
    spool.flush(AT)
    cell[0] += 4
    spool.flush(AT + timedelta(seconds=1))
    kind = ("birch", "student", "allow", "district", "")
    assert counts(tmp_path) == {(HOUR, *kind): 3, (HOUR + 3600, *kind): 4}


def test_the_same_refusal_hundreds_of_times_a_second_is_told_in_one_line(tmp_path):
    spool = Spool(tmp_path, "dns")
    for _ in range(1000):
        spool.blocked(AT, BEN, "telemetry.test", DECISION)
    spool.flush(AT)
    lines = refusals(tmp_path)
    assert len(lines) == spools.REPEATS + 1
    assert sum(line.n for line in lines) == 1000
    spool.blocked(AT, BEN, "telemetry.test", DECISION)
    assert sum(line.n for line in refusals(tmp_path)) == 1001


def test_files_are_closed_when_full(tmp_path, monkeypatch):
    monkeypatch.setattr(spools, "FULL", 2000)
    spool = Spool(tmp_path, "dns")
    for number in range(50):
        spool.blocked(AT, BEN, f"h{number}.test", DECISION)
    files = sorted((tmp_path / "spool").iterdir())
    assert len(files) > 3
    assert all(path.stat().st_size < 2500 for path in files)
    assert [line.host for line in refusals(tmp_path)] == [f"h{number}.test" for number in range(50)]


def test_files_are_closed_after_a_minute_and_empty_ones_are_never_made(tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(spools.time, "monotonic", lambda: now[0])
    spool = Spool(tmp_path, "dns")
    spool.flush(AT)
    assert not (tmp_path / "spool").exists()
    for _ in range(2):
        spool.blocked(AT, BEN, "adult.test", DECISION)
        now[0] += 61
        spool.flush(AT)
    assert len(list((tmp_path / "spool").iterdir())) == 2
    assert all(is_free(path) for path in (tmp_path / "spool").iterdir())


def test_a_file_in_use_is_locked_until_its_door_gives_it_up(tmp_path):
    spool = Spool(tmp_path, "dns")
    spool.blocked(AT, BEN, "adult.test", DECISION)
    (path,) = (tmp_path / "spool").iterdir()
    assert not is_free(path)
    spool.close(AT)
    assert is_free(path)


def test_two_spools_of_one_door_never_share_a_file(tmp_path):
    for _ in range(3):
        Spool(tmp_path, "dns").blocked(AT, BEN, "adult.test", DECISION)
    assert len(list((tmp_path / "spool").iterdir())) == 3


def is_free(path):
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Disk:
    """Lets through `room` bytes, cutting the last write short as a full disk does."""

    def __init__(self, room, code=errno.ENOSPC):
        self.room, self.code = room, code

    def write(self, fd, data):
        if self.room <= 0:
            raise OSError(self.code, os.strerror(self.code))
        taken = REAL_WRITE(fd, data[: self.room])
        self.room -= taken
        return taken


REAL_WRITE = os.write


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EFBIG])
def test_a_disk_that_fails_for_a_while_costs_nothing_that_fits_in_memory(tmp_path, monkeypatch, code):
    disk = Disk(700, code)
    monkeypatch.setattr(spools.os, "write", disk.write)
    spool = Spool(tmp_path, "dns")
    cell = spool.cell("birch", "student", "block", "statutory", "pornography")
    for number in range(100):
        spool.blocked(AT, BEN, f"h{number}.test", DECISION)
        cell[0] += 1
        if number % 10 == 0:
            spool.flush(AT)
    assert spool.trouble.endswith(".") and str(tmp_path) in spool.trouble
    disk.room = 1 << 30
    spool.flush(AT)
    assert spool.trouble == "" and spool.lost == 0
    assert [line.host for line in refusals(tmp_path)] == [f"h{number}.test" for number in range(100)]
    assert counts(tmp_path).total() == 100


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_full_disk_lets_through_everything_is_written_once_or_told_as_lost(tmp_path, monkeypatch, seed):
    chance = random.Random(seed)
    monkeypatch.setattr(spools, "QUEUE", 40)
    monkeypatch.setattr(spools, "FULL", 5000)
    disk = Disk(0)
    monkeypatch.setattr(spools.os, "write", disk.write)
    spool = Spool(tmp_path, "dns")
    for number in range(400):
        spool.blocked(AT, BEN, f"h{number}.test", DECISION)
        if chance.random() < 0.05:
            disk.room = chance.choice([0, 100, 500, 5000])
            spool.flush(AT)
    disk.room = 1 << 30
    spool.flush(AT)
    hosts = [line.host for line in refusals(tmp_path)]
    assert len(hosts) == len(set(hosts))
    assert spool.lost > 0
    assert len(hosts) + lost(tmp_path) == 400
    assert lost(tmp_path) == spool.lost


def test_a_full_disk_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(spools.os, "write", Disk(0).write)
    monkeypatch.setattr(spools, "PENDING", 10)
    spool = Spool(tmp_path, "dns")
    for number in range(spools.QUEUE + 500):
        spool.blocked(AT, BEN, f"h{number}.test", DECISION)
    for hour in range(48):
        spool.cell("birch", "student", "allow", "district", "")[0] += 1
        spool.flush(AT + timedelta(hours=hour))
    assert len(spool._queue) == spools.QUEUE
    assert len(spool._pending) == 10
    assert spool.lost == 500 + 38
    assert len(list((tmp_path / "spool").iterdir())) == 1


def test_a_folder_that_cannot_be_made_or_was_removed_is_survived(tmp_path):
    (tmp_path / "spool").write_text("in the way")
    spool = Spool(tmp_path, "dns")
    spool.blocked(AT, BEN, "one.test", DECISION)
    assert spool.trouble
    (tmp_path / "spool").unlink()
    spool.flush(AT)
    assert not spool.trouble
    (path,) = (tmp_path / "spool").iterdir()
    path.unlink()
    spool.flush(AT)
    spool.blocked(AT, BEN, "two.test", DECISION)
    assert [line.host for line in refusals(tmp_path)] == ["two.test"]


def test_a_clock_before_1970_or_running_backwards_writes_readable_lines(tmp_path):
    spool = Spool(tmp_path, "dns")
    for at in (AT, AT - timedelta(hours=5), datetime(1969, 1, 1, tzinfo=UTC)):
        spool.blocked(at, BEN, f"h{at.year}.test", DECISION)
        spool.cell("birch", "student", "allow", "district", "")[0] += 1
        spool.flush(at)
    assert len(refusals(tmp_path)) == 3
    assert {key[0] for key in counts(tmp_path)} == {HOUR, HOUR - 5 * 3600, 0}


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tests.doors.test_spool import BEN, DECISION
from homeroom.doors.spool import Spool
spool = Spool(Path(sys.argv[1]), "dns", soon=lambda push: None)
for number in range(1_000_000):
    spool.blocked(datetime.now(UTC), BEN, f"h{number}.test", DECISION)
    if number % 7 == 0:
        spool.push()
        sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
"""


@pytest.mark.parametrize("after", [0.05, 0.15])
def test_kill_9_costs_only_the_batch_it_interrupts(tmp_path, after):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    ) as door:
        door.stdout.readline()
        os.set_blocking(door.stdout.fileno(), True)
        time.sleep(after)
        door.send_signal(signal.SIGKILL)
        told = [int(line) for line in door.stdout.read().split(b"\n")[:-1]]
    numbers = [int(line.host[1:-5]) for line in refusals(tmp_path)]
    assert numbers == list(range(len(numbers)))
    assert told and len(numbers) > told[-1]
    assert all(is_free(path) for path in (tmp_path / "spool").glob("*.log"))
