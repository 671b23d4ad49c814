"""The public page: small, quick, in two languages, silent about small numbers, and found by plain words."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from homeroom.base.actor import SYSTEM
from homeroom.board import actions as board
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import catalogue
from homeroom.ledger.models import Observation
from homeroom.site import messages
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
LINK = re.compile(r'href="/ledger/([^"]+)"')


@pytest.fixture(autouse=True, scope="session")
def translations():
    messages.compile_all()


def saw(looked_at: int, broken: int = 0, rounds: int = 1, **more: object) -> None:
    """All probes saw the same, just now."""
    now = timezone.now()
    rows = [
        Observation(probe=probe, at=now, looked_at=looked_at, broken=broken, good_until=now + timedelta(days=1), **more)
        for _ in range(rounds)
        for probe in catalogue.probes()
    ]
    Observation.objects.bulk_create(rows)


def found(question: str) -> list[str]:
    return LINK.findall(Client().get("/ledger", {"q": question}).content.decode())


def queries(path: str) -> int:
    with CaptureQueriesContext(connections["default"]) as seen:
        assert Client().get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", ["/ledger", "/ledger/VI.Alt3.C", "/ledger?format=json"])
def test_a_page_costs_the_same_queries_with_much_and_with_little(path):
    empty = queries(path)
    saw(9, rounds=20)
    words = SMALL + "".join(f"\n- {number}. Rule {number}.\n" for number in range(1, 300))
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2026, 9, 1), at=NOON, alternative="2")
    assert queries(path) <= empty + 1 <= 8


def test_the_first_page_is_small_and_needs_no_script():
    saw(99_999)
    answer = Client().get("/ledger")
    assert len(answer.content) < 100_000
    assert b"<script" not in answer.content


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("what does the school see on my child's laptop?", "XIV.B.3"),
        ("what does the school see on my child’s laptop?", "XIV.B.3"),
        ("¿Qué ve la escuela en el portátil de mi hijo?", "XIV.B.3"),
        ("may they use the camera?", "XIV.B.2"),
        ("cyberbullying", "V.A.10.1"),
        ("xiv.c.4", "XIV.C.4"),
    ],
)
def test_a_question_in_plain_words_finds_its_clause(question, first):
    assert found(question)[0] == first


def test_the_beginning_of_an_id_finds_what_is_below_it():
    assert found("XIV.D") == ["XIV.D.1", "XIV.D.2", "XIV.D.3", "XIV.D.4"]
    assert Client().get("/ledger/XIV.D").url == "/ledger?q=XIV.D"


def test_words_that_nothing_speaks_of_say_so():
    page = Client().get("/ledger", {"q": "dinosaur"}).content.decode()
    assert "No clause fits" in page
    assert found("the of and") == []


def test_nothing_typed_becomes_part_of_the_page():
    page = Client().get("/ledger", {"q": "<b>x</b>", "state": "<i>"}).content.decode()
    assert "<b>x" not in page and "<i>" not in page


def test_an_unknown_clause_is_not_found():
    assert Client().get("/ledger/XX.9").status_code == 404
    assert Client().get("/ledger/<b>").status_code == 404


def test_small_numbers_are_hidden_wherever_the_public_looks():
    saw(4, 1, summary="1 child, Ben Haugen")
    page = Client().get("/ledger/V.C.1").content.decode()
    assert "Ben" not in page and "&lt;5 of &lt;5" in page
    told = Client().get("/ledger/V.C.1?format=json")
    assert "Ben" not in told.content.decode() and told.json()["looked_at"] == "<5"
    lines = b"".join(Client().get("/ledger?format=csv").streaming_content).decode("utf-8-sig")
    row = next(each for each in csv.DictReader(io.StringIO(lines)) if each["clause"] == "V.C.1")
    assert (row["looked_at"], row["broken"], row["state"]) == ("<5", "<5", "broken")
    assert "Ben" not in lines


def test_json_and_csv_have_every_clause_once():
    told = json.loads(Client().get("/ledger?format=json").content)
    assert [each["clause"] for each in told["clauses"]] == list(TITLES)
    lines = b"".join(Client().get("/ledger?format=csv").streaming_content).decode("utf-8-sig")
    assert [row["clause"] for row in csv.DictReader(io.StringIO(lines))] == list(TITLES)


def test_one_state_can_be_shown_alone():
    saw(9)
    Observation.objects.filter(probe=name(catalogue.claims()["V.C.1"].probes[0])).update(broken=7)
    assert LINK.findall(Client().get("/ledger?state=broken").content.decode()) == ["V.C.1"]


def test_it_speaks_spanish():
    page = Client().get("/ledger/XIV.B.3", headers={"accept-language": "es"}).content.decode()
    assert "Abierta en parte" in page and "Cómo se cumple" in page and "How it is kept" not in page


def test_every_page_leads_to_it(town):
    assert 'href="/ledger"' in Client().get("/about").content.decode()
    assert 'href="/ledger"' in town.client("dana").get("/rules").content.decode()
