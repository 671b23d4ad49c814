"""Pages that close, hold back or hand on: readable for all, on a phone as well."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from homeroom.access import actions as access
from homeroom.base.actor import Actor
from homeroom.filtering.actions import accidents
from homeroom.notices.models import Bounce
from homeroom.people.models import Guardianship
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.policy.devices_at_lake import OKAFOR

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "activity"])
PAGES = {
    "okafor": ("/accidents", "/accidents?state=closed", "/accidents?told=block-page", "/accidents/named/{told}"),
    "olsen": ("/accidents/tell", "/people/ben"),
    "dana": ("/notices/reports", "/network/desk/ranges", "/people/ben"),
    "rosa": ("/restrictions/mine", "/agreements/children"),
}  # fmt: skip


@pytest.fixture
def house(house: House, town) -> House:
    now = datetime.now(UTC)
    olsen = Actor(id="olsen", name="Maja Olsen", roles=frozenset({"teacher"}))
    house.told = accidents.tell_accident(actor=olsen, at=now, site="odd.test", met_at=now, words="An ad.").pk
    access.restrict(actor=OKAFOR, at=now, person="ben", reason="He played in two lessons.", cancel=True)
    Bounce.objects.create(digest="d", came_at=now, source="mailbox", outcome="hard", address="rosa@lake.test")
    tie = {"relationship": "parent", "first_day": "2020-09-01"}
    Guardianship.objects.get_or_create(child_id="ben", guardian_id="rosa", defaults=tie)
    Guardianship.objects.get_or_create(child_id="ben", guardian_id="farah", defaults={**tie, "court_order": True})
    house.cookies["rosa"] = town.client("rosa").cookies["sessionid"].value
    return house


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_readable_for_all(house: House, browser: Browser, live_server, who: str):
    paths = [template.format(**vars(house)) for template in PAGES[who]]
    assert look_through(house, browser, live_server.url, who, paths) == []
