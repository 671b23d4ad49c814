"""What people do, with scripts off and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import House

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]


def test_a_rule_is_made_and_ended_without_scripts(house: House, browser: Browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(house.cookie("dana", live_server.url))
    page = context.new_page()
    page.goto(live_server.url + "/why?target=casino.test&person=ben")
    expect(page.get_by_role("heading", name="casino.test is blocked for Ben Haugen")).to_be_visible()
    page.get_by_role("link", name="Make a rule that opens it").click()
    expect(page.get_by_label("Name or address")).to_have_value("casino.test")
    page.get_by_label("One class").check()
    page.get_by_label("Class", exact=True).select_option("7b")
    page.get_by_label("Reason").fill("Odds are this week's lesson.")
    page.get_by_role("button", name="See what it would change").click()
    row = page.get_by_role("row", name="Students")
    expect(row).to_contain_text("Blocked")
    expect(row).to_contain_text("Open")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("status")).to_contain_text("The rule is saved")
    page.get_by_role("link", name="End it").click()
    page.get_by_role("button", name="End the rule").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    page.get_by_label("Reason").fill("The lesson is over.")
    page.get_by_role("button", name="End the rule").click()
    expect(page.get_by_role("main")).to_contain_text("The lesson is over.")


def test_a_review_is_asked_for_on_a_phone_without_scripts(house: House, browser: Browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="es")
    page = context.new_page()
    page.goto(f"{live_server.url}/blocked/{house.ticket}/review")
    page.get_by_role("button", name="Pedir una revisión").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gracias")


def test_the_pages_open_from_a_phone_by_keyboard(house: House, browser: Browser, live_server):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies(house.cookie("dana", live_server.url))
    page = context.new_page()
    page.goto(live_server.url + "/rules")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pages")).to_be_focused()
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    page.get_by_role("link", name="Categories").click()
    expect(page.get_by_role("heading", name="Categories", exact=True)).to_be_visible()


def test_the_language_is_kept(house: House, browser: Browser, live_server):
    context = browser.new_context()
    context.add_cookies(house.cookie("dana", live_server.url))
    page = context.new_page()
    page.goto(live_server.url + "/rules")
    page.get_by_role("button", name="Account of Dana Reyes").click()
    page.get_by_role("button", name="Español").click()
    expect(page).to_have_url(live_server.url + "/rules")
    page.goto(live_server.url + "/lists")
    assert page.locator("html").get_attribute("lang") == "es"
