"""The pages of providers: public, register, contract, portal; who sees what; the CSV file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from homeroom.base.actor import Actor
from homeroom.journal.models import Entry
from homeroom.notices.models import Clock
from homeroom.people.models import Guardianship
from homeroom.providers import actions, csvfile, titles, vocabulary
from homeroom.providers.models import Contract, Inspection, OptOut, Provider
from homeroom.site import messages
from tests.integration.notices.conftest import approve
from tests.integration.providers.conftest import AT, DANA, PAPER, activated, contract, provider

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
CSV = (
    "name,product,gives_device,holds_data,used_for,data,rationale\n"
    "Maple,Mapletest,yes,yes,testing,name;assessment,Tests.\n"
)


@pytest.fixture
def now(monkeypatch):
    """The pages read the clock; these tests live in September 2026."""
    at = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    return at


def test_everybody_sees_who_holds_which_data_but_not_the_contract(town, now):
    row = activated()
    nobody = Client()
    assert "Readwell" in nobody.get("/providers").content.decode()
    page = nobody.get("/providers/readwell").content.decode()
    assert "Grades and marks" in page
    assert "agreement.pdf" not in page
    assert nobody.get(f"/providers/readwell/files/{row.files.first().pk}").status_code == 302


def test_what_is_in_review_is_not_public(town, now):
    contract(provider("Secretwell"))
    assert "Secretwell" not in Client().get("/providers").content.decode()
    assert Client().get("/providers/secretwell").status_code == 404


@pytest.mark.clause("XIII.D")
@pytest.mark.parametrize("who", ["rosa", "ben", "olsen", "kim"])
def test_parents_students_and_staff_read_the_contract_whole(town, now, who):
    file = activated().files.first()
    answer = town.client(who).get(f"/providers/readwell/files/{file.pk}")
    assert (answer.content, answer["Content-Type"]) == (PAPER, "application/pdf")
    assert "attachment" in answer["Content-Disposition"]
    assert Entry.objects.get(verb="providers.contract.shown").actor == who


def test_a_contract_in_review_opens_for_those_who_look_at_it_alone(town, now):
    address = f"/providers/readwell/files/{contract(provider()).files.first().pk}"
    assert [town.client(who).get(address).status_code for who in ("rosa", "ben", "olsen", "kim")] == [404] * 4
    assert [town.client(who).get(address).status_code for who in ("dana", "okafor")] == [200, 200]


@pytest.mark.clause("XIII.D")
def test_a_parent_asks_and_the_director_answers(town, now):
    activated()
    town.client("rosa").post("/providers/readwell/ask", {"wish": "On paper, please."})
    row = Inspection.objects.get()
    dana = town.client("dana")
    assert "Rosa Haugen" in dana.get("/register/requests").content.decode()
    refused = dana.post(f"/register/requests/{row.pk}", {"answer": "It is a secret.", "denied": "on"}).content.decode()
    assert "Name the statute" in refused
    dana.post(f"/register/requests/{row.pk}", {"answer": "Mailed to her today."})
    row.refresh_from_db()
    assert row.answered_by == "dana"


@pytest.mark.clause("XIII.D")
def test_what_a_parent_adds_while_waiting_reaches_the_district(town, now):
    activated()
    rosa = town.client("rosa")
    for wish in ("On paper, please.", "On paper, please.", "And in Spanish.", ""):
        rosa.post("/providers/readwell/ask", {"wish": wish})
    row = Inspection.objects.get()
    assert row.wish == "On paper, please.\nAnd in Spanish."
    rosa.post("/providers/readwell/ask", {"wish": "No\x00text"})
    for number in range(4):
        page = rosa.post("/providers/readwell/ask", {"wish": f"{number}" * 2000}, follow=True).content.decode()
    assert "You wrote enough for one request" in page
    row.refresh_from_db()
    assert len(row.wish) < 6000 and "text" not in row.wish


@pytest.mark.clause("XIII.D")
def test_what_a_parent_asked_by_phone_is_entered_and_the_parent_sees_the_answer(town, now):
    row = activated()
    dana = town.client("dana")
    assert 'href="/register/requests/enter"' in dana.get("/register/requests").content.decode()
    said = {"person": "Rosa Haugen", "contract": row.pk, "wish": "She wants it on paper."}
    assert dana.post("/register/requests/enter", said).status_code == 302
    asked = Inspection.objects.get()
    assert (asked.person_id, asked.wish) == ("rosa", "She wants it on paper.")
    assert Clock.objects.get(about=f"inspection:{asked.pk}").runs
    rosa = town.client("rosa")
    assert "has not answered yet" in rosa.get("/providers/readwell").content.decode()
    dana.post(f"/register/requests/{asked.pk}", {"answer": "Mailed to her today."})
    assert "Mailed to her today." in rosa.get("/providers/readwell").content.decode()
    assert "Mailed to her" not in town.client("ben").get("/providers/readwell").content.decode()


def test_who_may_only_look_at_requests_sees_no_link_to_answer_them(town, now):
    actions.ask_inspection(actor=Actor(id="rosa", name="Rosa Haugen"), at=now, contract=activated())
    page = town.client("okafor").get("/register/requests").content.decode()
    assert "Rosa Haugen" in page and "/register/requests/" not in page
    assert town.client("okafor").get("/register/requests/enter").status_code == 403
    assert "Nothing fits" in town.client("dana").get("/register/requests?q=Nobody").content.decode()
    taken = b"".join(town.client("dana").get("/register/requests?format=csv&q=haugen")).decode()
    assert "Rosa Haugen" in taken and Entry.objects.filter(verb="journal.list.taken").count() == 1


def test_a_parents_word_about_advertising_on_paper_reaches_the_list_for_the_provider(town, now):
    row = contract(provider("Adwell", advertising=True))
    Contract.objects.filter(pk=row.pk).update(state="active")
    dana, page = town.client("dana"), f"/register/contracts/{row.pk}/no-advertising"
    assert page in dana.get(f"/register/contracts/{row.pk}").content.decode()
    dana.post(f"{page}/enter", {"student": "ben", "wish": "none", "heard": "His mother, by letter"})
    assert "Ben Haugen" in dana.get(page).content.decode()
    assert "ben,Ben Haugen" in b"".join(dana.get(f"{page}?format=csv")).decode()
    assert Entry.objects.get(verb="providers.advertising.opted-out").reason == "His mother, by letter"
    dana.post(f"{page}/enter", {"student": "ben", "wish": "back", "heard": "His mother, by phone"})
    assert "Ben Haugen" not in dana.get(page).content.decode()
    assert town.client("okafor").get(page).status_code == 403


def test_a_contract_that_shows_no_advertising_has_no_such_list(town, now):
    row = activated()
    assert town.client("dana").get(f"/register/contracts/{row.pk}/no-advertising").status_code == 404


def test_parents_and_students_find_the_providers_by_themselves(town, now):
    for who, leads in (("rosa", True), ("ben", True), ("olsen", False)):
        assert ('href="/providers"' in town.client(who).get("/my/notices").content.decode()) is leads


def test_a_parent_opts_out_for_her_own_child_and_no_other(town, now):
    if not Guardianship.objects.filter(guardian="rosa", child="ben").exists():
        Guardianship.objects.create(
            guardian=town.rosa, child=town.ben, relationship="parent", first_day=date(2020, 9, 1)
        )
    row = contract(provider("Adwell", advertising=True))
    Contract.objects.filter(pk=row.pk).update(state="active")
    rosa = town.client("rosa")
    assert rosa.post("/providers/adwell/advertising", {"child": "leah"}).status_code == 404
    rosa.post("/providers/adwell/advertising", {"child": "ben"})
    assert OptOut.objects.get().student_id == "ben"


@pytest.mark.parametrize("who", ["olsen", "kim", "rosa", "ben"])
def test_the_register_is_for_those_who_answer_for_it(town, now, who):
    client = town.client(who)
    activated()
    for path in ("/register", "/register/of/readwell", "/register/contracts/1", "/register/notice", "/register/load"):
        assert client.get(path).status_code == 403, path


def test_an_administrator_looks_but_changes_nothing(town, now):
    row = contract(provider())
    okafor = town.client("okafor")
    assert okafor.get(f"/register/contracts/{row.pk}").status_code == 200
    assert okafor.get(f"/register/contracts/{row.pk}/activate").status_code == 403


@pytest.mark.clause("XIII.E.0")
def test_a_contract_goes_from_the_first_page_to_active_in_the_browser(town, now):
    dana = town.client("dana")
    dana.post("/register/add", {"name": "Readwell", "domains": "app.readwell.test, readwell.test"})
    assert Provider.objects.get().domains == ["app.readwell.test", "readwell.test"]
    dana.post("/register/of/readwell/classify", {
        "gives_device": "on", "holds_data": "on", "used_for": "curriculum", "data": ["name"], "rationale": "Accounts.",
    })  # fmt: skip
    url = dana.post("/register/of/readwell/contracts/add", {"title": "Agreement", "starts_on": "2026-08-01"}).url
    assert "The contract itself is not on file" in dana.get(url).content.decode()
    dana.post(f"{url}/file", {"kind": "contract", "file": SimpleUploadedFile("a.pdf", PAPER)})
    said = dana.post(f"{url}/terms/safeguards", {"outcome": "meets", "page": "", "quotation": ""}).content.decode()
    assert "a tick proves nothing" in said
    assert "These terms are not shown" in dana.post(f"{url}/activate").content.decode()
    file = Contract.objects.get().files.get()
    from homeroom.providers import vocabulary

    for term in vocabulary.terms():
        dana.post(f"{url}/terms/{term.id}", {
            "outcome": "meets", "file": file.pk, "page": "3", "quotation": "The vendor promises this.",
        })  # fmt: skip
    assert dana.post(f"{url}/activate").status_code == 302
    assert "Readwell" in Client().get("/providers").content.decode()


@pytest.mark.parametrize("name, content, said", [
    ("a.exe", b"MZ", "is no document"), ("a.pdf", b"hello", "damaged or something else"), ("a.pdf", b" ", "damaged"),
])  # fmt: skip
def test_a_file_that_is_no_document_is_refused_and_nothing_stays(town, now, home, name, content, said):
    row = contract(provider(), paper=False)
    answer = town.client("dana").post(
        f"/register/contracts/{row.pk}/file", {"kind": "contract", "file": SimpleUploadedFile(name, content)}
    )
    assert said in answer.content.decode()
    assert list((home / "contracts").glob("*")) == []


def test_html_of_a_vendor_is_never_shown_as_a_page_of_ours(town, now):
    row = activated()
    file = actions.add_file(
        actor=DANA, at=AT, contract=row, kind="terms", name="terms.html", pieces=[b"<script>1</script>"]
    )
    answer = town.client("rosa").get(f"/providers/readwell/files/{file.pk}")
    assert answer["Content-Type"] == "application/octet-stream"


class TestTheCsvFile:
    def send(self, town, text: str | bytes):
        content = text.encode() if isinstance(text, str) else text
        return town.client("dana").post("/register/load", {"file": SimpleUploadedFile("r.csv", content)})

    def test_it_comes_in_and_the_second_time_changes_nothing(self, town, now):
        self.send(town, CSV)
        row = Provider.objects.get()
        assert (row.product, row.data, row.classified_by) == ("Mapletest", ["assessment", "name"], "dana")
        before = Entry.objects.count()
        self.send(town, CSV)
        assert Entry.objects.count() == before

    def test_it_comes_out_as_it_can_come_in(self, town, now):
        self.send(town, CSV)
        text = b"".join(town.client("dana").get("/register?format=csv").streaming_content)
        found = csvfile.read(text)
        assert found.problems == []
        assert found.rows[0]["data"] == ["assessment", "name"]

    @pytest.mark.parametrize("between", [";", "\t"])
    def test_a_spreadsheet_that_parts_cells_otherwise_is_read_too(self, between):
        given = io.StringIO(newline="")
        csv.writer(given, delimiter=between).writerows(csv.reader(io.StringIO(CSV)))
        found = csvfile.read(given.getvalue().encode())
        assert found.problems == [] and found.rows == csvfile.read(CSV.encode()).rows

    @pytest.mark.parametrize("text, said", [
        (CSV.replace("testing", "fun"), "line 2, used_for"),
        (CSV.replace("yes,yes", "yes,maybe"), "line 2, holds_data"),
        (CSV.replace("name;assessment", "shoe size"), "line 2, data"), ("product\nx\n", "no column “name”"),
        (CSV.replace("name;assessment", ""), "Choose at least one kind of data"), (b"\xff\xfe\x00", "not in UTF-8"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_with_its_line_and_nothing_changes(self, town, now, text, said):
        from html import unescape

        page = unescape(self.send(town, text).content.decode())
        assert said.partition(",")[0] in page and said.rpartition(", ")[2] in page
        assert not Provider.objects.exists()


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(content):
    csvfile.read(content)
    csvfile.read(b"name,data\n" + content)


def test_pages_ask_no_more_with_more_providers(town, now):
    dana, costs = town.client("dana"), []
    for start in (0, 5):
        for n in range(start, start + 5):
            activated(f"Product {n}")
        pages = []
        for path in ("/providers", "/register"):
            with CaptureQueriesContext(connection) as asked:
                dana.get(path)
            pages.append(len(asked))
        costs.append(pages)
    assert costs[0] == costs[1]


def test_the_notice_is_planned_from_what_is_active(town, now):
    activated()
    dana = town.client("dana")
    assert "Grades and marks" in dana.get("/register/notice").content.decode()
    answer = dana.post("/register/notice", {
        "first_day": "2026-09-08", "contact": "Technology office, 555-0100", "inspection": "Sign in.",
    })  # fmt: skip
    assert answer.status_code == 302


def test_the_made_up_providers_move_in(town, now):
    from homeroom.providers import made_up

    approve("providers")  # three weeks and more before, as in the demonstration
    made_up.move_in(actor=DANA, at=AT + timedelta(days=30), say=lambda text: None)
    assert {row.state for row in Contract.objects.all()} == {"active", "review"}


def test_kinds_of_data_are_said_in_the_readers_language(town, now):
    """In English as the vocabulary has them, in Spanish each in other words."""
    assert titles.elements() == vocabulary.titles()
    with translation.override("es"):
        said = titles.elements()
    assert not [id for id, title in said.items() if title == vocabulary.titles()[id]]
    activated()
    page = Client(HTTP_ACCEPT_LANGUAGE="es").get("/providers/readwell").content.decode()
    assert "Notas y calificaciones" in page and "Grades and marks" not in page


def test_what_is_refused_to_an_official_is_said_in_their_language(town, now):
    """The terms keep their names as the district wrote them; the sentence around them is Spanish."""
    messages.compile_all()
    row = contract(provider())
    client = town.client("dana")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    page = client.post(f"/register/contracts/{row.pk}/activate", {}).content.decode()
    assert "Estas cláusulas no se muestran con página y palabras" in page
    assert "These terms are not shown" not in page and "The contract itself is not on file" not in page
    page = client.get("/register/of/readwell/classify").content.decode()
    assert "Notas y calificaciones" in page and "Grades and marks" not in page
