"""XVII: the policy, what came of it and how it is kept are open to the review of everybody."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from homeroom.base.actor import SYSTEM
from homeroom.board import actions as board
from homeroom.kernel.clauses import TITLES
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "activity"]), pytest.mark.clause("XVII.C")]
READERS = ("a parent without an account", "Kim, a clerk", "Ms. Olsen, a teacher", "Dana, who runs the filter")


def browser(town, reader: str) -> Client:
    ids = {"Kim, a clerk": "kim", "Ms. Olsen, a teacher": "olsen", "Dana, who runs the filter": "dana"}
    return town.client(ids[reader]) if reader in ids else Client()


def adopt(words: str = SMALL, from_day: date = date(2026, 9, 1)) -> None:
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON, alternative="2")


@pytest.mark.parametrize("reader", READERS)
def test_everybody_reads_how_each_clause_is_kept(town, reader):
    page = browser(town, reader).get("/ledger")
    assert page.status_code == 200
    shown = page.content.decode()
    assert all(f">{id}</a>" in shown for id in TITLES)


@pytest.mark.parametrize("id", list(TITLES))
def test_each_clause_has_an_address(id):
    assert Client().get(f"/ledger/{id}").status_code == 200


def test_the_words_are_those_of_the_district_from_the_day_on_which_they_are_in_force():
    later = timezone.localdate().replace(year=timezone.localdate().year + 1)
    adopt()
    adopt(SMALL.replace("To be short.", "To be long."), later)
    page = Client().get("/ledger/I").content.decode()
    assert "To be short." in page and "To be long." not in page


def test_a_draft_is_not_called_the_policy():
    board.import_text(actor=SYSTEM, file="policy.md", data=SMALL.encode(), at=NOON)
    page = Client().get("/ledger/I").content.decode()
    assert "To be short." not in page
    assert "no text of its policy in force" in Client().get("/ledger").content.decode()


def test_what_is_not_kept_is_said_as_plainly_as_what_is():
    shown = Client().get("/ledger/XV.1").content.decode()
    assert "Not kept by Homeroom yet" in shown and "Rules about phones" in shown
    partly = Client().get("/ledger/XIV.B.3").content.decode()
    assert "Open in part" in partly and "Still open:" in partly
