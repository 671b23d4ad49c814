"""Every page as every role in a real browser: readable for all (WCAG 2.1 AA), whole at 320 pixels, silent console."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import House

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(180),
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # what passes need not be listed: half the time
}

TOO_WIDE = """document.documentElement.scrollWidth <= 320 ? "" : [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > 320.5).slice(0, 8)
    .map(each => each.tagName + "." + each.className).join(" ") || "something" """

OPEN = (
    "/account/sign-in",
    "/about",
    "/ledger",
    "/ledger?q=laptop",
    "/ledger?q=dinosaur",
    "/ledger/XIV.B.3",
    "/ledger/VI.Alt3.C",
    "/agreements/other-activities",
    "/nothing-here",
    "/blocked/{ticket}/review",
    "/blocked/{ticket}/accident",
    "/blocked/x/review",
)
PAGES = {
    "dana": (
        "/", "/why?target=casino.test&person=ben", "/why?target=explicit.test", "/why?target=x.test&person=haugen",
        "/rules", "/rules?state=over", "/rules/correct?target=casino.test", "/rules/{rule}", "/rules/{rule}/end",
        "/lists", "/lists/add", "/lists/of/bets", "/lists/versions/{held}", "/lists/progress/build",
        "/categories", "/categories/pornography/student", "/choices", "/choices/audience/student",
        "/viewpoint", "/viewpoint/1", "/reviews", "/reviews/{request}", "/reviews/{law_request}",
        "/people/ben", "/journal", "/journal/verify", "/account/factors",
    ),
    "okafor": ("/", "/rules/add", "/lists"),
    "olsen": ("/why", "/rules/add", "/rules/{class_rule}"),
    "kim": ("/people",),
}  # fmt: skip


def path(template: str, house: House) -> str:
    return template.format(**vars(house))


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page, as sentences."""
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(url)
    found = [f"{url}: {text}" for text in noise if "Failed to load resource" not in text]
    if wide := page.evaluate(TOO_WIDE):
        found.append(f"{url}: wider than 320 pixels: {wide}")
    for each in Axe().run(page, options=RULES).response["violations"]:
        where = "; ".join(str(node["target"][0]) for node in each["nodes"][:3])
        found.append(f"{url}: {each['id']}: {each['help']} ({where})")
    return found


def look_through(house: House, browser: Browser, url: str, who: str, paths: Iterable[str]) -> list[str]:
    """What is wrong with some pages, each in a tab of its own, as somebody of the house sees them, or "nobody"."""
    context = browser.new_context()
    if who != "nobody":
        context.add_cookies(house.cookie(who, url))
    found = []
    for each in paths:
        page = context.new_page()
        found += look(page, url + each)
        page.close()
    context.close()
    return found


@pytest.mark.parametrize("who", ["nobody", *PAGES])
def test_pages_are_readable_for_all(house: House, browser: Browser, live_server, who: str):
    paths = [path(each, house) for each in PAGES.get(who, OPEN)]
    assert look_through(house, browser, live_server.url, who, paths) == []


def test_dark_and_wide_and_spanish_are_readable_too(house: House, browser: Browser, live_server):
    context = browser.new_context(color_scheme="dark", locale="es", viewport={"width": 1280, "height": 900})
    context.add_cookies(house.cookie("dana", live_server.url))
    page = context.new_page()
    found = []
    for template in (
        "/",
        "/why?target=casino.test&person=ben",
        "/rules",
        "/lists",
        "/categories",
        "/reviews/{request}",
    ):
        page.goto(live_server.url + path(template, house))
        assert page.locator("html").get_attribute("lang") == "es"
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{template}: {each['id']} {each['nodes'][0]['target']}" for each in violations]
    assert found == []
