"""The first page: counts, and plain sentences where something is wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings

from homeroom.activity.models import HourCount
from homeroom.base.actor import SYSTEM, Actor
from homeroom.devices.actions import telling
from homeroom.devices.models import TellDuty
from homeroom.doors.status import write_status
from homeroom.filtering.models import BuildRun, ListSource
from homeroom.filtering.queries import builds
from homeroom.notices.actions import open_notice
from homeroom.people.models import Address, Role
from homeroom.providers.models import Contract
from tests.integration.notices.conftest import NOON, approve
from tests.integration.providers.conftest import activated
from tests.integration.web.conftest import asked
from tests.policy.devices_at_lake import threat

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


class TestWhatIsOwedToFamilies:
    """XIV.D: the first page shows it before anything else."""

    @pytest.fixture
    def emergency(self, well, now):
        okafor = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))
        said = threat(now, ends=now + timedelta(hours=1))
        access, _ = telling.record_emergency(
            actor=okafor, wanted=said, key="e", first_access=now, at=now
        )  # fmt: skip
        return access

    def move(self, now, hours):
        TellDuty.objects.update(due_at=now + timedelta(hours=hours))

    def test_a_notice_that_has_time_is_not_in_the_way(self, emergency, well):
        assert troubles(well.client("dana")) == []

    def test_one_that_is_due_within_a_day_stands_there(self, emergency, well, now):
        self.move(now, 10)
        assert troubles(well.client("dana")) == ["1 notice after an emergency access is due within a day."]

    def test_a_late_one_stands_first_for_those_who_answer_for_it(self, emergency, well, now):
        self.move(now, -1)
        first = troubles(well.client("okafor"))[0]
        assert first.startswith("1 family was not told in time")
        link = well.client("okafor").get("/").context["today"].troubles[0].url
        assert "Haugen" in well.client("okafor").get(link).content.decode()

    def test_another_school_does_not_see_it(self, emergency, well, now):
        self.move(now, -1)
        Role.objects.filter(person="okafor").update(school="cedar")
        assert troubles(well.client("okafor")) == []

    def test_a_look_that_is_late_is_late_as_well(self, emergency, well, now):
        TellDuty.objects.update(review_by=now - timedelta(minutes=5), deferred_at=now, deferred_why="He is near.")
        assert "not told in time" in troubles(well.client("dana"))[0]

    def test_a_contract_that_ends_tomorrow_is_brought_before_the_director(self, well, now):
        row = activated()
        Contract.objects.filter(pk=row.pk).update(starts_on=date(2020, 1, 1), ends_on=(now + timedelta(days=1)).date())
        said = "1 contract with a provider runs out within 90 days, and nobody has decided what comes then."
        assert troubles(well.client("dana")) == [said] and troubles(well.client("okafor")) == []
        Contract.objects.filter(pk=row.pk).update(renewal_expected=True)
        assert troubles(well.client("dana")) == []

    def test_an_email_that_came_back_is_to_be_printed(self, emergency, well, now):
        Address.objects.create(
            person_id="rosa", kind="home", street="1 Lake Road", city="Lake", state="MN", postal_code="55401",
            first_day=date(2020, 1, 1),
        )  # fmt: skip
        approve("device-emergency")
        open_notice(
            actor=SYSTEM, at=NOON, kind="device-emergency", about="x", recipients=[("rosa", ["ben"])], channel="paper",
            facts={"accessed_at": "now", "description": "a look", "features": "location", "threat": "a threat"},
        )  # fmt: skip
        assert troubles(well.client("dana")) == [
            "1 notice about a device must be printed and mailed: its e-mail did not arrive."
        ]


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
