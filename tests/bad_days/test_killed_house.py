"""kill -9 of the worker and of the builder at chance moments, as real processes on a real home."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from homeroom.doors import bundle_file
from homeroom.doors.spool import Spool
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Block, Cited, Kind
from tests import child
from tests.bad_days.house import ROOT, wait_for
from tests.ports import free_port

EVENTS = 30_000
KILLS = 3


class Home:
    """The command line on a home of its own."""

    def __init__(self, path) -> None:
        self.path = path
        self._environment = child.environment(path, PYTHONPATH=str(ROOT))

    def start(self, *words: str, largest: int = 0) -> subprocess.Popen[bytes]:
        """`largest` is the size in bytes beyond which no file may grow, 0 for any."""
        log = (self.path / "processes.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "homeroom.site.cli", *words],
            cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=log,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))) if largest else None,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        with self.start(*words) as process:
            said = process.stdout.read().decode()
        assert process.returncode == 0, f"{words}: {said} {(self.path / 'processes.log').read_text()[-2000:]}"
        return said


def answered(home, events: int) -> None:
    """A spool as a door leaves it."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    decision = Block(
        kind=Kind.DISTRICT, clause="III.2", category="games", reason="A reason.", person=None, profile="student",
        bundle="b", at=at, rule=Cited("ut1", "7", 3, "games.test"),
    )  # fmt: skip
    spool = Spool(home, "dns", soon=lambda push: None)
    for number in range(events):
        spool.cell("birch", "student", "block", "district", "games")[0] += 1
        spool.blocked(at, Who(person=None, profile="student", school="birch", alias="a"), f"h{number}.test", decision)
        if number % 500 == 499:
            spool.flush(at)
    spool.close(at)


def test_worker_and_builder_killed_again_and_again_lose_and_double_nothing(tmp_path):
    home, chance = Home(tmp_path), random.Random(524)
    names = tmp_path / "names.txt"
    names.write_text("".join(f"n{number}.example.test\n" for number in range(5_000)))
    home.run("lists", "add", "first", "--format", "domains", "--category", "games", str(names))
    home.run("build")
    first = bundle_file.current_id(tmp_path)
    home.run("lists", "add", "second", "--format", "domains", "--category", "games", str(names))
    answered(tmp_path, EVENTS)
    for _ in range(KILLS):
        running = [home.start("worker"), home.start("build")]
        time.sleep(chance.uniform(0.9, 2.2))
        for process in running:
            process.kill()
        for process in running:
            process.communicate()
        # Whatever was going on: what is in force opens, and is whole.
        assert bundle_file.open_bundle(tmp_path).table.mask("n7.example.test")
    home.run("build")
    assert bundle_file.current_id(tmp_path) != first
    assert len(bundle_file.open_bundle(tmp_path).table.slots) == 2
    home.run("activity", "take-in")
    shown = json.loads(home.run("activity", "show", "--json"))
    assert (shown["answers"], shown["blocked"]) == (EVENTS, EVENTS)
    assert shown["gaps"] == {"lost_blocks": 0, "lost_answers": 0, "torn": 0, "damaged": 0}
    assert shown["lag"]["files"] == 0
    assert "nothing is wrong" in home.run("journal", "verify")


def test_a_build_that_does_not_fit_on_the_disk_says_so_and_leaves_the_last_bundle(tmp_path):
    home = Home(tmp_path)
    names = tmp_path / "names.txt"
    names.write_text("games.test\n")
    home.run("lists", "add", "first", "--format", "domains", "--category", "games", str(names))
    home.run("build")
    first = bundle_file.current_id(tmp_path)
    names.write_text("".join(f"n{number}.example{number % 977}.test\n" for number in range(50_000)))
    home.run("lists", "add", "second", "--format", "domains", "--category", "games", str(names))
    before = sorted(path.name for path in (tmp_path / "bundles").iterdir())
    with home.start("build", largest=1_500_000) as building:
        said = building.stdout.read().decode() + (tmp_path / "processes.log").read_text()
    assert building.returncode == 1, said
    assert "keeps serving" in said and "Traceback" not in said
    assert bundle_file.current_id(tmp_path) == first
    assert bundle_file.open_bundle(tmp_path).table.mask("games.test")
    assert sorted(path.name for path in (tmp_path / "bundles").iterdir()) == before
    home.run("build")
    assert bundle_file.open_bundle(tmp_path).table.mask("n7.example7.test")


def test_the_house_brings_back_every_part_that_is_killed(tmp_path):
    """`homeroom serve`: any process may die by kill -9; the others go on and it comes back."""
    home = Home(tmp_path)
    names = tmp_path / "names.txt"
    names.write_text("games.test\n")
    home.run("lists", "add", "first", "--format", "domains", "--category", "games", str(names))
    home.run("build")
    for name in ("WEB", "PAGE", "DNS", "DOH", "PROXY"):
        home._environment[f"HOMEROOM_{name}_LISTEN"] = f"127.0.0.1:{free_port()}"
    with home.start("serve") as serving:
        try:
            for door in ("dns", "proxy"):
                pid = wait_for(lambda door=door: door_pid(tmp_path, door), f"the {door} door", 60)
                os.kill(pid, 9)
                wait_for(lambda door=door, pid=pid: door_pid(tmp_path, door) not in (None, pid), f"{door} again", 60)
            assert serving.poll() is None
        finally:
            serving.terminate()
            assert serving.wait(60) == 0
            serving.stdout.close()
    # Nobody is left behind.
    for door in ("dns", "proxy"):
        assert not alive(json.loads((tmp_path / "run" / f"{door}.json").read_text())["pid"])


def door_pid(home, door):
    try:
        status = json.loads((home / "run" / f"{door}.json").read_text())
    except (OSError, ValueError):
        return None
    fresh = datetime.now(UTC) - datetime.fromisoformat(status["at"]) < timedelta(seconds=3)
    return status["pid"] if status["bundle"] and fresh and alive(status["pid"]) else None


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
