"""The board's pages: who opens them, and what they lead to."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from homeroom.base.actor import SYSTEM
from homeroom.board import actions, queries
from homeroom.board.models import Addendum, AdoptedText, ParameterValue, Review
from homeroom.kernel.policytext import findings
from homeroom.people import queries as people
from homeroom.site import messages
from tests.integration.board.files import SMALL, docx, paragraph

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = (
    "/board/texts",
    "/board/addenda",
    "/board/parameters",
    "/board/sources",
    "/board/review",
    "/board/parameters/policy-review",
)


@pytest.fixture
def client(town):
    return town.client("dana")


@pytest.fixture
def draft(client) -> AdoptedText:
    answer = client.post("/board/texts/add", {"file": SimpleUploadedFile("policy.md", SMALL.encode())})
    assert answer.status_code == 302
    return AdoptedText.objects.get()


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_officials_and_not_for_teachers(town, page):
    assert town.client("dana").get(page).status_code == 200
    assert town.client("kim").get(page).status_code == 200
    assert town.client("olsen").get(page).status_code == 403


@pytest.mark.clause("VI.Alt3.note.b")
def test_a_draft_goes_all_the_way_to_a_text_in_force(client, draft):
    day = people.today(timezone.now())
    page = f"/board/texts/{draft.pk}"
    steps = (
        ("choose", {"alternative": "3", "reason": "E-Rate serves our mission."}),
        ("notice", {"noticed_on": day - timedelta(days=40), "notice_where": "The Herald: Internet safety policy"}),
        ("hearing", {"hearing_on": day - timedelta(days=20), "minutes": "Item 7", "vote": "6 to 1"}),
        ("in-force", {"from_day": day}),
    )
    for step, said in steps:
        assert client.post(f"{page}/{step}", said).status_code == 302, step
    assert queries.in_force(day) == draft
    assert queries.alternative(day) == "3"
    assert "The Herald" in client.get(page).content.decode()


@pytest.mark.clause("VI.Alt3.note.b")
def test_alternative_3_without_a_hearing_is_refused_in_a_sentence(client, draft):
    day = people.today(timezone.now())
    client.post(f"/board/texts/{draft.pk}/choose", {"alternative": "3", "reason": "E-Rate."})
    answer = client.post(f"/board/texts/{draft.pk}/in-force", {"from_day": day})
    assert answer.status_code == 200 and "public notice" in answer.content.decode()
    assert queries.in_force(day) is None


def test_a_file_without_a_policy_is_refused_where_it_was_chosen(client):
    answer = client.post("/board/texts/add", {"file": SimpleUploadedFile("x.md", b"Dear parents")})
    assert answer.status_code == 200 and "no article" in answer.content.decode()


@pytest.mark.clause("524.title-note")
def test_a_person_corrects_the_tree(client, draft):
    page = f"/board/texts/{draft.pk}"
    rows = queries.rows(draft)
    place = next(n for n, row in enumerate(rows) if row.id == "II.A")
    client.post(f"{page}/clauses/{place}", {"id": "II.A", "words": "Nobody may:"})
    client.post(f"{page}/clauses/{place + 1}/add", {"id": "II.A.2", "words": "sing, or"})
    client.post(f"{page}/clauses/{place + 3}", {"id": "II.A.3", "words": "run."})
    mended = {row.id: row for row in queries.rows(draft)}
    assert mended["II.A.2"].words == "sing, or"
    assert mended["II.A.3"].lead_in == mended["II.A.1"].lead_in == "Nobody may:"
    client.post(f"{page}/clauses/{place + 2}/remove", {"reason": "Not adopted."})
    assert "II.A.2" not in {row.id for row in queries.rows(draft)}


@pytest.mark.clause("524.title-note")
def test_what_is_odd_is_said_in_the_readers_language(client):
    odd = docx(
        *(
            paragraph(each)
            for each in ("I. PURPOSE", "To be short.", "III. USES", "B. Sing.", "I. AGAIN", "[Never closed")
        ),
        paragraph("<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"),
    )
    client.post("/board/texts/add", {"file": SimpleUploadedFile("odd.docx", odd)})
    text = AdoptedText.objects.get()
    page = client.get(f"/board/texts/{text.pk}", headers={"accept-language": "es"}).content.decode()
    for words in (
        "III es el número 3 de su serie, pero se esperaba el 2; mire qué falta.",
        "I está dos veces en el texto: aquí y en la línea 1.",
        "Aquí se abre un corchete que no se cierra",
        "Supresiones con control de cambios en el archivo, que esta lectura omite: 1.",
    ):
        assert f'<span lang="es">{words}' in page
    for each in text.findings:
        assert each["sentence"] not in page
        assert each["sentence"] in client.get(f"/board/texts/{text.pk}").content.decode()
    AdoptedText.objects.update(findings=[{"line": 3, "sentence": "As it was kept before."}])
    page = client.get(f"/board/texts/{text.pk}", headers={"accept-language": "es"}).content.decode()
    assert '<span lang="en">As it was kept before.' in page


@pytest.mark.clause("524.title-note")
def test_what_a_person_corrected_is_odd_no_longer_and_what_they_made_odd_is_said(client):
    words = SMALL.replace("III. FILTER", "V. FILTER").replace("II. USES", "I. USES")
    client.post("/board/texts/add", {"file": SimpleUploadedFile("odd.md", words.encode())})
    text = AdoptedText.objects.get()
    page = f"/board/texts/{text.pk}"
    place = {row.title: number for number, row in enumerate(queries.rows(text))}

    def odd() -> list[str]:
        text.refresh_from_db()
        return [
            each["sentence"] for each in queries.odd(text) if "twice" in each["sentence"] or "row" in each["sentence"]
        ]

    assert [each.partition(" ")[0] for each in odd()] == ["I", "V"]
    assert client.post(f"{page}/clauses/{place['USES']}", {"id": "<II>", "title": "USES"}).status_code == 200
    client.post(f"{page}/clauses/{place['USES']}", {"id": "II", "title": "USES"})
    assert [each.partition(" ")[0] for each in odd()] == ["V"]
    client.post(f"{page}/clauses/{place['FILTER']}", {"id": "III", "title": "FILTER"})
    assert odd() == []
    client.post(f"{page}/clauses/{place['FILTER']}/add", {"id": "II", "words": "Once more."})
    assert [each.partition(" in")[0] for each in odd()] == ["II stands"]
    assert "II stands in the text twice" in client.get(page).content.decode()


@pytest.mark.parametrize("name", [each for each in vars(findings) if each.isupper()])
def test_each_finding_has_spanish_with_the_same_values(name):
    words = getattr(findings, name)
    with translation.override("es"):
        told = translation.gettext(words)
    assert told != words and set(re.findall(r"%\((\w+)\)s", told)) == set(re.findall(r"%\((\w+)\)s", words))


@pytest.mark.clause("524.title-note")
def test_articles_that_were_only_renumbered_are_told_and_taken_back_with_all_below_them(client, draft):
    actions.put_in_force(actor=SYSTEM, text=draft.pk, from_day=date(2026, 1, 1), at=timezone.now(), alternative="2")
    words = SMALL.replace("III. FILTER", "IV. FILTER").replace("II. USES", "II. TOOLS\n\nAsk first.\n\nIII. USES")
    client.post("/board/texts/add", {"file": SimpleUploadedFile("new.md", words.encode())})
    text = AdoptedText.objects.get(from_day=None)
    said = [each["sentence"] for each in text.findings]
    assert "III says what II says there." in said and "IV says what III says there." in said
    assert any("should be given its old id" in each for each in said)
    rows = queries.rows(text)
    place = next(n for n, row in enumerate(rows) if row.id == "III")
    compared = client.get(f"/board/texts/compare?a={draft.pk}&b={text.pk}").content.decode()
    assert "was II.A.1" in compared and "was III" in compared
    client.post(f"/board/texts/{text.pk}/clauses/{place - 1}", {"id": "I-A", "title": "TOOLS", "words": "Ask first."})
    client.post(f"/board/texts/{text.pk}/clauses/{place}", {"id": "II", "title": "USES"})
    ids = [row.id for row in queries.rows(text)]
    assert ids[:6] == ["I", "I-A", "II", "II.A", "II.A.1", "II.A.2"] and ids[6] == "IV"
    assert [each.id for each in queries.comparison(draft, text).changes][:1] == ["I-A"]


def test_a_text_in_force_is_not_corrected_any_more(client, draft):
    actions.put_in_force(actor=SYSTEM, text=draft.pk, from_day=date(2026, 1, 1), at=timezone.now(), alternative="2")
    answer = client.post(f"/board/texts/{draft.pk}/clauses/0", {"id": "I", "words": "Changed."})
    assert "only a draft" in answer.content.decode()


@pytest.mark.clause("XVII.A.1", "XVII.A.2")
def test_an_addendum_goes_from_a_file_to_the_policy(client):
    day = people.today(timezone.now())
    file = SimpleUploadedFile("loans.txt", b"Devices go home in a bag.")
    client.post("/board/addenda/add", {"kind": "guideline", "title": "Loans", "file": file})
    row = Addendum.objects.get()
    client.post(f"/board/addenda/{row.pk}/submit")
    client.post(f"/board/addenda/{row.pk}/approve", {"approved_on": day, "minutes": "Item 3", "effective_on": day})
    assert queries.effective_addendum("guideline:Loans", day) == row
    assert "Loans" in client.get("/board/addenda?state=approved").content.decode()
    assert "No addendum fits" in client.get("/board/addenda?q=zebra").content.decode()


@pytest.mark.clause("XVII.A.2")
def test_a_building_administrator_drafts_and_does_not_approve(town):
    client = town.client("okafor")
    file = SimpleUploadedFile("loans.txt", b"Devices go home in a bag.")
    client.post("/board/addenda/add", {"kind": "guideline", "title": "Loans", "file": file})
    row = Addendum.objects.get()
    assert client.post(f"/board/addenda/{row.pk}/submit").status_code == 302
    day = people.today(timezone.now())
    said = {"approved_on": day, "minutes": "Item 3", "effective_on": day}
    assert client.post(f"/board/addenda/{row.pk}/approve", said).status_code == 403


def test_a_number_is_set_from_a_day_on_with_its_source(client):
    day = people.today(timezone.now())
    said = {"value": 48, "from_day": day + timedelta(days=10), "reason": "The law changed.", "source": "Laws 2027"}
    page = "/board/parameters/device-emergency-notice/set"
    assert "Say where" in client.post(page, {**said, "source": ""}).content.decode()
    assert client.post(page, said).status_code == 302
    assert ParameterValue.objects.get().value == 48
    assert queries.parameter("device-emergency-notice", day) == 72
    assert queries.parameter("device-emergency-notice", day + timedelta(days=10)) == 48
    assert queries.rule("device-emergency-notice", day + timedelta(days=10)).length == 48


@pytest.mark.clause("XVII.D")
def test_a_review_is_begun_and_held(client, draft):
    actions.put_in_force(actor=SYSTEM, text=draft.pk, from_day=date(2026, 1, 2), at=timezone.now(), alternative="2")
    client.post("/board/review/begin")
    client.post("/board/review/begin")
    row = Review.objects.get()
    day = people.today(timezone.now())
    said = {"held_on": day, "outcome": "reaffirmed", "minutes": "Item 9"}
    assert client.post(f"/board/review/{row.pk}/close", said).status_code == 302
    assert queries.review_clock(day).begun == day


def test_two_texts_side_by_side(client, draft):
    other = actions.import_text(
        actor=SYSTEM, file="b.md", data=SMALL.replace("shout", "yell").encode(), at=timezone.now()
    )[0]
    page = client.get(f"/board/texts/compare?a={draft.pk}&b={other.pk}").content.decode()
    assert "1 clause differs" in page and "yell" in page
    assert "<del>shout,</del>" in page and "<ins>yell,</ins>" in page
    assert client.get("/board/texts/compare?a=1&b=x").status_code == 404


def test_a_refusal_is_said_in_the_language_of_whoever_reads_it(client, draft):
    messages.compile_all()
    said = {"from_day": "2026-12-15"}
    client.post(f"/board/texts/{draft.pk}/choose", {"alternative": "3", "reason": "It serves our mission."})
    page = client.post(f"/board/texts/{draft.pk}/in-force", said, headers={"accept-language": "es"}).content.decode()
    assert "La alternativa 3 entra en vigor solo después de un aviso público y una audiencia" in page
    page = client.post(f"/board/texts/{draft.pk}/in-force", said).content.decode()
    assert "Alternative 3 comes into force only after public notice and a hearing" in page


@pytest.mark.clause("VI.note1.c")
def test_a_first_day_is_taken_back_on_the_texts_page(client, town, draft):
    page, soon = f"/board/texts/{draft.pk}", people.today(timezone.now()) + timedelta(days=9)
    assert "Take its first day back" not in client.get(page).content.decode()
    client.post(f"{page}/choose", {"alternative": "2", "reason": "No federal money."})
    client.post(f"{page}/in-force", {"from_day": soon})
    assert "Take its first day back" in client.get(page).content.decode()
    assert town.client("olsen").post(f"{page}/take-back", {"reason": "No."}).status_code == 403
    assert client.post(f"{page}/take-back", {"reason": ""}).status_code == 200
    draft.refresh_from_db()
    assert draft.from_day == soon
    assert client.post(f"{page}/take-back", {"reason": "Put off."}).status_code == 302
    draft.refresh_from_db()
    assert draft.from_day is None and "Put in force" in client.get(page).content.decode()
