"""The pages of the office, teachers, parents and students about agreements: readable for all, whole at 320 pixels."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from homeroom.access import actions as access
from homeroom.agreements import actions
from homeroom.agreements.models import Agreement, FormVersion
from homeroom.people import queries as people
from homeroom.people.models import Guardianship
from tests.e2e.looking import look
from tests.e2e.test_signing_pages import PICTURES, Signing, browser, context, picture, signing  # noqa: F401
from tests.integration.agreements.conftest import actor

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PAGES = {
    "rosa": (
        "/agreements/children", "/agreements/children/ben/end", "/agreements/children/ben/instead",
        "/agreements/children/ben/again", "/agreements/alternatives/{alternative}/answer",
        "/agreements/alternatives/{alternative}/over",
    ),
    "olsen": (
        "/agreements/classes", "/agreements/classes/7b", "/agreements/mine", "/agreements/alternatives",
        "/agreements/alternatives/{alternative}", "/agreements/permission/{agreement}",
    ),
    "kim": (
        "/agreements", "/agreements?part=parent&q=x", "/agreements/endings", "/agreements/endings/for/ben",
        "/agreements/choices", "/letters",
    ),
    "dana": (
        "/agreements", "/agreements/forms", "/agreements/forms/{form}", "/agreements/forms/add/student", "/people/ben",
        "/agreements/choices", "/agreements/choices/new", "/agreements/endings", "/agreements/endings/{termination}",
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
    Guardianship.objects.filter(child="leah", guardian="farah").update(court_order=True, portal_access=True)
    asked = actions.request_termination(actor=actor("farah", day), at=now, child="leah", guardian="farah")
    actions.choose(
        actor=actor("dana", day), at=now, from_day=day, grace_days=3, decision="Minutes of May 4, item 7",
        reason="Teachers fall ill.",
    )  # fmt: skip
    agreement = Agreement.objects.get(person="ben", form="student", closed_on=None)
    actions.permit(actor=actor("olsen", day), at=now, agreement=agreement)
    return {
        "alternative": alternative.pk, "restriction": barred.pk, "form": form.pk, "termination": asked.pk,
        "agreement": agreement.pk,
    }  # fmt: skip


def test_pages_are_readable_for_all(rows, signing: Signing, browser: Browser, live_server):  # noqa: F811
    found = []
    for who, templates in PAGES.items():
        with context(browser, signing, who, live_server.url) as made:
            page = made.new_page()
            for template in templates:
                found += look(page, live_server.url + template.format(**rows))
                if PICTURES:
                    for width in (390, 1280):
                        page.set_viewport_size({"width": width, "height": 844})
                        picture(page, f"{who}{template.replace('/', '-')[:40]}-{width}")
    assert found == []
