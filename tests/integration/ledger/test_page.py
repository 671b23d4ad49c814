"""The public page: small, quick, in two languages, silent about small numbers, and found by plain words."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from homeroom.activity.models import HourCount
from homeroom.base.actor import SYSTEM
from homeroom.board import actions as board
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import catalogue, manifest, search
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
    page = Client().get("/ledger", {"q": question}).content.decode()
    return [each for each in LINK.findall(page) if each != "text"]  # that one leads to the whole text


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
    assert queries(path) <= empty + 1 <= 13


def test_the_first_page_is_small_and_needs_no_script():
    saw(99_999)
    answer = Client().get("/ledger")
    styles = re.findall(r'href="/static/([^"?#]+)', answer.content.decode())
    told = sum(Path(str(finders.find(each))).stat().st_size for each in {*styles, "site/icons.svg"})
    assert len(styles) > 4 and len(answer.content) + told < 100_000
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
        ("Do you track where my child is?", "XIV.B.1"),
        ("Can the school read my kid's emails?", "VIII.D.1"),
        ("Who has to sign the form?", "IX.C.1"),
        ("What happens if my son breaks the rules?", "IV.2"),
        ("Can I say no to the internet for my child?", "XII.B.0b"),
        ("Which companies have my daughter's data?", "XIII.C.1"),
        ("Can I read the contract with Google?", "XIII.D"),
        ("Can a teacher unblock YouTube for a lesson?", "V.C.4"),
        ("I opened a bad site by accident, what now?", "V.C.1"),
        ("May I use a VPN?", "V.A.4d"),
        ("Who pays if the laptop breaks?", "IV.2b"),
        ("How often is the policy reviewed?", "XVII.D"),
        ("Can I search a student's Chromebook?", "VIII.C.1"),
        ("When will you tell me if you looked into the laptop?", "XIV.D.1"),
        ("¿Quién tiene que firmar el acuerdo?", "IX.C.1"),
        ("¿Pueden encender la cámara de mi hija?", "XIV.B.2"),
        ("¿Qué empresas tienen los datos de mi hijo?", "XIII.C.1"),
        ("¿Puedo negarme a que mi hijo use internet?", "XII.B.0b"),
        ("¿Qué hago con el ciberacoso?", "V.A.10.1"),
        ("¿Saben dónde está mi hijo?", "XIV.B.1"),
        ("no quiero que mi hijo use internet", "XII.B.0b"),
        ("¿Habla la escuela con la policía?", "VIII.F"),
        ("Does the school work with the police?", "VIII.F"),
        ("¿Puede llevar el teléfono a clase?", "XV.1"),
        ("¿Pueden leer los correos de mi hija?", "VIII.D.1"),
        ("¿Quién puede leer los mensajes de mi hijo?", "VIII.D.1"),
        ("¿Puede una maestra desbloquear una página para su clase?", "V.C.4"),
    ],
)
def test_a_question_in_plain_words_finds_its_clause(question, first):
    assert found(question)[0] == first


def test_an_address_typed_in_small_letters_leads_to_the_clause(client):
    for typed in ("xiv.c.4", "XIV.C.4."):
        answer = client.get(f"/ledger/{typed}")
        assert (answer.status_code, answer["location"]) == (302, "/ledger/XIV.C.4")
    assert client.get("/ledger/xiv.z.9").status_code == 404


def test_every_everyday_word_leads_to_clauses_that_exist():
    assert set(search._everyday()) <= set(TITLES)


def test_an_answer_brings_the_years_figures_and_hides_small_ones(town):
    hour = int(datetime.now(UTC).timestamp()) // 3600 * 3600
    for kind, n in (("statutory", 1204), ("district", 3)):
        HourCount.objects.using("activity").create(
            hour=hour, school="birch", profile="student", verdict="block", kind=kind, category="x", door="dns", n=n
        )
    page = Client().get("/ledger", {"q": "is pornography blocked?"}).content.decode()
    assert "requests refused because the law says so <b>1204</b>" in page
    assert "requests refused by the district’s own choice <b>&lt;5</b>" in page
    assert "1204" in Client().get("/ledger/VI.note2").content.decode()


def test_code_and_tests_are_shown_here_and_linked_where_a_repository_is_known(monkeypatch):
    probe = name(catalogue.claims()["VI.Alt3.note.b"].probes[0])
    test = "tests/integration/board/test_texts.py::test_exactly_one_of_the_alternatives_is_chosen"
    assert f'href="/ledger/code/{probe}"' in Client().get("/ledger/VI.Alt3.note.b").content.decode()
    shown = Client().get(f"/ledger/code/{probe}").content.decode()
    assert "def begun_without_meeting" in shown and "homeroom/board/clauses.py" in shown and "https://git" not in shown
    monkeypatch.setenv("HOMEROOM_REPOSITORY", "https://git.example/homeroom/")
    monkeypatch.setattr(manifest, "commit", lambda: "c0ffee" * 7)
    there = f"https://git.example/homeroom/blob/{'c0ffee' * 7}/homeroom/board/clauses.py#L"
    assert there in Client().get(f"/ledger/code/{probe}").content.decode()
    assert there in Client().get("/ledger/VI.Alt3.note.b").content.decode()
    assert any(test in tests for tests in manifest.shipped().values())
    assert "def test_exactly_one" in Client().get(f"/ledger/code/{test}").content.decode()


@pytest.mark.parametrize(
    "named", ["homeroom.site.settings", "tests/conftest.py", "../../etc/passwd", "tests/town.py::Town", "x::y"]
)
def test_only_what_the_ledger_names_is_shown(named):
    assert Client().get(f"/ledger/code/{named}").status_code == 404


def test_an_alternative_that_was_not_chosen_is_marked():
    words = SMALL.replace("III. FILTER", "VI. FILTER")
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2026, 9, 1), at=NOON, alternative="2")
    assert "did not choose this part" in Client().get("/ledger/VI.Alt1.1").content.decode()
    assert "did not choose this part" not in Client().get("/ledger/VI.Alt2.A").content.decode()
    assert found("is pornography blocked?")[0].startswith("VI.Alt2")


def test_a_checkout_says_at_which_commit_it_stands(tmp_path):
    assert manifest.of_checkout(tmp_path) == ""
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git / "packed-refs").write_text(f"# pack-refs\n{'a' * 40} refs/heads/main\n", encoding="utf-8")
    assert manifest.of_checkout(tmp_path) == "a" * 40
    (git / "refs" / "heads" / "main").write_text(f"{'b' * 40}\n", encoding="utf-8")
    assert manifest.of_checkout(tmp_path) == "b" * 40
    (git / "HEAD").write_text("c" * 40, encoding="utf-8")
    assert manifest.of_checkout(tmp_path) == "c" * 40


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


class TestTheWholeText:
    """XVII.C: the policy as people read it, each clause with its state; and the text of any day."""

    def adopt(self, words: str, from_day: date) -> None:
        text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
        board.choose(actor=SYSTEM, at=NOON, text=text.pk, alternative="2", reason="It serves our mission.")
        board.put_in_force(actor=SYSTEM, text=text.pk, from_day=from_day, at=NOON)

    def page(self, **asked: str) -> str:
        answer = Client().get("/ledger/text", asked)
        assert answer.status_code == 200 and b"<script" not in answer.content
        return answer.content.decode()

    @pytest.mark.clause("XVII.C", "XII.B.5")
    def test_each_clause_stands_in_its_place_with_its_words_and_state(self):
        self.adopt(SMALL.replace("III. FILTER", "VI. FILTER"), date(2026, 9, 1))
        saw(9)
        page = self.page()
        assert page.index("To be short.") < page.index("shout, or") < page.index("Block more.")
        beside = page[page.index('id="I"') : page.index('id="II"')]
        assert 'href="/ledger/I"' in beside and "Kept" in beside
        assert "not chosen here" in page[page.index("Block some.") : page.index("Block more.")]
        assert "/ledger/text#II" in Client().get("/ledger/II.1").content.decode()
        assert "/ledger/text" in Client().get("/ledger").content.decode()

    @pytest.mark.clause("XVII.C")
    def test_the_text_of_any_day_is_shown_without_todays_states_and_a_draft_never(self):
        self.adopt(SMALL, date(2026, 9, 1))
        self.adopt(SMALL.replace("shout", "whistle"), date(2026, 10, 1))
        board.import_text(actor=SYSTEM, file="draft.md", data=SMALL.replace("shout", "hum").encode(), at=NOON)
        saw(9)
        then = self.page(on="2026-09-30")
        assert "shout" in then and "whistle" not in then and "not the text of today" in then and "badge" not in then
        assert "whistle" in self.page() and "hum" not in self.page() + then
        assert "No text was in force on that day" in self.page(on="2026-08-31")
        assert "whistle" in self.page(on="yesterday")

    def test_a_long_text_costs_no_more_questions(self):
        empty = queries("/ledger/text")
        words = SMALL + "".join(f"\n- {number}. Rule {number}.\n" for number in range(1, 300))
        self.adopt(words, date(2026, 9, 1))
        assert queries("/ledger/text") <= empty + 2
