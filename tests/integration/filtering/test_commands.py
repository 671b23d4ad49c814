"""The command line of filtering: what it prints, what it refuses, and its exit codes."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from homeroom.base.errors import Refused
from homeroom.filtering.queries import why
from homeroom.site.commands import build, explain, lists, rules

from .conftest import House

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
COMMANDS = {command.name: command for module in (build, explain, lists, rules) for command in module.COMMANDS}


def run(*arguments: object, code: int = 0) -> str:
    """Run a command as `homeroom` does (see site/cli.py); what it printed, or the sentence with which it refused."""
    name, *rest = map(str, arguments)
    result = CliRunner().invoke(COMMANDS[name], rest, standalone_mode=False)
    if isinstance(result.exception, click.ClickException):
        assert result.exception.exit_code == code
        return result.exception.format_message()
    if result.exception:
        raise result.exception
    assert (result.return_value or 0) == code, result.output
    return result.output


@pytest.fixture
def built(town, house) -> House:
    path = house.write("casino.hosts", "0.0.0.0 bets.test # a bet", "0.0.0.0 bad..name")
    run("lists", "add", "casino", "--format", "hosts", "--category", "gambling", "--licence", "MIT", path)
    run("build")
    return house


def test_explain_json_prints_one_object_with_all_it_must_say(built):
    said = json.loads(run("explain", "bets.test", "--as", "ben", "--json"))
    assert said["verdict"] == "block" and said["kind"] == "district" and said["clause"] == "V.A.3"
    assert (said["category"], said["person"], said["profile"]) == ("gambling", "ben", "student")
    assert said["rule"]["list"] == "casino" and said["rule"]["line"] == 1
    assert said["rule"]["text"] == "0.0.0.0 bets.test # a bet" and said["rule"]["version"]
    assert said["bundle"] and said["at"] and "bets.test" in said["reason"]
    assert "→" in run("explain", "https://bets.test/x", "--as", "ben")


def test_lists_show(built):
    (row,) = json.loads(run("lists", "show", "--json"))
    assert (row["name"], row["entries"], row["licence"], row["counts"]) == ("casino", 1, "MIT", {"gambling": 1})
    whole = json.loads(run("lists", "show", "casino", "--json"))
    assert whole["versions"][0]["state"] == "live" and "casino" in run("lists", "show")
    assert "nothing new" in run("lists", "update")
    assert "no list" in run("lists", "show", "other", code=2)


def test_rules_add_list_and_end(built):
    told = run("rules", "add", "allow", "bets.test", "--for", "class:7b", "--reason", "Probability.", "--by", "olsen",
               "--until", "2099-01-02")  # fmt: skip
    assert "Rule " in told
    (row,) = json.loads(run("rules", "list", "--json"))
    assert (row["scope"], row["owner"], row["until"]) == ("class:7b", "olsen", "2099-01-03T05:59:59+00:00")
    assert "allow bets.test for class:7b" in run("rules", "list")
    run("rules", "end", row["id"], "--reason", "Done.")
    assert "no local rule" in run("rules", "list")
    run("rules", "add", "correct", "bets.test", "--category", "gambling", "--reason", "A farm.")
    assert json.loads(run("explain", "bets.test", "--as", "ben", "--json"))["verdict"] == "allow"


def test_viewpoint_report(built, tmp_path):
    (tmp_path / "names.csv").write_text("host,why\nbets.test,a farm\n")
    assert "1 control is new" in run("viewpoint", "load", tmp_path / "names.csv")
    said = json.loads(run("viewpoint", "report", "--json"))
    assert said["findings"][0]["correction"] == {"target": "bets.test", "category": "gambling"}
    assert "Correct bets.test in gambling" in run("viewpoint", "report")


def test_build_json_and_its_failure(built):
    assert json.loads(run("build", "--json"))["outcome"] == "done"
    for path in (built.folder / "home/lists/casino").glob("[0-9a-f]*"):
        path.unlink()
    assert json.loads(run("build", "--json", code=1))["outcome"] == "failed"


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "bets.test", "--at", "yesterday"),
        ("rules", "add", "block", "x.test", "--reason", "y", "--by", "nobody"),
        ("rules", "add", "correct", "bets.test", "--for", "class:7b", "--category", "gambling", "--reason", "y"),
    ],
)
def test_odd_words_are_refused_with_code_2(built, arguments):
    assert run(*arguments, code=2).endswith(".")


def test_what_a_list_says_of_itself_follows_its_state(built):
    """“It goes live with the next build” is true only until then."""
    shown = json.loads(run("lists", "show", "casino", "--json"))
    assert shown["sentence"] == "1 entry, 1 line not carried out. It is live."
    assert shown["versions"][0]["sentence"] == shown["sentence"]


def test_a_broken_list_is_called_by_its_name(town, house):
    path = house.write("odd", "<!doctype html><html></html>")
    with pytest.raises(Refused, match="The list “odd” is a web page"):
        run("lists", "add", "odd", "--format", "domains", "--category", "games", path)


def test_explain_names_times_on_the_clock_of_the_district_and_contradicts_nothing(built):
    told = run("explain", "bets.test", "--as", "ben", "--at", "2036-11-03T14:00")
    assert "for Ben" in told and "at 2036-11-03 14:00:00" in told
    assert "otherwise: nothing to say" in told
    with pytest.raises(why.CannotExplain, match="no bundle “zzz”"):
        run("explain", "bets.test", "--bundle", "zzz")


def test_nobody_makes_a_rule_in_a_students_name(built):
    told = run("rules", "add", "allow", "x.test", "--reason", "y", "--by", "ben", code=2)
    assert "does not work here" in told


def test_a_list_that_could_never_be_read_can_be_ended(town, house):
    path = house.write("odd.txt")
    with pytest.raises(Refused, match="empty"):
        run("lists", "add", "odd", "--format", "domains", "--category", "games", path)
    assert "odd" in run("lists", "show")
    assert "no longer used" in run("lists", "end", "odd", "--reason", "It was the wrong file.")
    assert "no list yet" in run("lists", "show")
    with pytest.raises(Refused, match="no list"):
        run("lists", "end", "odd", "--reason", "Again.")


def test_a_rule_is_printed_as_json_with_its_review_date(town, house):
    said = json.loads(
        run(
            "rules",
            "add",
            "block",
            "x.test",
            "--reason",
            "A trial.",
            "--review",
            "2027-01-15",
            "--by",
            "dana",
            "--json",
        )
    )
    assert (said["effect"], said["host"], said["owner"], said["review_on"]) == ("block", "x.test", "dana", "2027-01-15")
    assert "is no day" in run("rules", "add", "block", "y.test", "--reason", "y", "--review", "soon", code=2)
