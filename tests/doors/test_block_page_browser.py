"""The block page in a browser behind the proxy: axe finds nothing, it fits a small phone, its buttons lead on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.doors.proxy_kit import Stage, make_home, stage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed; apt-get install chromium.")

if CHROMIUM:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser, sync_playwright

LEVELS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
PAGES = {"law": "adult.test", "choice": "games.test", "safety": "evil.test", "trouble": "nowhere.test"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(make_home(tmp_path_factory.mktemp("home"))) as made:
        yield made


@pytest.fixture(scope="module")
def browser(scene: Stage) -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
    with sync_playwright() as play:
        proxy = {"server": scene.proxy, "bypass": "127.0.0.1"}
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags, proxy=proxy)
        yield browser
        browser.close()


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in PAGES), ("law", "dark"), ("trouble", "dark")]
)
def test_axe_finds_nothing(scene: Stage, browser: Browser, name: str, scheme: str) -> None:
    # The page forbids every script, so axe itself is let in past its policy.
    with browser.new_context(bypass_csp=True, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(scene.url(PAGES[name]))
        page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        found = Axe().run(page, options=LEVELS)
        assert found.violations_count == 0, found.generate_report()


def test_it_fits_a_small_phone_and_speaks_the_readers_language(scene: Stage, browser: Browser) -> None:
    size = {"width": 320, "height": 568}
    with browser.new_context(viewport=size, locale="es-MX", has_touch=True) as context:
        page = context.new_page()
        page.goto(scene.url("games.test", "/" + "a" * 300))
        assert page.locator("h1").inner_text() == "Esta página está bloqueada"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for link in page.locator(".do a").all():
            box = link.bounding_box()
            assert box and box["height"] >= 44
        page.get_by_role("link", name="English").click()
        assert page.evaluate("location.hash") == "#en"


def test_its_buttons_lead_to_the_district_with_the_ticket(scene: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(scene.url("games.test"))
        link = page.get_by_role("link", name="Ask for review")
        assert str(link.get_attribute("href")).startswith("http://homeroom.test:8524/blocked/")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert link.evaluate("each => each === document.activeElement")


def test_https_in_a_browser(scene: Stage, browser: Browser) -> None:
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"https://library.test:{scene.tls_port}/secure")
        assert "origin /secure" in page.inner_text("body")
        with pytest.raises(Exception, match="ERR_TUNNEL_CONNECTION_FAILED"):
            page.goto(f"https://games.test:{scene.tls_port}/")
