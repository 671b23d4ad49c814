"""Sign-in by code in a real browser, on a telephone: readable for all, by keyboard, in one's own language."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser

from homeroom.access import actions
from tests.e2e.conftest import House
from tests.e2e.looking import look, look_through

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PHONE = {"width": 320, "height": 640}


def _closing(value: int) -> int:
    connections.close_all()
    return value


def test_pages_of_sign_in_are_readable_for_all(house: House, browser: Browser, live_server):
    found = []
    context = browser.new_context()
    page = context.new_page()
    for path in ("/account/sign-in", "/code", "/code/ask", "/code/letter"):
        found += look(page, live_server.url + path)
    page.fill("[name=code]", "nonsense")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    context = browser.new_context()
    context.add_cookies(house.cookie("kim", live_server.url))
    page = context.new_page()
    found += look(page, live_server.url + "/letters")
    assert found == []


def test_a_parent_comes_in_by_code_with_the_keyboard_alone(house: House, browser: Browser, live_server):
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(f"{live_server.url}/code")
    page.locator("main").get_by_role("button", name="Español").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/ask")
    assert page.locator("html").get_attribute("lang") == "es"
    page.focus("[name=address]")
    page.keyboard.type("rosa@lake.test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/enter")
    found = look(page, page.url)
    with ThreadPoolExecutor(1) as worker:  # the browser's loop may not touch the database
        assert worker.submit(lambda: _closing(actions.send_codes(at=timezone.now()))).result() == 1
    page.focus("[name=code]")
    page.keyboard.type(re.search(r"\d{4} \d{4}", mail.outbox[-1].body)[0])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/code" not in url)
    assert page.locator(".bar").get_by_text("Rosa Haugen").count() or page.get_by_role("button", name="Rosa").count()
    assert found == []


def test_pages_of_the_network_are_readable_for_all(house: House, browser: Browser, live_server):
    paths = (
        "/account/ways", "/network", "/network/desk", "/network/desk/ranges", "/network/desk/tokens",
        "/network/desk/logins", "/network/desk/salts", "/network/desk/radius", "/network/desk/configs", "/people/ben",
    )  # fmt: skip
    assert look_through(house, browser, live_server.url, "dana", paths) == []
