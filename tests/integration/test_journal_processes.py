"""Several processes write the journal at once, and some are killed: the chain stays whole."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

from tests import child

WRITER = """
import sys, time
from datetime import UTC, datetime
from homeroom.site import django_ready, migrate
django_ready.wake(); migrate.bring_up_to_date()
from homeroom.base.actor import Actor
from homeroom.journal import actions
me = Actor(id=sys.argv[1])
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    with actions.atomic():
        actions.record(actor=me, verb="test.thing.done", subject=f"thing:{number}", at=datetime.now(UTC))
    time.sleep(0.002)
print("done", flush=True)
"""


def writer(home, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(count)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=child.environment(home),
    )  # fmt: skip


def by_writer(home) -> dict[str, int]:
    with sqlite3.connect(home / "homeroom.sqlite3") as database:
        return dict(database.execute("SELECT actor, count(*) FROM journal_entry GROUP BY actor"))


def test_three_writers_at_once_of_whom_two_are_killed_leave_a_whole_chain(tmp_path):
    # All start in an empty home together, so that the tables are made exactly once as well.
    writers = [writer(tmp_path, "ana", 40), writer(tmp_path, "ben", 100_000), writer(tmp_path, "kim", 100_000)]
    try:
        for each in writers:
            assert each.stdout.readline() == "ready\n", each.stderr.read()
        deadline = time.monotonic() + 20
        while len(by_writer(tmp_path)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        for each in writers[1:]:
            each.send_signal(signal.SIGKILL)
            time.sleep(0.1)
        out, complaint = writers[0].communicate(timeout=60)
        assert out == "done\n", complaint
    finally:
        for each in writers:
            each.kill()
            each.communicate()
    answer = subprocess.run(
        [sys.executable, "-m", "homeroom.site.cli", "journal", "verify", "--json"], text=True, capture_output=True,
        env={**os.environ, "HOMEROOM_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "homeroom.site.settings"},
    )  # fmt: skip
    said = json.loads(answer.stdout)
    assert said["whole"], said["findings"]
    counts = by_writer(tmp_path)
    assert counts["ana"] == 40, "nothing that was said to be saved is lost"
    assert set(counts) == {"ana", "ben", "kim"}, "all three wrote"
    assert sum(counts.values()) == said["looked_at"] == said["last"]
