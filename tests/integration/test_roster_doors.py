"""The doors follow the roster: whoever is loaded is known to them, whoever leaves is closed."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from homeroom.base.actor import SYSTEM
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.filtering import publishing
from homeroom.people import roster_actions
from homeroom.people.models import Person, Role
from homeroom.site import cli

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "activity"])
AT = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
SCHOOLS = "sourcedId,name,type\nnorth,North School,school\n"
USERS = "sourcedId,role,orgSourcedIds,givenName,familyName,grades\n"


@pytest.fixture
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


def roster(folder: Path, users: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "orgs.csv").write_text(SCHOOLS)
    (folder / "users.csv").write_text(USERS + users)
    return folder


def load(folder: Path, users: str, at: datetime) -> None:
    roster_actions.load_roster(actor=SYSTEM, path=roster(folder, users), at=at, remove_anyway=True)


def test_the_worker_publishes_after_a_load_and_the_doors_know_at_once(home, tmp_path):
    publishing.publish(AT)
    watch, seen = BundleWatch(home), publishing.Seen()
    publishing.catch_up(AT, seen)
    watch.poll()
    assert watch.bundle.roll.person("s1").person is None
    load(tmp_path / "r", "s1,student,north,Ida,Berg,07\n", AT)
    start = time.monotonic()
    assert publishing.catch_up(AT, seen), "the load's entry in the journal tells that the roll has changed"
    while not watch.poll():
        assert time.monotonic() - start < 20
    ida = watch.bundle.roll.person("s1")
    assert (ida.profile, ida.school, ida.grade, ida.closed) == ("student", "north", "7", ())
    load(tmp_path / "r", "s2,student,north,Jon,Vue,07\n", AT + timedelta(days=1))
    publishing.catch_up(AT + timedelta(days=1), seen)
    watch.poll()
    assert watch.bundle.roll.person("s1").closed, "whoever is no longer in the roster is closed"
    assert not watch.bundle.roll.person("s2").closed


def test_the_command_previews_loads_publishes_and_exports(home, tmp_path):
    folder = roster(tmp_path / "r", "s1,student,north,Ida,Berg,07\ns2,wizard,north,A,B,\n")
    run = CliRunner().invoke
    shown = run(cli.homeroom, ["roster", "import", str(folder)])
    assert shown.exit_code == 0, shown.output
    assert "Nothing was changed" in shown.output
    assert "users.csv, line 3, role" in shown.output
    assert Person.objects.count() == 0
    said = json.loads(run(cli.homeroom, ["roster", "import", str(folder), "--yes", "--json"]).stdout)
    assert (said["loaded"], said["added"]["persons"]) == (True, 1)
    (problem,) = said["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("users.csv", 3, "role")
    watch = BundleWatch(home)
    watch.poll()
    assert watch.bundle.roll.person("s1").profile == "student", "the command itself publishes"
    done = run(cli.homeroom, ["roster", "export", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "s1" in (tmp_path / "out" / "users.csv").read_text()
    assert Role.objects.get(person="s1").grade == "7"
