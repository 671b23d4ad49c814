"""The pages of the office, teachers, parents and students about agreements: readable for all, whole at 320 pixels."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from homeroom.access import actions as access
from homeroom.agreements import actions
from homeroom.agreements.models import FormVersion
from homeroom.people import queries as people
from tests.e2e.test_every_page import look
from tests.e2e.test_signing_pages import Signing, browser, context, signing  # noqa: F401
from tests.integration.agreements.conftest import actor

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(240),
]
PAGES = {
    "rosa": (
        "/agreements/children", "/agreements/children/ben/end", "/agreements/children/ben/instead",
        "/agreements/children/ben/again", "/agreements/alternatives/{alternative}/answer",
    ),
    "olsen": (
        "/agreements/classes", "/agreements/classes/7b", "/agreements/mine", "/agreements/alternatives",
        "/agreements/alternatives/{alternative}",
    ),
    "kim": ("/agreements", "/agreements?part=parent&q=x"),
    "dana": (
        "/agreements", "/agreements/forms", "/agreements/forms/{form}", "/agreements/forms/add/student", "/people/ben",
        "/people/ben/restrict", "/restrictions/{restriction}/lift", "/restrictions/{restriction}/appeal",
    ),
}  # fmt: skip


@pytest.fixture
def rows(signing: Signing) -> dict[str, int]:  # noqa: F811
    """A request, a form and a restriction, written before a browser starts."""
    now = datetime.now(UTC)
    day = people.today(now)
    alternative = actions.request_alternative(
        actor=actor("rosa", day), at=now, student="ben", asked_by="rosa", scope="all", due_on=day
    )
    actions.offer_alternative(actor=actor("olsen", day), at=now, alternative=alternative, plan="Books.")
    barred = access.restrict(actor=actor("okafor", day), at=now, person="ben", reason="Games.", cancel=True)
    form = FormVersion.objects.filter(form="student").first()
    return {"alternative": alternative.pk, "restriction": barred.pk, "form": form.pk}


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_readable_for_all(rows, signing: Signing, browser: Browser, live_server, who: str):  # noqa: F811
    found = []
    with context(browser, signing, who, live_server.url) as made:
        for template in PAGES[who]:
            page = made.new_page()
            found += look(page, live_server.url + template.format(**rows))
            page.close()
    assert found == []
