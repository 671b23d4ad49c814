"""One command starts a district with two nodes in networks of their own; the centre dies, both go on, all arrives."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeroom.site import two_nodes
from tests import child

WHY = two_nodes.refusal()


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short name: sockets in it have room for 108 bytes."""
    with tempfile.TemporaryDirectory(prefix="hr-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.skipif(bool(WHY), reason=WHY)
@pytest.mark.timeout(600)
def test_a_change_reaches_both_nodes_and_the_centre_may_die(tmp_path, short):
    environment = child.environment(
        short / "home", HOMEROOM_DEMO_LISTS=str(tmp_path), HOMEROOM_ORGANISATION="Test"
    )  # fmt: skip
    command = [sys.executable, "-m", "homeroom.site.cli", "demo-nodes", "--students", "20", "--stay"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        told = ""
        for line in demo.stdout:
            told += line
            if line.startswith("Try: dig"):
                break
        again = subprocess.run(command, env=environment, capture_output=True, text=True)
        demo.terminate()  # as by a lost connection or the system's end: nothing of it may stay
        rest, trouble = demo.communicate(timeout=60)
    assert demo.returncode == 0, told + rest + trouble
    assert again.returncode == 2 and "Another demonstration of two nodes is there" in again.stderr, again.stderr
    for said in (
        "games.test is closed for Ben at 2 nodes.", "The rule opens it at node 1", "The rule opens it at node 2",
        "has not signed yet: library.test is closed at 2 nodes.", "signs; it opens at node 1",
        "signs; it opens at node 2", "Node 1 goes on: yes.", "Node 2 goes on: yes.",
        "Everything that was refused meanwhile has arrived.",
    ):  # fmt: skip
        assert said in told, told
    left = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    assert "homeroom-1" not in left
    wires = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True).stdout
    assert "hr-1@" not in wires, "a process that stays keeps its network"
