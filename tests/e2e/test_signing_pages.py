"""Signing in a real browser: on a phone, by keyboard alone, without scripts; every page readable for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from homeroom.agreements.models import KioskVisit, PaperRecord, Scan, Signature
from homeroom.filtering import publishing
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import PaperCode
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.looking import look, look_here
from tests.integration.agreements.pages import browser as signed_in
from tests.integration.agreements.pages import open_today, slot
from tests.town import Town

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PICTURES = os.environ.get("PICTURES", "")  # a folder, for whoever wants to see them


class Signing:
    """The town with forms to sign, and the cookies of its people."""

    def __init__(self, town: Town) -> None:
        self.town = open_today(town)
        self.clients = {who: signed_in(town, who) for who in ("rosa", "olsen", "kim", "dana")}
        self.cookies = {who: client.cookies["sessionid"].value for who, client in self.clients.items()}


@pytest.fixture
def signing(transactional_db: None, home: Path, town: Town, monkeypatch: pytest.MonkeyPatch) -> Signing:
    # A browser runs in this thread while rows are looked at; nobody else is at the database then.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setattr(publishing, "after_commit", lambda at: None)
    cache.clear()
    return Signing(town)


@pytest.fixture
def browser(signing: Signing) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def context(browser: Browser, signing: Signing, who: str, url: str, **more) -> BrowserContext:
    made = browser.new_context(viewport={"width": 390, "height": 844}, **more)
    if who:
        made.add_cookies([{"name": "sessionid", "value": signing.cookies[who], "url": url}])
    return made


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture
def prepared(signing: Signing) -> dict[str, str]:
    """Addresses of all pages; what needs rows has them before the browser starts."""
    kim = signing.clients["kim"]
    pdf = kim.get("/papers/print?group=7b").content
    kim.post("/papers", {"file": SimpleUploadedFile("scan.pdf", pdf)})
    scan = Scan.objects.get()
    pk = slot("ben", "student", "ben").pk
    kim.post(
        f"/papers/scans/{scan.pk}",
        {"language": "en", f"signed_{pk}": "on", f"name_{pk}": "Ben", f"on_{pk}": "2026-01-05"},
    )
    Scan.objects.filter(pk=scan.pk).update(done_at=None)
    kim.post("/kiosk/open/rosa", {"how": "known"})
    return {
        "scan": str(scan.pk), "check": str(PaperRecord.objects.get().pk), "student": str(pk),
        "agreement": str(scan.agreement_id), "code": papercode.write(PaperCode(scan.agreement_id, 1)),
    }  # fmt: skip


PAGES = {
    "": ("/verify", "/kiosk"),
    "rosa": ("/sign", "/sign/how", "/sign/paper", "/papers/of/{agreement}"),
    "olsen": ("/sign/class/7b", "/sign/{student}/assent"),
    "kim": (
        "/papers",
        "/papers/scans/{scan}",
        "/kiosk/open/rosa",
        "/papers/of/{agreement}",
        "/papers/sheet?code={code}",
    ),
    "dana": ("/papers/check/{check}",),
}


def test_pages_are_readable_for_all(prepared, signing: Signing, browser: Browser, live_server):
    found = []
    for who, templates in PAGES.items():
        with context(browser, signing, who, live_server.url) as made:
            page = made.new_page()
            for template in templates:
                url = template.format(**prepared)
                found += look(page, live_server.url + url)
                picture(page, f"{who or 'nobody'}{url.replace('/', '-')}")
    assert found == []


def test_a_parent_signs_for_two_children_on_a_phone_and_draws_once(signing: Signing, browser: Browser, live_server):
    with context(browser, signing, "rosa", live_server.url, has_touch=True) as made:
        page = made.new_page()
        page.goto(f"{live_server.url}/sign")
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="I agree to sign here").click()
        assert page.get_by_text("I tell an adult when something goes wrong.").is_visible()
        assert look_here(page) == []
        picture(page, "place")
        page.get_by_label("I have read “Using the network”").check()
        page.get_by_label("Type your full name to sign").fill("Rosa Haugen")
        box = page.locator("canvas").bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
        page.mouse.up()
        picture(page, "place-signed")
        page.get_by_role("button", name="Sign for").click()
        assert page.get_by_label("Type your full name to sign").input_value() == "Rosa Haugen"
        assert look_here(page) == []
        picture(page, "place-second")
        page.get_by_label("I have read “Using the network”").check()
        page.get_by_role("button", name="Sign for").click()
        assert page.get_by_role("heading", name="Thank you. This is your copy.").is_visible()
        assert look_here(page) == []
        picture(page, "done")
    rows = Signature.objects.filter(signer="rosa")
    assert rows.count() == 2 and sum(bytes(row.drawing).startswith(b"<svg") for row in rows) == 1


def test_everything_works_without_scripts(signing: Signing, browser: Browser, live_server):
    with context(browser, signing, "rosa", live_server.url, java_script_enabled=False) as made:
        page = made.new_page()
        page.goto(f"{live_server.url}/sign")
        page.get_by_role("button", name="Español").click()
        page.get_by_role("button", name="Acepto firmar aquí").click()
        assert not page.locator("canvas").is_visible(), "drawing needs scripts; the typed name is enough"
        assert page.get_by_text("La uso para la escuela.").is_visible()
        page.locator("input[name=means]").check()
        page.locator("input[name=name]").fill("Rosa Haugen")
        page.get_by_role("button", name="Firmar por").click()
        assert page.get_by_text("Formulario 2 de 2").is_visible() or page.get_by_text("Formulario 1 de 2").is_visible()
    assert Signature.objects.get().text.language == "es"


def test_everything_works_by_keyboard_alone(signing: Signing, browser: Browser, live_server):
    with context(browser, signing, "rosa", live_server.url) as made:
        page = made.new_page()
        page.goto(f"{live_server.url}/sign")
        press(page, "English")
        press(page, "I agree to sign here")
        reach(page, "means")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("Rosa Haugen")
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text("Signed for").wait_for()
    assert Signature.objects.count() == 1


def press(page: Page, words: str) -> None:
    """Tab to a button and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            break
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def reach(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_the_kiosk_from_the_code_to_the_empty_screen(signing: Signing, browser: Browser, live_server):
    with (
        context(browser, signing, "kim", live_server.url) as office,
        context(browser, signing, "", live_server.url) as screen,
    ):
        desk, tablet = office.new_page(), screen.new_page()
        desk.goto(f"{live_server.url}/kiosk/open/rosa")
        desk.get_by_label("I looked at a photo ID").check()
        desk.get_by_role("button", name="Show a code").click()
        code = desk.locator(".secret").inner_text()
        tablet.goto(f"{live_server.url}/kiosk")
        tablet.get_by_label("Code from the office").fill(code)
        tablet.get_by_role("button", name="Begin").click()
        picture(tablet, "kiosk-start")
        tablet.get_by_role("button", name="English").click()
        tablet.get_by_role("button", name="I agree to sign here").click()
        for _ in range(2):
            tablet.locator("input[name=means]").check()
            tablet.locator("input[name=name]").fill("Rosa Haugen")
            tablet.get_by_role("button", name="Sign for").click()
        assert tablet.get_by_text("this screen has forgotten you").is_visible()
        picture(tablet, "kiosk-done")
        tablet.go_back()
        assert "Rosa" not in tablet.content(), "nothing comes back from the browser's memory"
    assert KioskVisit.objects.get().ended_at is not None
    assert Signature.objects.filter(method="in_person").count() == 2
