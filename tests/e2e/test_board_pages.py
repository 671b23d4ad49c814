"""The board's and the ledger's pages in a real browser: readable for all, whole at 320 pixels."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from homeroom.base.actor import SYSTEM
from homeroom.board import actions, made_up
from homeroom.board.models import Addendum, AdoptedText
from homeroom.ledger import actions as ledger
from homeroom.people import queries as people
from tests.e2e.conftest import House
from tests.e2e.looking import look_through

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "activity"]),
    pytest.mark.timeout(600),
]
PAGES = (
    "/desk", "/binder", "/binder/records", "/binder/records/add/form-486", "/binder/records/add/equipment", "/lessons",
    "/lessons/add", "/lessons/{lesson}/withdraw", "/ledger", "/ledger/text", "/ledger/XIV.D.1", "/ledger/VI.Alt1.1",
    "/ledger?q=what+does+the+school+see+on+my+laptop", "/ledger/code/board.clauses.begun_without_meeting",
    "/board/texts", "/board/texts/add", "/board/texts/{draft}",
    "/board/texts/{text}", "/board/texts/{draft}/choose", "/board/texts/{draft}/hearing",
    "/board/texts/{draft}/clauses/3",
    "/board/texts/compare?a={text}&b={draft}", "/board/funding", "/board/addenda", "/board/addenda/add",
    "/board/addenda/{addendum}", "/board/parameters", "/board/parameters/phone-rule",
    "/board/parameters/phone-rule/set",
    "/board/sources", "/board/review", "/board/review/begin",
)  # fmt: skip


@pytest.fixture
def board(house: House, tmp_path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A text in force, a draft with a line that found no place, addenda."""
    monkeypatch.chdir(tmp_path)
    now = timezone.now()
    made_up.move_in(actor=SYSTEM, at=now, say=lambda said: None)
    text = AdoptedText.objects.get().pk
    words = "A line before everything.\n" + made_up.OWN.read_text(encoding="utf-8").replace("72 hours", "24 hours")
    draft, _ = actions.import_text(actor=SYSTEM, file="amended.txt", data=words.encode(), at=now)
    lesson = ledger.write_down(
        actor=SYSTEM, at=now, kind="lesson", day=people.today(now), title="Kind", topics=["conduct"]
    )
    return {"text": text, "draft": draft.pk, "addendum": Addendum.objects.first().pk, "lesson": lesson.pk}


def test_pages_are_readable_for_all(house: House, board, browser: Browser, live_server):
    paths = [template.format(**board) for template in PAGES]
    assert look_through(house, browser, live_server.url, "dana", paths) == []
