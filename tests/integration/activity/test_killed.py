"""The intake dies by kill -9 at every single step, and at chance moments: nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_killed_at_every_step_nothing_is_lost_or_doubled(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOMEROOM_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment["DJANGO_SETTINGS_MODULE"] = "homeroom.site.settings"
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.activity.killed"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert told["died"] > 40  # else the child was never killed where it matters
