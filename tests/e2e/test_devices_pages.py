"""The pages of devices in a real browser: readable for all, whole at 320 pixels, silent console."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from homeroom.devices.actions import console, gate, programmes, suspicion, telling
from homeroom.people.models import Guardianship
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.policy.devices_at_lake import DANA, OKAFOR, hold_words, laptop, put_off, threat, wanted

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PAGES = {
    "dana": (
        "/devices", "/devices?q=nothing", "/devices/add", "/devices/import", "/devices/words", "/devices/{laptop}",
        "/devices/{laptop}/lend", "/devices/{laptop}/loss", "/devices/{laptop}/paper",
        "/device-access", "/device-access/ask",
        "/device-access/emergency", "/device-access/{emergency}", "/device-access/{emergency}/notice",
        "/device-access/{emergency}/send",
        "/device-access/{emergency}/not-told", "/device-access/{put_off}", "/device-access/{put_off}/look",
        "/device-access/{asked}", "/device-access/{asked}/answer", "/device-access/{emergency}/filter-records",
        "/device-access/programmes", "/device-access/programmes/add", "/device-access/programmes/tell",
        "/device-access/suspicions",
        "/device-access/suspicions/add", "/device-access/suspicions/1", "/device-access/findings",
        "/device-access/findings?state=all", "/device-access/discoveries", "/device-access/discoveries/add",
    ),
    "olsen": ("/device-access", "/device-access/ask", "/device-access/emergency"),
    "rosa": ("/my-devices", "/my-devices/{loan}/accept"),
}  # fmt: skip


@pytest.fixture
def house(house: House, town) -> House:
    now = datetime.now(UTC)
    if not Guardianship.objects.filter(child_id="ben", guardian_id="rosa").exists():
        Guardianship.objects.create(child_id="ben", guardian_id="rosa", relationship="parent", first_day="2020-09-01")
    hold_words(now)
    row = laptop(now)
    house.laptop, house.loan = row.pk, row.loans.get().pk
    first = now - timedelta(hours=50)
    for name, at in (("emergency", first), ("put_off", now - timedelta(hours=1))):
        access, _ = telling.record_emergency(
            actor=OKAFOR, wanted=threat(at, resource=row.pk), key=name, first_access=at, at=at
        )
        setattr(house, name, access.pk)
    put_off(house.put_off, now)
    telling.write_notice(
        actor=OKAFOR, accesses=[house.emergency], recipient="rosa", recipient_why="She looks for him too.",
        description="Mr. Okafor looked where it was.", features=["location"], threat="He will come to harm.", at=now,
    )  # fmt: skip
    house.asked = gate.ask(
        actor=OKAFOR, key="law", at=now,
        wanted=wanted(now, ground="law", purpose="duty", citation="Minn. Stat. 121A.031", features=("browsing",)),
    ).pk  # fmt: skip
    suspicion.record_suspicion(
        actor=OKAFOR, person="ben", rule="V.A.10.1", facts="Two messages.", source="A friend",
        reliability="Believed so far", expected="More messages", scope="One app", at=now,
    )  # fmt: skip
    programmes.authorise(
        actor=DANA, asked_by="okafor", at=now,
        plan=programmes.Plan("Classroom viewing", "GoGuide", ("video",), "education", "instruction",
                             "Teachers help on screen.", "In lessons", "All teachers"),
    )  # fmt: skip
    console.take_in_log(actor=DANA, file="log.csv", at=now,
                        data=b"time,user,event,serial\n2026-01-01T00:00:00Z,a@b.test,locate,SNLB-1\n")  # fmt: skip
    console.record_discovery(actor=DANA, work="Cleaning the disk up", found="Many big films", handed_to="Kim",
                             on_device=False, at=now)  # fmt: skip
    house.cookies["rosa"] = town.client("rosa").cookies["sessionid"].value
    return house


def test_pages_are_readable_for_all(house: House, browser: Browser, live_server):
    found = []
    for who, templates in PAGES.items():
        paths = [template.format(**vars(house)) for template in templates]
        found += look_through(house, browser, live_server.url, who, paths)
    assert found == []


def test_an_emergency_is_recorded_on_a_phone(house: House, browser: Browser, live_server, tmp_path: Path):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    context.add_cookies(house.cookie("olsen", live_server.url))
    page = context.new_page()
    page.goto(f"{live_server.url}/device-access/emergency")
    page.get_by_label("Student").fill("Ben")
    page.get_by_label("Location").check()
    page.get_by_label("What is the threat?").fill("He wrote that he will not live.")
    page.get_by_label("What do you do").fill("I look where his laptop is.")
    page.get_by_role("button", name="Record, and look now").click()
    page.wait_for_load_state()
    assert "Ben Haugen: Location" in page.locator("h1").inner_text()
    assert "Telling the family" in page.content()
