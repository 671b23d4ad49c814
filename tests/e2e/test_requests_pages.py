"""The pages of requests for records in a real browser: readable for all, whole at 320 pixels, silent console."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from homeroom.base.actor import Actor
from homeroom.requests.actions import authority, data, staff
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.policy.devices_at_lake import DANA

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PAGES = {
    "dana": (
        "/data-requests", "/data-requests?q=nothing", "/data-requests/enter", "/data-requests/{asked}",
        "/data-requests/{asked}/part/email", "/data-requests/{asked}/answer", "/data-requests/{asked}/refuse",
        "/data-requests/{fresh}", "/data-requests/{fresh}/check", "/staff-reviews", "/staff-reviews/add",
        "/staff-reviews/{review}/end", "/authority-requests", "/authority-requests/add",
        "/authority-requests/{authority}", "/authority-requests/{given}",
    ),
    "rosa": ("/my-records", "/my-records/ask"),
}  # fmt: skip


@pytest.fixture
def house(house: House, town) -> House:
    now = datetime.now(UTC) - timedelta(hours=2)
    rosa = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))
    row = data.ask(actor=rosa, student="ben", wants=["files", "email"], words="Since September", at=now)
    row = data.check(actor=DANA, request=row, authority="Mother by the roster, no order.", at=now)
    data.settle(actor=DANA, request=row, kind="files", state="given", how="Shown at the office.", at=now)
    house.asked = row.pk
    elena = Actor(id="elena", name="Elena Morales", roles=frozenset({"guardian"}))
    house.fresh = data.ask(actor=elena, student="ana", wants=["filter"], words="", at=now).pk
    house.review = staff.begin(
        actor=DANA, person="lind", reason="His plans are needed now.", scope="One folder", at=now
    ).pk
    for name in ("authority", "given"):
        asked = authority.Asked(
            agency="Lake police", officer=f"Sgt. {name}", wants="His mail of last week", basis="none", person="ben",
            wanted_by=(now - timedelta(days=1)).date(),
        )  # fmt: skip
        setattr(house, name, authority.receive(actor=DANA, asked=asked, received_at=now, at=now).pk)
    authority.answer(
        actor=DANA, request=authority.AuthorityRequest.objects.get(pk=house.given), outcome="given",
        disclosed="Eleven messages, copied.", basis="warrant", basis_words="Warrant 27-CR-1", family="not-owed",
        family_words="", at=now,
    )  # fmt: skip
    house.cookies["rosa"] = town.client("rosa").cookies["sessionid"].value
    return house


def test_pages_are_readable_for_all(house: House, browser: Browser, live_server):
    found = []
    for who, templates in PAGES.items():
        paths = [template.format(**vars(house)) for template in templates]
        found += look_through(house, browser, live_server.url, who, paths)
    assert found == []
