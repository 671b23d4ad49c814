"""The command line, in this process and as people run it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from homeroom.access.models import Account
from homeroom.journal import triggers
from homeroom.journal.models import Entry
from homeroom.site import cli, migrate
from tests import child

DATABASES = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def run(monkeypatch):
    """Run a command inside the test's database; gives exit code, output and complaints."""
    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        runner = CliRunner()
        with runner.isolation(input=typed) as (out, err, _):
            code = cli.run(list(words))
            return code, out.getvalue().decode(), err.getvalue().decode()

    return run


def homeroom(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as people do, in a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "homeroom.site.cli", *words], capture_output=True, text=True, timeout=60,
        env=child.environment(home, **environment),
    )  # fmt: skip


@DATABASES
def test_people_are_listed_with_profile_and_standing(town, run):
    code, out, _ = run("people", "list", "--role", "student", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert code == 0
    assert set(rows) == {"ben", "leah", "ana", "tou"}
    assert rows["ben"] == {
        "id": "ben", "name": "Ben Haugen", "role": "student", "school": "birch", "grade": "7", "classes": ["7b"],
        "profile": "student", "standing": "open", "roles": ["student"],
    }  # fmt: skip


@DATABASES
def test_people_are_listed_for_reading_too(town, run):
    code, out, _ = run("people", "list", "--school", "birch", "--limit", "3")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["id", "name", "role", "school", "grade", "classes", "profile", "standing"]
    assert len(lines) == 4


@DATABASES
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["people", "list", "--role", "janitor"], "No such role: janitor. Roles are student"),
        (["people", "list", "--school", "elm"], "No such school: elm. Schools are"),
        (["accounts", "password", "x@lake.test"], "No account signs in as x@lake.test"),
        (["accounts", "add", "x@lake.test", "--password-stdin"], "Say whose account it is"),
        (["accounts", "add", "x@lake.test", "--person", "zoe", "--password-stdin"], "Nobody has the id zoe"),
        (["accounts", "link", "dana@lake.test"], "No account signs in"),
        (["nonsense"], "No such command"),
        (["people", "list", "--limit", "0"], "Invalid value"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_exit_code_2(town, run, words, said):
    code, out, complaint = run(*words, typed="a long enough password\n")
    assert code == 2
    assert said in complaint
    assert "Traceback" not in complaint
    assert out == ""


@DATABASES
def test_the_first_director_gets_an_account_with_person_and_role(run):
    code, out, _ = run(
        "accounts", "add", "Dana@Lake.test", "--name", "Dana Maria Reyes", "--role", "technology_director",
        "--password-stdin", typed="correct horse battery\n",
    )  # fmt: skip
    account = Account.objects.get(email="dana@lake.test")
    assert code == 0, out
    assert account.check_password("correct horse battery")
    assert (account.person.given_name, account.person.family_name) == ("Dana Maria", "Reyes")
    assert account.person.roles.get().role == "technology_director"
    assert {entry.actor.partition(":")[0] for entry in Entry.objects.all()} == {"operator"}


@DATABASES
def test_an_account_refused_half_way_leaves_nothing_behind(run):
    code, _, complaint = run(
        "accounts", "add", "dana@lake.test", "--name", "Dana Reyes", "--role", "technology_director",
        "--password-stdin", typed="short\n",
    )  # fmt: skip
    assert code == 2
    assert "12 characters" in complaint
    assert Entry.objects.count() == 0


@DATABASES
def test_accounts_are_listed_closed_and_given_new_passwords(town, run):
    town.account("kim")
    assert run("accounts", "password", "kim@lake.test", "--password-stdin", typed="a quite new password\n")[0] == 0
    assert run("accounts", "reset-factors", "kim@lake.test", "--reason", "Phone lost")[0] == 0
    assert run("accounts", "close", "kim@lake.test", "--reason", "Left")[0] == 0
    row = json.loads(run("accounts", "list", "--json")[1])[0]
    assert (row["email"], row["open"], row["second_factor"], row["roles"]) == ("kim@lake.test", False, False, ["clerk"])
    assert "closed" in run("accounts", "list")[1]


@DATABASES
def test_the_journal_is_verified_and_a_change_is_exit_code_1(town, run):
    code, out, _ = run("journal", "verify", "--json")
    said = json.loads(out)
    assert (code, said["whole"], said["findings"]) == (0, True, [])
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE journal_entry SET reason = 'x' WHERE id = 2")
    code, out, _ = run("journal", "verify")
    assert code == 1
    assert "Entry 2 was changed after it was written." in out
    assert json.loads(run("journal", "verify", "--json")[1])["findings"][0]["id"] == 2
    assert run("journal", "verify", "--last", "2")[0] == 0


@DATABASES
def test_the_journal_is_listed_newest_first(town, run):
    rows = json.loads(run("journal", "list", "--last", "3", "--json")[1])
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert "people." in run("journal", "list")[1]


def test_unexpected_errors_are_shown_with_their_traceback_and_a_request_to_report(run, monkeypatch):
    monkeypatch.setattr("homeroom.access.directory.people", lambda *_, **__: 1 / 0)
    monkeypatch.setattr("homeroom.people.queries.zone", lambda: __import__("zoneinfo").ZoneInfo("UTC"))
    code, _, complaint = run("people", "list")
    assert code == 2
    assert "ZeroDivisionError" in complaint
    assert "Please report it" in complaint


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory", "/x/y"), "/x/y: No such file or directory"),
        (OSError(98, "Address already in use"), "Address already in use"),
        (ValueError("a bug"), None),
    ],
)
def test_errors_of_the_machine_become_sentences_and_bugs_do_not(error, said):
    sentence = cli.explain(error)
    assert sentence is None if said is None else said in sentence


# As people run it


def test_a_fresh_home_comes_to_be_by_the_first_command(tmp_path):
    home = tmp_path / "home"
    answer = homeroom(home, "journal", "verify", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["whole"] is True
    assert home.stat().st_mode & 0o077 == 0, "nobody else reads the home"
    assert (home / "keys" / "django.key").stat().st_mode & 0o077 == 0
    assert answer.stderr == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HOMEROOM_PUBLIC_URL", "homeroom", "HOMEROOM_PUBLIC_URL is “homeroom”"),
        ("HOMEROOM_WEB_LISTEN", "localhost", "HOMEROOM_WEB_LISTEN is “localhost”"),
        ("HOMEROOM_DEMO", "yes", "HOMEROOM_DEMO is “yes”"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_a_sentence(tmp_path, name, value, said):
    answer = homeroom(tmp_path, "people", "list", **{name: value})
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    program = f"{sys.executable} -m homeroom.site.cli --help | true"
    answer = subprocess.run(["bash", "-o", "pipefail", "-c", program], capture_output=True, text=True)
    assert "Traceback" not in answer.stderr


def test_pages_on_an_address_in_use_say_so_in_a_sentence(town, run, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("HOMEROOM_WEB_LISTEN", f"127.0.0.1:{other.getsockname()[1]}")
        code, _, err = run("web")
    assert code == 2 and "HOMEROOM_WEB_LISTEN" in err and "Is Homeroom running already?" in err
