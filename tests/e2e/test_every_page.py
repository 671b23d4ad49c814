"""Every page as every role in a real browser: readable for all (WCAG 2.1 AA), whole at 320 pixels, silent console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import House
from tests.e2e.looking import look_through, violations

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
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


def test_pages_are_readable_for_all(house: House, browser: Browser, live_server):
    found = []
    for who, templates in {"nobody": OPEN, **PAGES}.items():
        found += look_through(house, browser, live_server.url, who, [path(each, house) for each in templates])
    assert found == []


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
        found += violations(page)
    assert found == []
