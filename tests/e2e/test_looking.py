"""Looking finds what is wrong, on the second page of a tab as on the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.looking import look

PAGES = {
    "good": "<p>Black on white.</p>",
    "pale": "<p style='color: #bbb'>Pale on white.</p>",
    "wide": "<p style='width: 30rem'>Wider than a phone.</p>",
    "mute": "<p><img src='/dot.png'></p>",
    "noisy": "<p>Loud.</p><script>console.error('a noise'); nothing()</script>",
}


def answer(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    text = f"<!doctype html><html lang=en><title>{name}</title><main><h1>{name}</h1>{PAGES.get(name, '')}</main>"
    route.fulfill(body=text, content_type="text/html")


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed: sudo apt-get install chromium")
@pytest.mark.timeout(300)
def test_what_is_wrong_is_found():
    with sync_playwright() as play, play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser:
        page = browser.new_page()
        page.route("**/*", answer)
        found = {name: look(page, f"http://pages.test/{name}") for name in [*PAGES, "good"]}
    assert found.pop("good") == []
    said = {name: " ".join(each) for name, each in found.items()}
    assert "color-contrast" in said["pale"] and "wider than 320 pixels: P." in said["wide"]
    assert "image-alt" in said["mute"]
    assert "a noise" in said["noisy"] and "nothing is not defined" in said["noisy"]
