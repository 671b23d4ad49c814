"""XIII.A: which tools are asked for without a contract is told by domain, in numbers, never by person."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.activity import actions
from homeroom.activity.models import BlockedRequest, ToolCount
from homeroom.activity.queries import tools
from homeroom.base.actor import SYSTEM
from homeroom.doors.spool import Spool
from homeroom.filtering.queries import choices
from homeroom.kernel.lists.names import canonical
from homeroom.providers import actions as providers
from homeroom.providers.queries import watch

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOW = datetime(2026, 10, 2, 15, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def asked(host: str, people: int, *, kind: str = "district", school: str = "birch", at: datetime = NOW) -> None:
    BlockedRequest.objects.using("activity").bulk_create(
        BlockedRequest(
            at=int(at.timestamp()) - 60, n=2, alias=f"{n:016}", school=school, profile="student", host=host, kind=kind,
            clause="V.A.3", category="games", list="l", version="1", line=1, bundle="b", door="dns",
        )
        for n in range(people)
    )  # fmt: skip


def used(domain: str, n: int, days: int = 3, *, profile: str = "student", door: str = "dns", back: int = 0) -> None:
    for day in range(days):
        at = int((NOW - timedelta(days=day + back)).timestamp())
        ToolCount.objects.using("activity").create(
            day=at - at % 86400, profile=profile, domain=domain, door=door, n=n
        )  # fmt: skip


def open_ones(*covered: str) -> list[str]:
    return [each.domain for each in tools.used_without_contract(NOW - timedelta(days=120), NOW, frozenset(covered))]


@pytest.mark.clause("XIV.B.3")
@pytest.mark.parametrize("n, days, shown", [(16, 3, False), (17, 3, True), (100, 2, False), (100, 3, True)])
def test_a_tool_in_use_is_told_only_where_it_is_used_again_and_again(n, days, shown):
    used("quiz.test", n, days)
    assert open_ones() == (["quiz.test"] if shown else [])


def test_the_most_used_comes_first_over_all_doors_and_profiles():
    used("notes.test", 30)
    used("quiz.test", 20)
    used("quiz.test", 20, profile="adult", door="proxy")
    first = tools.used_without_contract(NOW - timedelta(days=120), NOW, frozenset())[0]
    assert (first.domain, first.n, first.days, first.profiles) == ("quiz.test", 120, 3, ("adult", "student"))


@pytest.mark.parametrize("covered", ["quiz.test", "test"])
def test_an_active_contract_covers_its_name_and_what_lies_below(covered):
    used("quiz.test", 30)
    assert open_ones(covered) == [] and open_ones("other.test") == ["quiz.test"]


def test_last_term_is_over():
    used("quiz.test", 30, back=130)
    assert open_ones() == []


@pytest.mark.clause("XIV.B.3")
def test_the_table_has_no_place_for_a_person_a_school_or_a_time_of_day():
    assert {field.name for field in ToolCount._meta.get_fields()} == {"id", "day", "profile", "domain", "door", "n"}


def test_what_the_doors_wrote_is_taken_in_once(tmp_path):
    spool = Spool(tmp_path, "dns")
    spool.watch("birch", "student", "allow", "district", "", "quiz.test")[0] += 7
    spool.close(NOW)
    for _ in range(2):
        actions.take_in(home=tmp_path, at=NOW)
    assert list(ToolCount.objects.using("activity").values_list("domain", "profile", "n")) == [
        ("quiz.test", "student", 7)
    ]


def test_counts_go_after_their_time(tmp_path):
    used("quiz.test", 30, days=1, back=121)
    used("notes.test", 30, days=1, back=119)
    actions.purge(home=tmp_path, at=NOW)
    assert list(ToolCount.objects.using("activity").values_list("domain", flat=True)) == ["notes.test"]


def test_the_doors_watch_what_ships_and_every_product_in_the_register():
    providers.add_provider(actor=SYSTEM, at=NOW, name="Quiz Maker", domains=["Quiz.test", "10.0.0.1"])
    names = set(choices.policy_part()["watched"])
    assert "quiz.test" in names and "10.0.0.1" not in names
    assert set(watch.shipped()) < names and len(watch.shipped()) > 100
    assert all(canonical(name) == name for name in watch.shipped())


def test_the_page_names_the_tool_and_what_it_is_for(town):
    now = datetime.now(UTC)
    for day in range(3):
        at = int((now - timedelta(days=day)).timestamp())
        ToolCount.objects.using("activity").create(
            day=at - at % 86400, profile="student", domain="quizlet.com", door="dns", n=40
        )  # fmt: skip
    page = town.client("dana").get("/tools-without-contract").content.decode()
    assert "quizlet.com" in page and "Lessons and classrooms" in page
    rows = b"".join(town.client("dana").get("/tools-without-contract?format=csv").streaming_content).decode()
    assert "open,quizlet.com,Lessons and classrooms" in rows
    assert town.client("okafor").get("/tools-without-contract").status_code == 403


def found(*covered: str) -> list[tools.Tool]:
    return tools.without_contract(NOW - WEEK, NOW, covered)


@pytest.mark.clause("XIV.B.3")
def test_a_tool_that_few_people_ask_for_is_not_told():
    asked("quiz.test", 4)
    asked("notes.test", 5)
    assert [tool.domain for tool in found()] == ["notes.test"]


def test_hosts_of_one_domain_are_one_tool_and_the_most_asked_comes_first():
    asked("app.quiz.co.uk", 6)
    asked("cdn.quiz.co.uk", 8, school="cedar")
    asked("notes.test", 9)
    first, second = found()
    assert (first.domain, first.hosts, first.n, first.people) == (
        "quiz.co.uk", ("app.quiz.co.uk", "cdn.quiz.co.uk"), 28, 8,
    )  # fmt: skip
    assert second.domain == "notes.test"


@pytest.mark.parametrize("name", ["quiz.test", "app.quiz.test", "QUIZ.test"])
def test_what_a_contract_covers_is_left_out(name):
    asked("app.quiz.test", 6)
    assert found(name) == [] and len(found("other.test")) == 1


def test_what_the_law_blocks_is_no_tool_and_last_month_is_over():
    asked("explicit.test", 20, kind="statutory")
    asked("old.test", 20, at=NOW - WEEK - WEEK)
    assert found() == []


@pytest.mark.clause("XIV.B.3")
def test_nothing_about_a_person_is_handed_out():
    assert {field.name for field in fields(tools.Tool)} == {"domain", "category", "hosts", "n", "people", "schools"}


@pytest.mark.clause("XIV.B.3")
def test_the_director_sees_them_and_nobody_else(town):
    now = datetime.now(UTC)
    asked("app.quiz.test", 6, at=now)
    page = town.client("dana").get("/tools-without-contract")
    assert [tool.domain for tool in page.context["page"]] == ["quiz.test"]
    lines = b"".join(town.client("dana").get("/tools-without-contract?format=csv").streaming_content).decode()
    assert "blocked,quiz.test,games,app.quiz.test,12,,6,1" in lines and "0000" not in lines
    assert town.client("okafor").get("/tools-without-contract").status_code == 403
