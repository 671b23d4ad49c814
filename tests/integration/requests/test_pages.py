"""The pages of requests: who sees what, from asking to answering, and that they cost no more with more rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeroom.base.actor import Actor
from homeroom.journal.models import Entry
from homeroom.people.models import Guardianship
from homeroom.requests.actions import authority, data
from homeroom.requests.models import AuthorityRequest, DataRequest, StaffReview

pytestmark = pytest.mark.django_db
NOBODY: set[str] = set()
OPEN = {
    "/data-requests": {"dana", "okafor"},
    "/data-requests/enter": {"dana", "okafor"},
    "/staff-reviews": {"dana", "okafor"},
    "/staff-reviews/add": {"dana", "okafor"},
    "/authority-requests": {"dana"},
    "/authority-requests/add": {"dana"},
    "/my-records": {"dana", "okafor", "olsen", "kim", "rosa", "ben"},
    "/my-records/ask": {"dana", "okafor", "olsen", "kim", "rosa", "ben"},
}
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("who", ["dana", "okafor", "olsen", "kim", "rosa", "ben"])
def test_a_page_opens_for_those_whose_work_it_is(town, who):
    page = town.client(who)
    assert {url for url in OPEN if page.get(url).status_code == 200} == {
        url for url, those in OPEN.items() if who in those
    }


def test_from_asking_on_a_phone_to_reading_the_answer(town):
    rosa, dana = town.client("rosa"), town.client("dana")
    assert "Ask to see them" in rosa.get("/my-records").content.decode()
    rosa.post("/my-records/ask", {"student": "ben", "wants": ["files", "email"], "words": "Since September"})
    row = DataRequest.objects.get()
    assert "You hear from us by" in rosa.get("/my-records").content.decode()
    case = f"/data-requests/{row.pk}"
    assert "Since September" in dana.get(case).content.decode()
    assert Entry.objects.filter(verb="requests.data.seen", actor="dana").count() == 1
    dana.post(f"{case}/check", {"authority": "Mother by the roster, no order."})
    dana.post(f"{case}/part/files", {"state": "given", "how": "Shown at the office on Tuesday."})
    dana.post(f"{case}/part/email", {"state": "withheld", "how": "It names another child.", "citation": ""})
    assert "Write down what became of it" in dana.get(case).content.decode(), "no law, not kept back"
    dana.post(f"{case}/part/email", {"state": "withheld", "how": "It names another child.", "citation": "13.32"})
    dana.post(f"{case}/answer", {"answer": "You saw the files on Tuesday."})
    said = rosa.get("/my-records").content.decode()
    assert "You saw the files on Tuesday." in said and "Kept back by law" in said and "13.32" in said


def test_a_parent_cannot_ask_about_anothers_child(town):
    answer = town.client("rosa").post("/my-records/ask", {"student": "leah", "wants": ["files"]})
    assert answer.status_code == 200 and not DataRequest.objects.exists()


def test_another_schools_administrator_cannot_open_it(town, now):
    row = data.ask(actor=Actor(id="elena", name="Elena"), student="ana", wants=["files"], words="", at=now)
    assert town.client("okafor").get(f"/data-requests/{row.pk}").status_code == 404


def test_a_look_into_an_employees_files_by_form(town):
    dana = town.client("dana")
    said = {"person": "lind", "reason": "He left and his plans are needed.", "scope": "The folder Lessons"}
    dana.post("/staff-reviews/add", said)
    dana.post(f"/staff-reviews/{StaffReview.objects.get().pk}/end", {"result": "Plans were copied."})
    assert "Plans were copied." in dana.get("/staff-reviews").content.decode()


def test_an_authority_by_form(town):
    dana = town.client("dana")
    said = {"agency": "Lake police", "officer": "Sgt. Berg", "wants": "His mail of last week", "basis": "none",
            "person": "ben", "received_at": "2026-01-05T09:00"}  # fmt: skip
    dana.post("/authority-requests/add", said)
    where = f"/authority-requests/{AuthorityRequest.objects.get().pk}"
    refused = dana.post(where, {"outcome": "given", "disclosed": "All his mail.", "basis": "none"})
    assert "without a legal basis" in refused.content.decode()
    dana.post(where, {"outcome": "given", "disclosed": "Eleven messages, copied.", "basis": "warrant",
                      "basis_words": "Warrant 27-CR-1", "family": "not-owed"})  # fmt: skip
    assert "Eleven messages" in town.client("rosa").get("/my-records").content.decode()
    assert "Lake police" in b"".join(dana.get("/authority-requests?format=csv").streaming_content).decode()


def more(now: datetime, count: int) -> None:
    for n in range(count):
        at = now - timedelta(minutes=n)
        row = DataRequest.objects.create(student_id="ben", asked_by_id="rosa", wants=["files"], asked_at=at)
        data.notices.start_clock(actor=DANA, at=at, rule=data.RULE, about=row.about, since=at)
        StaffReview.objects.create(person_id="lind", by="dana", reason="A reason.", scope="All", begun_at=at)
        asked = authority.Asked(agency=f"A{n}", officer="B", wants="His mail of today", basis="none", person="ben")
        authority.receive(actor=DANA, asked=asked, received_at=at, at=now)


@pytest.mark.parametrize(
    "who, url",
    [("dana", "/data-requests"), ("dana", "/staff-reviews"), ("dana", "/authority-requests"), ("rosa", "/my-records")],
)
def test_queries_do_not_grow_with_rows(town, now, who, url):
    page = town.client(who)
    more(now, 2)
    page.get(url)
    with CaptureQueriesContext(connection) as few:
        page.get(url)
    more(now - timedelta(days=1), 20)
    with CaptureQueriesContext(connection) as many:
        page.get(url)
    assert len(many) == len(few)


@pytest.mark.clause("VIII.F")
def test_what_an_authority_was_given_is_told_to_those_with_custody(town, now):
    """It may be about the parent who lost it; that one asks, and an official looks at the order first."""
    row = authority.receive(
        actor=DANA, at=now, received_at=now,
        asked=authority.Asked("County", "Officer Lee", "Her e-mail of October", "warrant", person="ben"),
    )  # fmt: skip
    authority.answer(
        actor=DANA, at=now, request=row, outcome="given", disclosed="Her e-mail of October.", basis="warrant",
        basis_words="Warrant 12 of 3 May", family="not-owed", family_words="",
    )  # fmt: skip
    assert "Her e-mail of October" in town.client("rosa").get("/my-records").content.decode()
    Guardianship.objects.filter(guardian="rosa").update(legal_custody=False)
    page = town.client("rosa").get("/my-records").content.decode()
    assert "Her e-mail of October" not in page and "Ask to see them" in page


@pytest.mark.clause("VIII.F")
def test_no_way_of_reading_a_request_of_an_authority_stays_unwritten(town, now):
    row = authority.receive(
        actor=DANA, at=now, received_at=now,
        asked=authority.Asked("County", "Officer Lee", "Her e-mail of October", "warrant", person="ben"),
    )  # fmt: skip
    town.client("dana").post(f"/authority-requests/{row.pk}", {})
    assert Entry.objects.filter(verb="requests.authority.seen", actor="dana").count() == 1
