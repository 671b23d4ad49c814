"""The first page: counts, and plain sentences where something is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from homeroom.activity.models import HourCount
from homeroom.doors.status import write_status
from homeroom.filtering.models import BuildRun, ListSource
from homeroom.filtering.queries import builds
from tests.integration.web.conftest import asked

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


def count(now, n, school="birch", verdict="block", kind="district", category="gambling"):
    HourCount.objects.using("activity").create(
        hour=int(now.timestamp()) // 3600 * 3600, school=school, profile="student", verdict=verdict, kind=kind,
        category=category, door="dns", n=n,
    )  # fmt: skip


@pytest.fixture
def well(lists, now):
    """Everything runs."""
    for door in ("dns", "proxy"):
        write_status(settings.HOME, door, {"bundle": builds.current().bundle, "trouble": "", "queries": 7}, now)
    write_status(settings.HOME, "worker", {"jobs": {}}, now)
    return lists


def troubles(client):
    return [each.sentence for each in client.get("/").context["today"].troubles]


def test_all_is_well(well):
    answer = well.client("dana").get("/")
    assert troubles(well.client("dana")) == []
    assert "Everything runs" in answer.content.decode()


@pytest.mark.parametrize("door", ["dns", "proxy"])
def test_a_door_that_fell_is_named_with_the_next_step(well, now, door):
    write_status(settings.HOME, door, {"bundle": "b"}, now - timedelta(seconds=30))
    assert any("door is down" in each for each in troubles(well.client("dana")))
    assert f"homeroom door {door}" in well.client("dana").get("/").content.decode()


def test_each_trouble_is_a_sentence(well, now):
    write_status(settings.HOME, "dns", {"bundle": "b", "trouble": "The disk is full."}, now)
    write_status(settings.HOME, "worker", {"jobs": {"lists": {"why": "OSError: no room"}}}, now)
    ListSource.objects.filter(name="bets").update(trouble="The file is not there.")
    ListSource.objects.filter(name="explicit").update(
        looked_at=now - timedelta(days=30), next_at=now - timedelta(days=29)
    )
    BuildRun.objects.create(started=now, ended=now, outcome="failed", sentence="There is no room on the disk.", by="x")
    asked(now, timedelta(hours=-3))
    said = " ".join(troubles(well.client("dana")))
    for words in (
        "The disk is full.",
        "no room",
        "bets",
        "explicit",
        "There is no room on the disk.",
        "1 review request is late",
    ):
        assert words in said


def test_an_empty_house_says_what_to_do_first(town):
    page = town.client("dana").get("/").content.decode()
    assert "There are no lists yet" in page and "Start it with: homeroom worker" in page
    assert "Nothing was blocked today" in page and "Nobody is waiting" in page


def test_kinds_are_never_mixed(well, now):
    (
        count(now, 40),
        count(now, 7, kind="statutory", category="pornography"),
        count(now, 900, verdict="allow", category=""),
    )
    summary = well.client("dana").get("/").context["today"].summary
    assert {share.kind: share.n.n for share in summary.kinds} == {"district": 40, "statutory": 7}
    assert (summary.answers.n, summary.blocked.n) == (947, 47)


def test_an_administrator_sees_their_school_and_no_machinery(well, now):
    count(now, 40), count(now, 60, school="cedar")
    answer = well.client("okafor").get("/?school=cedar")
    assert answer.context["school"].pk == "birch"
    assert answer.context["today"].summary.blocked.n == 40
    assert answer.context["today"].house is None and "Behind the scenes" not in answer.content.decode()


def test_small_numbers_of_a_school_are_not_told(well, now):
    count(now, 3)
    page = well.client("okafor").get("/").content.decode()
    assert "under 5" in page


def test_the_chart_has_its_table_beside_it(well, now):
    count(now, 40)
    answer = well.client("dana").get("/")
    page = answer.content.decode()
    assert len(answer.context["hours"]) == 24 and page.count("<rect") == 1
    assert "The same as a table" in page and "40" in page
