"""The pages of providers in a real browser: readable for all, whole at 320 pixels."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from homeroom.activity.models import ToolCount
from homeroom.providers import actions, made_up
from homeroom.providers.models import Contract
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.integration.notices.conftest import approve
from tests.integration.web.conftest import DANA

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]


@pytest.fixture
def pages(house: House) -> dict[str, list[str]]:
    """Addresses by who opens them."""
    approve("providers")
    made_up.move_in(actor=DANA, at=datetime.now(UTC), say=lambda text: None)
    today = int(datetime.now(UTC).timestamp()) // 86400
    for day in range(3):
        ToolCount.objects.using("activity").create(
            day=(today - day) * 86400, profile="student", domain="quizlet.com", door="dns", n=1200
        )  # fmt: skip
    review = Contract.objects.get(state="review").pk
    active = Contract.objects.filter(state="active").earliest("pk")
    file = active.files.get()
    shown = actions.add_file(
        actor=DANA, at=datetime.now(UTC), contract=active, kind="exhibit", name="black.txt", pieces=[b"black"]
    )
    said = {"citation": "Minn. Stat. 13.37", "reason": "Trade secret.", "decided_by": "Ann Counsel, attorney"}
    actions.redact_file(actor=DANA, at=datetime.now(UTC), file=file, shown=shown, **said)
    shows = Contract.objects.get(provider__advertising=True).pk
    return {
        "nobody": ["/providers", "/providers?q=nothing", "/providers/readwell"],
        "kim": ["/providers/readwell"],
        "dana": [
            "/register", "/register/add", "/register/load", "/register/notice", "/register/requests",
            "/register/requests/enter",
            "/register/of/readwell", "/register/of/readwell/classify", "/register/of/readwell/contracts/add",
            "/register/of/readwell/breaches/add", f"/register/contracts/{review}", f"/register/contracts/{active.pk}",
            f"/register/contracts/{review}/override", f"/register/contracts/{review}/file",
            f"/register/contracts/{review}/terms/no-sale", f"/register/contracts/{active.pk}/end",
            f"/register/contracts/{active.pk}/files/{shown.pk}/redact", "/tools-without-contract",
            f"/register/contracts/{active.pk}/files/{file.pk}/whole", f"/register/contracts/{shows}",
            f"/register/contracts/{shows}/no-advertising", f"/register/contracts/{shows}/no-advertising/enter",
            f"/register/contracts/{shows}/advertising", "/providers/quizlark",
        ],
    }  # fmt: skip


def test_they_are_readable_for_all(pages: dict[str, list[str]], house: House, browser: Browser, live_server):
    found = [each for who, paths in pages.items() for each in look_through(house, browser, live_server.url, who, paths)]
    assert found == []
