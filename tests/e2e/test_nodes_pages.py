"""The pages of filter nodes in a real browser: readable for all, whole at 320 pixels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from homeroom.nodes import actions
from homeroom.nodes.models import Node
from tests.e2e.conftest import House
from tests.e2e.looking import look
from tests.integration.web.conftest import DANA

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]


@pytest.fixture
def first(house: House) -> int:
    """Three nodes and a code; the number of the first node."""
    now = datetime.now(UTC)
    doors = {"dns": {"trouble": "", "age": 0.4}, "squid": {"trouble": "Squid lets nothing through.", "age": 1.0}}
    for number, said in enumerate(({"doors": doors, "bundle": "ab" * 8, "waiting": 3}, {"bundle": "cd" * 8}, {})):
        Node.objects.create(
            name=f"north-{number}", key=f"{number:064x}", enrolled=now - timedelta(days=3), heard=now if said else None,
            health={"clock": now.timestamp(), "born": now.isoformat(), **said} if said else {},
        )  # fmt: skip
    actions.make_code(actor=DANA, name="south-1", at=now)
    return Node.objects.earliest("pk").pk


def test_they_are_readable_for_all(first: int, house: House, browser: Browser, live_server):
    context = browser.new_context()
    context.add_cookies(house.cookie("dana", live_server.url))
    found = []
    page = context.new_page()
    for path in ("", "?show=ended", "?q=nothing", "/add", "/key", f"/{first}", f"/{first}/end"):
        found += look(page, live_server.url + "/filter-nodes" + path)
    page.goto(live_server.url + "/filter-nodes/add")
    page.fill("#id_name", "west-1")
    page.click("text=Make a code")
    assert page.locator("pre").inner_text().startswith("homeroom node enroll http")
    context.close()
    assert found == []
