"""The year as families meet it: notices by a real mail server and in a print file, each with its proof; an emergency on
a phone whose notice goes out or shows late; a contract that lacks a term; and a parent who sees all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from homeroom.devices import jobs as device_jobs
from homeroom.devices.models import TellDuty
from homeroom.notices import jobs
from homeroom.notices.models import Letter
from homeroom.people import queries as people
from homeroom.people.models import Person, Session
from homeroom.providers import actions, vocabulary
from homeroom.providers.models import Contract
from tests.e2e.conftest import House
from tests.integration.notices.conftest import DANA, approve, lives_at, parent
from tests.integration.notices.server import Server

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "activity"]), pytest.mark.timeout(600)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FAMILIES = {"ben", "leah", "ana", "tou", "rosa", "farah", "elena", "hugo", "mai"}


@pytest.fixture
def post(settings) -> Iterator[Server]:
    """A real mail server, which the worker's jobs use."""
    with Server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server


@pytest.fixture
def district(house: House, town, post: Server, monkeypatch) -> House:
    """Words are approved; one contract holds, one lacks a term; Mai Xiong has no e-mail and a postal address."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser's loop runs in this thread, and no view does
    now = datetime.now(UTC)
    parent("ben", "rosa")
    Person.objects.filter(pk="mai").update(email="")
    lives_at("mai")
    approve("providers")
    approve("device-emergency")
    on = people.today(now)
    Session.objects.create(id="year", title="Year", kind="schoolYear", first_day=on, last_day=on + timedelta(days=200))
    house.contract = _contract("Readwell", on).pk
    actions.activate_contract(actor=DANA, at=now, contract=Contract.objects.get(pk=house.contract))
    house.lacking = _contract("Testwell", on, but="no-sale").pk
    for who in ("rosa", "ben"):
        house.cookies[who] = town.client(who).cookies["sessionid"].value
    return house


def _contract(name: str, on, but: str = "") -> Contract:
    now = datetime.now(UTC)
    row = actions.add_provider(actor=DANA, at=now, name=name, domains=[f"{name.lower()}.test"])
    answers = {"gives_device": True, "holds_data": True, "used_for": ["curriculum"], "data": ["name", "grades"],
               "rationale": "One account for each student."}  # fmt: skip
    actions.classify_provider(actor=DANA, at=now, provider=row, answers=answers)
    found = actions.add_contract(
        actor=DANA, at=now, provider=row, title=f"{name} agreement", starts_on=on, ends_on=on + timedelta(days=300)
    )
    paper = [f"%PDF-1.7 {name}".encode()]
    file = actions.add_file(actor=DANA, at=now, contract=found, kind="contract", name="agreement.pdf", pieces=paper)
    for term in vocabulary.terms():
        if term.id != but:
            actions.record_finding(actor=DANA, at=now, contract=found, term=term.id, outcome="meets", file=file,
                                   page="3", quotation=f"The vendor promises {term.title}")  # fmt: skip
    return found


def worker(at: datetime) -> None:
    """One round of what the worker does by the clock."""
    for job in (jobs.build, jobs.send, jobs.settle, jobs.reconcile, device_jobs.letters, device_jobs.clocks, jobs.tick):
        job(at)


def test_the_year_is_told(district: House, post: Server, browser: Browser, live_server):
    def opened(who: str, **how) -> Page:
        context = browser.new_context(**how)
        context.add_cookies(district.cookie(who, live_server.url))
        context.set_default_timeout(20_000)
        return context.new_page()

    dana, url = opened("dana"), live_server.url
    _a_contract_without_a_term_stays_closed(dana, f"{url}/register/contracts/{district.lacking}")
    notice = _the_notice_is_planned_and_released(dana, url)
    worker(datetime.now(UTC))
    assert set(post.to) == {f"{who}@lake.test" for who in FAMILIES - {"mai"}}, "each by the mail server, once"
    assert len(post.to) == len(FAMILIES) - 1
    assert all("Readwell" in mail.get_content() and "Testwell" not in mail.get_content() for mail in post.taken)
    _the_rest_goes_out_on_paper(dana, notice)
    worker(datetime.now(UTC) + timedelta(hours=25))
    _every_proof_opens(dana, url)

    okafor = opened("okafor", **PHONE)
    case = _an_emergency_on_a_phone(okafor, url)
    _its_notice_goes_out(okafor, case)
    worker(datetime.now(UTC))
    assert "Ben" in post.taken[-1].get_content() and post.to[-1] == "rosa@lake.test"
    okafor.goto(case)
    assert "Sent, not known to have arrived" in okafor.content(), "out is not told"

    _a_parent_sees_all_of_it(opened("rosa", **PHONE), url)
    worker(datetime.now(UTC))
    okafor.goto(case)
    assert "Told in time" in okafor.content()

    late = _an_emergency_on_a_phone(okafor, url)
    TellDuty.objects.filter(told_at=None).update(due_at=datetime.now(UTC) - timedelta(minutes=1))
    okafor.goto(late)
    assert "Late" in okafor.content()
    dana.goto(url)
    assert "1 family was not told in time" in dana.content()


def _a_contract_without_a_term_stays_closed(page: Page, where: str) -> None:
    page.goto(where)
    page.get_by_role("link", name="Make it active").click()
    page.get_by_role("button").filter(has_text=re.compile("Save|Make it active|Do it")).last.click()
    assert "No selling" in page.content() and "/activate" in page.url
    page.goto(where)
    assert "Active" not in page.locator("h1").locator("..").inner_text()


def _the_notice_is_planned_and_released(page: Page, url: str) -> str:
    page.goto(f"{url}/register/notice")
    page.get_by_label("First student day").fill(str(people.today(datetime.now(UTC))))
    page.get_by_label("Department to ask").fill("Technology office, 555-0100")
    page.get_by_role("button", name="Make a draft").click()
    page.goto(f"{url}/notices?kind=providers")
    page.get_by_role("link", name="Technology providers").click()
    page.get_by_role("button", name="Release").click()
    page.wait_for_load_state()
    assert "Due:" in page.content(), "its thirty days run"
    return page.url


def _the_rest_goes_out_on_paper(page: Page, notice: str) -> None:
    page.goto(notice)
    page.get_by_role("button", name="Make a print file").click()
    page.wait_for_load_state()
    with page.expect_download() as file:
        page.get_by_role("button", name="Print file (PDF)").click()
    assert file.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_label("Mailed on").fill(str(people.today(datetime.now(UTC))))
    page.get_by_role("button", name="It is in the mail").click()
    page.wait_for_load_state()


def _every_proof_opens(page: Page, url: str) -> None:
    letters = list(Letter.objects.filter(kind="providers"))
    assert {letter.reader_id for letter in letters} == FAMILIES
    assert {letter.state for letter in letters} == {"delivered"}
    for letter in letters:
        answer = page.request.get(f"{url}/notices/letters/{letter.pk}/proof")
        assert answer.ok and answer.body().startswith(b"%PDF"), letter.reader_id


def _an_emergency_on_a_phone(page: Page, url: str) -> str:
    page.goto(f"{url}/device-access/emergency")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Student").fill("Ben")
    page.get_by_label("Location").check()
    page.get_by_label("What is the threat?").fill("He wrote that he will not live.")
    page.get_by_label("What do you do").fill("I look where his laptop is.")
    page.get_by_role("button", name="Record, and look now").click()
    page.wait_for_load_state()
    assert "Telling the family" in page.content()
    return page.url


def _its_notice_goes_out(page: Page, case: str) -> None:
    page.get_by_role("link", name="Write the notice").click()
    page.get_by_label("Rosa Haugen, a parent").check()
    page.get_by_label("Why this person").fill("She looks for him as well.")
    page.get_by_label("What was done on the device").fill("Mr. Okafor looked where the laptop was.")
    page.get_by_role("button", name="Save the notice").click()
    page.get_by_role("link", name="Send the notice").click()
    page.get_by_label("E-mail from Homeroom").check()
    page.get_by_role("button", name="Send it, or write down that it went out").click()
    page.wait_for_load_state()
    assert page.url == case


def _a_parent_sees_all_of_it(page: Page, url: str) -> None:
    page.goto(f"{url}/my/notices")
    page.locator("main ul.lines a").first.click()
    assert "Mr. Okafor looked where the laptop was." in page.content()
    page.get_by_role("button", name="I have read this").click()
    page.goto(f"{url}/my/notices")
    assert page.locator("main section").first.locator("a").count() == 2, "the yearly one and the one of today"
    page.goto(f"{url}/my-devices")
    assert "I look where his laptop is." in page.content()
    page.goto(f"{url}/providers/readwell")
    file = page.get_by_role("link", name="agreement").first.get_attribute("href")
    assert page.request.get(f"{url}{file}").body() == b"%PDF-1.7 Readwell"
