"""Looking at a page as axe does: readable for all (WCAG 2.1 AA and what is good practice), 320 pixels, silent console.

One tab looks at page after page. A new tab is a new process of the browser, which reads the script of axe and draws
its fonts anew: looking took three times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.conftest import House

PATIENCE = 120_000  # milliseconds; a machine with much to do takes its time
PHONE = {"width": 320, "height": 800}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # what passes need not be listed: half the time
}
# One text for every page, so that the browser keeps what it made of it.
AXE = f"""{AXE_SCRIPT}
axe.run({json.dumps(RULES)}).then(found => found.violations.map(each =>
    [each.id, each.help, each.nodes.slice(0, 3).map(node => String(node.target[0])).join("; ")]))"""
TOO_WIDE = """document.documentElement.scrollWidth <= 320 ? "" : [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > 320.5).slice(0, 8)
    .map(each => each.tagName + "." + each.className).join(" ") || "something" """


def violations(page: Page) -> list[str]:
    """What axe finds on the page that is open, as sentences."""
    return [f"{page.url}: {id}: {help} ({where})" for id, help, where in page.evaluate(AXE)]


def look_here(page: Page) -> list[str]:
    """What is wrong with the page that is open, on a telephone of 320 pixels."""
    size = page.viewport_size
    if size != PHONE:
        page.set_viewport_size(PHONE)
    wide = page.evaluate(TOO_WIDE)
    found = [f"{page.url}: wider than 320 pixels: {wide}"] if wide else []
    found += violations(page)
    if size and size != PHONE:
        page.set_viewport_size(size)
    return found


def look(page: Page, url: str) -> list[str]:
    """Open a page: what is wrong with it, as sentences."""
    page.set_viewport_size(PHONE)
    with listening(page) as noise:
        page.goto(url, timeout=PATIENCE)
        found = look_here(page)
    return [f"{url}: {text}" for text in noise] + found


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """What the console says meanwhile; that a page answers 404 is no noise."""
    noise: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            noise.append(message.text)

    def fail(error: Exception) -> None:
        noise.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fail)
    yield noise
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fail)


def look_through(house: House, browser: Browser, url: str, who: str, paths: Iterable[str]) -> list[str]:
    """What is wrong with some pages, one after the other, as somebody of the house sees them, or "nobody"."""
    with browser.new_context(viewport=PHONE) as context:
        if who != "nobody":
            context.add_cookies(house.cookie(who, url))
        page = context.new_page()
        return [each for path in paths for each in look(page, url + path)]
