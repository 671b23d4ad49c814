"""The pages of the office, teachers, parents and students: who sees what, and what they do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from homeroom.agreements import actions
from homeroom.agreements.models import Alternative, FormVersion, Reminder, Termination
from homeroom.base.actor import SYSTEM
from homeroom.people import queries as people
from tests.integration.agreements.conftest import EMPLOYEE, STUDENT, actor, approve

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def open_town(town, now):
    """Forms in effect since today, agreements open."""
    for kind, words in (("student", STUDENT), ("employee", EMPLOYEE)):
        approve(actions.add_version(actor=actor("dana"), at=now, kind=kind, words=words), now)
    actions.follow_roster(actor=SYSTEM, at=now)
    return town


PAGES = {
    "/agreements": {"dana", "okafor", "kim"},
    "/agreements/classes": {"olsen"},
    "/agreements/classes/7b": {"olsen"},
    "/agreements/children": {"rosa"},
    "/agreements/children/ben/end": {"rosa"},
    "/agreements/children/ben/instead": {"rosa"},
    "/agreements/mine": {"dana", "okafor", "kim", "olsen", "ben"},
    "/agreements/forms": {"dana", "okafor", "kim"},
    "/agreements/forms/add/student": {"dana"},
    "/agreements/alternatives": {"dana", "okafor", "kim", "olsen"},
}


@pytest.mark.parametrize("who", ["dana", "okafor", "kim", "olsen", "rosa", "ben"])
def test_a_page_opens_for_those_whose_work_it_is(open_town, who):
    client = open_town.client(who)
    answers = {page: client.get(page).status_code for page in PAGES}
    assert answers == {page: 200 if who in may else 403 for page, may in PAGES.items()}


@pytest.mark.parametrize(
    ("who", "page"),
    [("rosa", "/agreements/children/leah/end"), ("rosa", "/agreements/children/ana/instead"),
     ("olsen", "/agreements/classes/7a"), ("rosa", "/agreements/children/rosa/again")],
)  # fmt: skip
def test_nobody_elses_child_or_class_opens(open_town, who, page):
    assert open_town.client(who).get(page).status_code == 404


def test_the_office_sees_who_has_not_signed_in_its_schools_and_reminds_them(open_town):
    client = open_town.client("kim")
    rows = client.get("/agreements?part=parent").context["page"]
    assert {row.agreement.person_id for row in rows} == {"ben", "leah"}
    assert {row.holder_id for row in client.get("/agreements?class=7b&part=teacher").context["page"]} == {"olsen"}
    text = b"".join(client.get("/agreements?format=csv&grade=7&part=parent")).decode()
    assert "Rosa Haugen" in text and "Elena" not in text
    client.post("/agreements?part=parent&class=7b")
    client.post("/agreements?part=parent&class=7b")
    assert [row.slot.holder_id for row in Reminder.objects.all()] == ["rosa"], "at most every three days"


def test_a_reminder_stops_when_somebody_declines(open_town, now, mailoutbox):
    client = open_town.client("kim")
    client.post("/agreements?part=parent")
    slot = Reminder.objects.get(slot__holder="rosa").slot
    actions.refuse(actor=actor("rosa", people.today(now)), at=now, slot=slot, reason="No.")
    assert actions.send_reminders(actor=SYSTEM, at=now) == 1
    assert [mail.to for mail in mailoutbox] == [["farah@lake.test"]]
    assert Reminder.objects.get(slot=slot).stopped == "declined"


def test_a_parent_ends_the_account_and_asks_for_it_again(open_town):
    client = open_town.client("rosa")
    assert client.post("/agreements/children/ben/end", {}).status_code == 200, "it must be meant"
    assert client.post("/agreements/children/ben/end", {"sure": "on"}).status_code == 302
    assert Termination.objects.get().state == "executed"
    assert "asked to end this account" in client.get("/agreements/children").content.decode()
    client.post("/agreements/children/ben/again")
    assert Termination.objects.get().state == "reversed"


def test_a_request_for_other_activities_goes_to_the_teacher_and_back(open_town, now):
    parent, teacher = open_town.client("rosa"), open_town.client("olsen")
    day = people.today(now).isoformat()
    said = {"scope": "all", "words": "", "due_on": day}
    assert parent.post("/agreements/children/ben/instead", said).status_code == 302
    row = Alternative.objects.get()
    assert "Ben Haugen" in teacher.get("/agreements/alternatives").content.decode()
    teacher.post(f"/agreements/alternatives/{row.pk}", {"plan": "Books from the library."})
    parent.post(f"/agreements/alternatives/{row.pk}/answer", {"accepted": "yes"})
    teacher.post(f"/agreements/alternatives/{row.pk}", {"from_day": day})
    assert "Activities without the Internet are in effect" in parent.get("/agreements/children").content.decode()


def test_a_new_version_is_put_on_file_and_submitted(open_town):
    client = open_town.client("dana")
    said = {"title_en": "Rules", "body_en": "Be kind.", "term": "school_year", "material": "on"}
    client.post("/agreements/forms/add/student", said)
    row = FormVersion.objects.get(form="student", number=2)
    client.post(f"/agreements/forms/{row.pk}")
    assert "with the board" in client.get("/agreements/forms").content.decode()


FEW = (("kim", "/agreements"), ("olsen", "/agreements/classes"), ("rosa", "/agreements/children"))


@pytest.mark.parametrize(("who", "page"), FEW)
def test_a_page_takes_few_queries(open_town, who, page):
    client = open_town.client(who)
    with CaptureQueriesContext(connections["default"]) as asked:
        client.get(page)
    assert len(asked) < 45
