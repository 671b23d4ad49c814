"""The same house on PostgreSQL: migrations, the journal's guard, days as partitions, several writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgresql

pytestmark = [
    pytest.mark.skipif(not postgresql.available(), reason="PostgreSQL is not installed; ./run test installs it"),
    pytest.mark.timeout(600),
]
ROOT = Path(__file__).parents[2]
SUBSET = (
    "tests/integration/test_journal.py",
    "tests/integration/test_people.py",
    "tests/integration/test_access_roll.py",
    "tests/integration/activity",
    "tests/integration/agreements/test_signing.py",
    "tests/integration/notices/test_clocks.py::test_the_command_says_when_it_is_due_and_why",
    "tests/policy/test_08_requests.py",
    "tests/integration/postgresql_only.py",
)
# It kills processes that keep their records in SQLite.
LEFT_OUT = ("tests/integration/activity/test_killed.py::test_killed_at_every_step_nothing_is_lost_or_doubled",)


def test_a_chosen_part_of_the_tests_passes_on_postgresql():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUBSET]
    command += [f"--deselect={each}" for each in LEFT_OUT]
    environment = {**os.environ, "HOMEROOM_TEST_DATABASE": "postgresql"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
