"""The roster pages in a real browser, at every stage of a roster on its way in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections
from playwright.sync_api import Browser

from homeroom.people import roster_runs
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.integration.web.conftest import DANA

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
LIST = b"id,first name,lst name,role,school,grade\nk1,Ida,Berg,student,Birch School,7\nk2,,Vue,student,Birch School,7\n"


@pytest.fixture
def pages(house: House) -> list[str]:
    """Addresses of one run that is shown, one that failed, one at work, and the forms."""
    at = datetime.now(UTC)

    def ask(name: str, content: bytes):
        return roster_runs.ask_run(actor=DANA, files=[roster_runs.Upload(name, [content])], at=at)

    roster_runs.add_connection(
        actor=DANA, at=at, name="sis", url="https://sis.example.org", token_url="https://sis.example.org/token",
        version="1.2", client_id="homeroom", secret="made up", every_hours=24,
    )  # fmt: skip
    shown, failed = ask("list.csv", LIST), ask("roster.zip", b"PK no zip")
    roster_runs.work(at=at)
    roster_runs.work(at=at)
    waiting = ask("more.csv", LIST)
    runs = [f"/roster/{each.pk}" for each in (shown, failed, waiting)]
    return ["/roster", *runs, f"{runs[0]}/columns", "/roster/connections/add", "/roster/connections/1/end"]


def in_a_thread(act, **how):
    try:
        return act(**how)
    finally:
        connections.close_all()


def test_they_are_readable_for_all(pages: list[str], house: House, browser: Browser, live_server):
    assert look_through(house, browser, live_server.url, "dana", pages) == []


def test_without_scripts_a_file_is_chosen_and_looked_at(house: House, browser: Browser, live_server, tmp_path):
    (tmp_path / "list.csv").write_bytes(LIST)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    context.add_cookies(house.cookie("dana", live_server.url))
    page = context.new_page()
    page.goto(live_server.url + "/roster")
    page.set_input_files("input[type=file]", str(tmp_path / "list.csv"))
    page.get_by_role("button", name="Look at them").click()
    assert page.get_by_text("It is being read.").is_visible()
    with ThreadPoolExecutor() as worker:  # the browser's loop runs in this thread
        worker.submit(in_a_thread, roster_runs.work, at=datetime.now(UTC)).result()
    page.reload()
    assert page.get_by_label("The guessed names are right").is_visible()
