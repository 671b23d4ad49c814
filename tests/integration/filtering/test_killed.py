"""A build that is killed at any moment leaves the last good bundle, and the next build goes through."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from homeroom.doors import bundle_file
from homeroom.filtering.compiling import FEW
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.decide import decide
from tests import child

NAMES = FEW + 5_000  # enough to be built with scratch files on disk


def homeroom(home: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "homeroom.site.cli", *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=child.environment(home), **quiet)


def verdict(home: Path, host: str) -> str:
    bundle = bundle_file.open_bundle(home)
    return decide(Ask(bundle.roll.stranger, host), bundle, datetime.now(UTC)).verdict


@pytest.mark.timeout(180)
def test_a_build_killed_in_the_middle_leaves_the_last_good_bundle(tmp_path):
    home, names = tmp_path / "home", tmp_path / "names.txt"
    names.write_text("".join(f"bets{number}.test\n" for number in range(NAMES)))
    added = ("lists", "add", "casino", "--format", "domains", "--category", "gambling", str(names))
    assert homeroom(home, *added).wait() == 0
    assert homeroom(home, "build").wait() == 0
    good = bundle_file.current_id(home)
    names.write_text(names.read_text() + "poker.test\n")
    assert homeroom(home, "lists", "update").wait() == 0
    build = homeroom(home, "build")
    while not list((home / "bundles").glob(".building-*")) and build.poll() is None:
        time.sleep(0.01)
    time.sleep(0.1)
    build.kill()
    if build.wait():  # otherwise it was faster than the executioner
        assert bundle_file.current_id(home) == good
        assert (verdict(home, "bets7.test"), verdict(home, "poker.test")) == ("block", "allow")
    assert homeroom(home, "build").wait() == 0
    assert (verdict(home, "bets7.test"), verdict(home, "poker.test")) == ("block", "block")
