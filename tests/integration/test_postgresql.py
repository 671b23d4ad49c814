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
    "tests/integration/postgresql_only.py",
)
# They look into SQLite itself: its query plans, its statements one by one.
LEFT_OUT = (
    "tests/integration/activity/test_queries.py::test_no_question_reads_a_whole_table",
    "tests/integration/activity/test_killed.py::test_killed_at_every_step_nothing_is_lost_or_doubled",
)


def test_a_chosen_part_of_the_tests_passes_on_postgresql():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUBSET]
    command += [f"--deselect={each}" for each in LEFT_OUT]
    environment = {**os.environ, "HOMEROOM_TEST_DATABASE": "postgresql"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
