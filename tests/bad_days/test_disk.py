"""A full disk: doors answer on, what could not be written is counted and told, the last bundle stays."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from datetime import UTC, datetime

import pytest

from homeroom.doors import bundle_file
from homeroom.kernel import spoolline
from tests.bad_days.house import ALLOWED, BLOCKED, publish, wait_for

SIZE = 4 << 20  # room for all that may wait in memory
NXDOMAIN = 3


@pytest.fixture
def small_disk(tmp_path):
    """A file system of SIZE bytes, where this machine lets us make one."""
    with tiny(tmp_path / "spool") as folder:
        yield folder


@contextlib.contextmanager
def tiny(folder):
    folder.mkdir(exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("This user may not mount a small file system; as root this test runs.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def lines(folder):
    read = [spoolline.read(line) for path in folder.glob("*.log") for line in path.read_bytes().split(b"\n")[:-1]]
    blocked = sum(line.n for line in read if isinstance(line, spoolline.Blocked))
    counted = sum(count.n for line in read if isinstance(line, spoolline.Counts) for count in line.counts)
    lost = [line for line in read if isinstance(line, spoolline.Lost)]
    return blocked, counted, sum(line.blocks for line in lost), sum(line.answers for line in lost)


def test_doors_answer_on_while_the_disk_of_their_spool_is_full(small_disk, house):
    house.start("dns", "proxy")
    filler = small_disk / "filler"
    fill(filler)
    asked = 7000
    codes = house.ask_many([f"h{number}.porn.test" for number in range(asked)])
    assert len(codes) == asked and set(codes.values()) == {NXDOMAIN}
    assert house.get("porn.test") == BLOCKED
    assert house.ask("ok.test") == house.get("ok.test") == ALLOWED
    status = wait_for(lambda: house.status("dns")["spool_lost"] and house.status("dns"), "the door to tell of losses")
    assert "cannot be written" in status["trouble"] and status["trouble"].endswith(".")
    filler.unlink()
    wait_for(lambda: not house.status("dns")["trouble"], "the door to be well again")
    assert house.ask("afterwards.porn.test") == BLOCKED
    house.doors["dns"].terminate()
    house.doors.pop("dns").wait(10)
    blocked, counted, lost, lost_answers = lines(small_disk)
    assert blocked + lost >= asked + 1 and lost > 0
    assert lost_answers == 0 and counted >= asked + 2


def fill(path):
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def test_a_bundle_that_does_not_fit_leaves_the_last_one_and_no_litter(tmp_path):
    with tiny(tmp_path / "bundles") as folder:
        good = publish(tmp_path)
        fill(folder / "filler")
        before = sorted(path.name for path in folder.iterdir())
        big = {"persons": {f"p{number}": {"profile": "student"} for number in range(5000)}}
        for _ in range(3):
            with pytest.raises(OSError, match="No space left"):
                bundle_file.publish(tmp_path, at=datetime.now(UTC), journal=2, roll=big)
        assert bundle_file.open_bundle(tmp_path).id == good
        assert sorted(path.name for path in folder.iterdir()) == before
        (folder / "filler").unlink()
        assert publish(tmp_path, ["other.test"]) != good


def test_a_process_that_may_write_no_more_keeps_the_last_bundle(tmp_path):
    """The same without a disk of its own, by the limit on the size of files."""
    good = publish(tmp_path)
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        big = {"persons": {f"p{number}": {"profile": "student"} for number in range(5000)}}
        try:
            bundle_file.publish(tmp_path, at=datetime.now(UTC), journal=2, roll=big)
        except OSError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert bundle_file.open_bundle(tmp_path).id == good
    assert not [path for path in (tmp_path / "bundles").iterdir() if path.name.startswith(".roll")]
