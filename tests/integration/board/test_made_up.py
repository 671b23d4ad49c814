"""The made-up district's policy: the real text where it lies beside the checkout, else one of our own."""

from __future__ import annotations

from datetime import date

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.board import actions, clauses, made_up, queries
from homeroom.board.models import AdoptedText
from homeroom.journal.models import Entry
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 14)


def move_in() -> list[str]:
    said: list[str] = []
    made_up.move_in(actor=SYSTEM, at=NOON, say=said.append)
    return said


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty folder with nothing beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_alone_it_adopts_a_text_of_our_own(checkout):
    assert "made-up" in queries.in_force(TODAY).file if move_in() else False
    text = queries.in_force(TODAY)
    assert text.from_day == date(2026, 8, 10) and not text.findings and not text.unplaced
    assert queries.options(TODAY) == {"a", "b"} and queries.alternative(TODAY) == "3"


def test_with_the_real_text_beside_it_adopts_that_as_data(checkout):
    beside = checkout.parent / "shared" / "policy"
    beside.mkdir(parents=True)
    (beside / "msba-524.txt").write_text(SMALL, encoding="utf-8")
    move_in()
    assert queries.in_force(TODAY).file == "msba-524.txt"


def test_it_moves_in_once_and_never_over_a_text_that_is_there(checkout):
    move_in()
    entries = Entry.objects.count()
    assert move_in() == [] and Entry.objects.count() == entries
    assert AdoptedText.objects.count() == 1


def test_everything_the_board_owes_is_kept_there(checkout):
    move_in()
    looks = {probe.__name__: probe(NOON) for claim in clauses.CLAIMS for probe in claim.probes}
    assert {name for name, look in looks.items() if look.broken} == set()
    assert looks["elements_missing"].looked_at == 10
    assert "T2" not in {each.id for each in queries.points(queries.in_force(TODAY), TODAY)}


def test_an_amended_text_shows_exactly_the_claims_to_reread(checkout):
    move_in()
    words = made_up.OWN.read_text(encoding="utf-8").replace("within 72 hours", "within 24 hours")
    new, _ = actions.import_text(actor=SYSTEM, file="amended.txt", data=words.encode(), at=NOON)
    found = queries.comparison(queries.in_force(TODAY), new)
    assert [each.id for each in found.changes] == ["XIV.D"]
    assert found.reread == ("XIV.D.1", "XIV.D.2", "XIV.D.3", "XIV.D.4")
    touched = queries.touched(found.reread, TODAY)
    assert {each.name for each in touched.parameters} >= {"device-emergency-notice", "device-deferred-notice"}
