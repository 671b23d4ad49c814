"""XIII.A: which tools are asked for without a contract is told by domain, in numbers, never by person."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.activity.models import BlockedRequest
from homeroom.activity.queries import tools

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
    assert "quiz.test,games,app.quiz.test,12,6,1" in lines and "0000" not in lines
    assert town.client("okafor").get("/tools-without-contract").status_code == 403
