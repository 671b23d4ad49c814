"""A newcomer's first five minutes: a blocked and an allowed name, a page, the reason why, a changed rule at once."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.house import House, open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("demo") / "home") as opened:
        yield opened


def origin(house: House, name: str, path: str = "/") -> str:
    return f"http://{name}:{house.ports['ORIGIN']}{path}"


def test_dig_shows_an_allowed_name_and_two_kinds_of_block(house: House) -> None:
    assert "127.0.0.1" in house.dig("library.test", "+short")
    law, choice = house.dig("adult.test"), house.dig("games.test")
    assert "status: NXDOMAIN" in law and "EDE: 16" in law and "VI.Alt3.A" in law
    assert "status: NXDOMAIN" in choice and "EDE: 15" in choice
    assert "127.0.0.1" in house.dig("games.test", "-b", "127.0.0.3", "+short")
    assert "status: NXDOMAIN" in house.dig("adult.test", "-b", "127.0.0.3")


def test_a_name_that_leads_to_a_listed_one_is_blocked(house: House) -> None:
    assert "EDE: 16" in house.dig("harmless-looking.test")


def test_curl_through_the_proxy_sees_pages_and_the_block_page(house: House) -> None:
    allowed = house.curl(origin(house, "library.test"))
    assert allowed.stdout.endswith("200") and "library.test" in allowed.stdout
    page = house.curl(origin(house, "wiki.test", "/games/chess"))
    assert page.stdout.endswith("403") and "wiki.test" in page.stdout
    assert house.curl(origin(house, "wiki.test", "/history")).stdout.endswith("200")
    assert house.curl(f"https://library.test:{house.ports['TLS']}/").stdout.endswith("200")
    assert "403" in house.curl(f"https://games.test:{house.ports['TLS']}/").stderr
    # Also whoever sends everything through the proxy gets from the block page to the form.
    form = re.search(rf"{house.web}/blocked/[^\"]+?/review", html.unescape(page.stdout))
    assert form is not None and house.curl(form.group()).stdout.endswith("200")
    # The little Internet lives on this machine; what else does stays out of reach.
    assert house.curl(f"http://127.0.0.1:{house.ports['RESOLVER']}/").stdout.endswith("403")


def test_explain_names_list_and_line(house: House) -> None:
    done = house.homeroom("explain", "games.test", "--as", "ben", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["verdict"], said["kind"], said["category"]) == ("block", "district", "games")
    assert {key: said["rule"][key] for key in ("list", "file", "line", "text")} == {
        "list": "demo-ut1", "file": "games/domains", "line": 1, "text": "games.test",
    }  # fmt: skip
    people = json.loads(house.homeroom("people", "list", "--role", "student", "--json").stdout)
    assert len(people) == 40


def test_a_browser_behind_the_proxy_sees_why_and_the_rule_changes_at_once(house: House, browser_behind: Page) -> None:
    page = browser_behind
    page.goto(origin(house, "library.test"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("library.test")
    page.goto(origin(house, "games.test"))
    expect(page.locator("body")).to_contain_text("games.test")
    assert "district" in page.inner_text("body").lower()

    page.goto(house.entry("Dana Reyes"))
    page.goto(f"{house.web}/why?target=games.test&person=ben")
    expect(page.locator("main")).to_contain_text("Games")
    expect(page.locator("main")).to_contain_text("demo-ut1")

    page.goto(f"{house.web}/rules/add?effect=allow&target=games.test")
    page.get_by_label("Everyone").check()
    page.get_by_label("Reason").fill("Game day")
    page.get_by_role("button", name="See what it would change").click()
    page.get_by_role("button", name="Save the rule").click()
    saved = time.monotonic()
    while "status: NXDOMAIN" in house.dig("games.test"):
        assert time.monotonic() - saved < 20
    page.goto(origin(house, "games.test"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("games.test")


@pytest.fixture
def browser_behind(house: House) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run", "--proxy-bypass-list=<-loopback>;127.0.0.1"]  # fmt: skip
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=flags,
            proxy={"server": f"http://127.0.0.1:{house.ports['PROXY']}", "bypass": "127.0.0.1"},
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        yield page
        browser.close()
