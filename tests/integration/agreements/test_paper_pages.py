"""Paper is equal: printed with a code, signed by hand, scanned, typed in by one, looked at by another."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from homeroom.agreements import actions, scanning
from homeroom.agreements.models import Filing, PaperRecord, Scan, Signature
from homeroom.base import paper, seal
from homeroom.base.actor import SYSTEM
from homeroom.journal.models import Entry
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import PaperCode
from tests.integration.agreements.pages import browser, open_today, sign_everybody, slot

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def signing(town, settings, tmp_path):
    cache.clear()
    settings.HOME = tmp_path
    return open_today(town)


def shown(answer) -> str:
    return answer.content.decode()


def agreement(person: str = "ben") -> int:
    return slot(person, "student", person).agreement_id


def printed(town, group: str = "7b") -> bytes:
    return browser(town, "kim").get(f"/papers/print?group={group}").content


def upload(town, data: bytes, who: str = "kim", **more):
    return browser(town, who).post("/papers", {"file": SimpleUploadedFile("scan.pdf", data), **more})


def typed(**more) -> dict[str, object]:
    """Ben and Rosa signed by hand."""
    sent: dict[str, object] = {"language": "en"}
    for part, holder, name in (("student", "ben", "Ben Haugen"), ("parent", "rosa", "R. Haugen")):
        pk = slot("ben", part, holder).pk
        sent |= {f"signed_{pk}": "on", f"name_{pk}": name, f"on_{pk}": timezone.localdate().isoformat()}
    return sent | more


def test_the_forms_of_a_class_are_one_tagged_pdf_with_a_code_for_each_student(signing):
    pdf = printed(signing)
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert read.open_metadata()["pdfuaid:part"] == "1"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "Ben Haugen" in text and "Rosa Haugen" in text and "Maja Olsen" in text and "Leah" not in text
    assert papercode.write(PaperCode(agreement(), 1)) in text
    assert [each.code for each in scanning.read(pdf)] == [PaperCode(agreement(), 1)]


def test_the_form_is_in_the_language_of_the_home_or_the_chosen_one(signing):
    pdf = browser(signing, "dana").get("/papers/print?group=11c&language=es").content
    assert "Usar la red" in "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    pdf = browser(signing, "dana").get("/papers/print?group=11c&language=so").content
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "not there in Soomaali yet" in text and "Using the network" in text


@pytest.mark.clause("IX.C.5")
def test_from_print_to_signature_with_two_pairs_of_eyes(signing):
    assert "One sheet came in" in shown(upload(signing, printed(signing)))
    scan = Scan.objects.get()
    kim, dana = browser(signing, "kim"), browser(signing, "dana")
    assert kim.get(f"/papers/scans/{scan.sha256}/1.png").content[:4] == b"\x89PNG"
    assert kim.post(f"/papers/scans/{scan.pk}", typed()).url == "/papers"
    assert not Signature.objects.exists(), "typed in, but nobody else has looked"
    for row in PaperRecord.objects.all():
        kim.post(f"/papers/check/{row.pk}", {"confirm": "1"})
        assert "You typed this in yourself" in shown(kim.get(f"/papers/check/{row.pk}"))
    assert not Signature.objects.exists()
    for row in PaperRecord.objects.all():
        assert f"/papers/scans/{scan.sha256}/1.png" in shown(dana.get(f"/papers/check/{row.pk}"))
        assert dana.post(f"/papers/check/{row.pk}", {"confirm": "1"}).url == "/papers"
    rosa = Signature.objects.get(signer="rosa")
    assert (rosa.method, rosa.electronic, rosa.typed_name) == ("paper", False, "R. Haugen")
    assert f"scan:{scan.sha256}" in rosa.detail
    assert "Nothing waits" in shown(kim.get("/papers"))


def test_the_second_pair_of_eyes_may_say_no(signing):
    upload(signing, printed(signing))
    browser(signing, "kim").post(f"/papers/scans/{Scan.objects.get().pk}", typed())
    row = PaperRecord.objects.first()
    browser(signing, "dana").post(f"/papers/check/{row.pk}", {"reject": "1", "reason": "No name can be read."})
    row.refresh_from_db()
    assert row.rejected == "No name can be read." and not Signature.objects.exists()


def test_what_is_missing_on_the_page_is_said(signing):
    upload(signing, printed(signing))
    scan = Scan.objects.get()
    kim, pk = browser(signing, "kim"), slot("ben", "parent", "rosa").pk
    assert "Tick at least one signature" in shown(kim.post(f"/papers/scans/{scan.pk}", {"language": "en"}))
    sent = typed(**{f"name_{pk}": " ", f"on_{pk}": ""})
    answer = shown(kim.post(f"/papers/scans/{scan.pk}", sent))
    assert "Type the name as it stands on the sheet" in answer and "Give the day" in answer
    future = typed(**{f"on_{pk}": "2099-01-01"})
    assert "still to come" in shown(kim.post(f"/papers/scans/{scan.pk}", future))
    assert not PaperRecord.objects.exists(), "all of it or nothing"


def test_a_sheet_that_cannot_be_used_is_set_aside_with_a_reason(signing):
    upload(signing, printed(signing))
    scan = Scan.objects.get()
    kim = browser(signing, "kim")
    assert kim.post(f"/papers/scans/{scan.pk}", {"aside": "1", "reason": ""}).status_code == 200
    kim.post(f"/papers/scans/{scan.pk}", {"aside": "1", "reason": "Nobody signed it."})
    assert Scan.objects.get().done_why == "Nobody signed it."
    assert kim.get(f"/papers/scans/{scan.pk}").status_code == 404


def test_the_same_scan_twice_is_one(signing):
    pdf = printed(signing)
    upload(signing, pdf)
    assert "was here already" in shown(upload(signing, pdf))
    assert Scan.objects.count() == 1


def test_a_page_without_a_readable_code_takes_a_typed_one(signing):
    other = paper.typeset("base/trial.typ", {"title": "Torn"}, at=timezone.now())
    assert "No code could be read" in shown(upload(signing, other))
    assert "slip in it" in shown(upload(signing, other, code=papercode.write(PaperCode(agreement(), 1))[:-1] + "Z"))
    upload(signing, other, code=papercode.write(PaperCode(agreement(), 1)).lower())
    assert Scan.objects.get().agreement_id == agreement()


def test_a_sheet_that_nobody_scanned_is_typed_in_by_its_code(signing):
    kim, code = browser(signing, "kim"), papercode.write(PaperCode(agreement(), 1))
    assert "slip in it" in shown(kim.get("/papers/sheet?code=00000-00001"))
    assert "nobody of your schools" in shown(
        kim.get(f"/papers/sheet?code={papercode.write(PaperCode(agreement('ana'), 1))}")
    )
    sent = typed()
    assert "Say where the sheet lies" in shown(kim.post(f"/papers/sheet?code={code}", sent))
    assert "Tick at least one" in shown(kim.post(f"/papers/sheet?code={code}", {"language": "en", "where": "Binder"}))
    assert kim.post(f"/papers/sheet?code={code}", sent | {"where": "Binder 3"}).url == "/papers"
    row = PaperRecord.objects.get(slot__part="parent")
    dana = browser(signing, "dana")
    assert "Binder 3" in shown(dana.get(f"/papers/check/{row.pk}"))
    dana.post(f"/papers/check/{row.pk}", {"confirm": "1"})
    assert Signature.objects.get().signer_id == "rosa"


def test_the_desk_and_the_print_do_not_ask_more_with_more_forms(signing):
    def count(url: str, who: str) -> int:
        client = browser(signing, who)
        client.get(url)
        with CaptureQueriesContext(connections["default"]) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    upload(signing, printed(signing), who="dana")
    few = count("/papers", "dana")
    upload(signing, browser(signing, "dana").get("/papers/print?group=11c").content, who="dana")
    upload(signing, printed(signing, "7a"), who="dana")
    assert Scan.objects.count() == 4 and count("/papers", "dana") == few
    assert count("/papers/print?group=11c", "dana") == count("/papers/print?group=7b", "dana"), "two students, one"


@pytest.mark.parametrize(
    ("data", "said"), [(b"hello", "neither a PDF nor a picture"), (b"%PDF-1.4 x", "damaged or locked")]
)
def test_a_bad_scan_gets_a_sentence(signing, data, said):
    assert said in shown(upload(signing, data)) and not Scan.objects.exists()


def test_a_sheet_of_another_school_is_not_taken(signing):
    pdf = browser(signing, "dana").get("/papers/print?group=11c").content
    assert "belongs to nobody of your schools" in shown(upload(signing, pdf))
    assert not Scan.objects.exists()
    assert browser(signing, "kim").get("/papers/print?group=11c").status_code == 404


def test_nobody_else_sees_a_scan(signing):
    upload(signing, printed(signing))
    scan = Scan.objects.get()
    for who in ("rosa", "ben", "olsen"):
        assert browser(signing, who).get(f"/papers/scans/{scan.pk}").status_code == 403, who
    assert Entry.objects.filter(verb="agreements.scan.taken", clause="IX.C.5").count() == 1


def test_every_page_of_a_scan_that_is_looked_at_is_written_down(signing):
    picture = Image.new("L", (600, 800), 255)
    out = io.BytesIO()
    picture.save(out, "PDF", save_all=True, append_images=[picture])
    code = papercode.write(PaperCode(agreement(), 1))
    upload(signing, out.getvalue(), code=code)
    scan = Scan.objects.get()
    assert scan.pages == 2
    assert browser(signing, "kim").get(f"/papers/scans/{scan.sha256}/2.png").status_code == 200
    entry = Entry.objects.filter(verb="agreements.paper.seen").latest("id")
    assert (entry.actor, entry.subject, entry.data["what"]) == ("kim", "person:ben", "scan")


def test_the_code_on_the_form_leads_to_the_scan_or_the_agreement(signing):
    code = papercode.write(PaperCode(agreement(), 1))
    kim = browser(signing, "kim")
    assert kim.get(f"/paper/{code}").url == f"/papers/of/{agreement()}"
    upload(signing, printed(signing))
    assert kim.get(f"/paper/{code}").url == f"/papers/scans/{Scan.objects.get().pk}"
    answer = kim.get("/paper/AAAA")
    assert answer.status_code == 404 and "a code on a form has 10" in shown(answer)


def check(data: bytes, client: Client | None = None):
    return (client or Client()).post("/verify", {"file": SimpleUploadedFile("form.pdf", data)})


def test_anybody_verifies_a_sealed_sheet_and_nothing_is_kept(signing, tmp_path):
    sign_everybody(signing)
    [sheet] = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=Filing.objects.get().agreement_id)
    from homeroom.agreements import sealing

    pdf = sealing.kept(sheet.sha256)
    files = sorted(path for path in tmp_path.rglob("*") if "cache" not in path.parts)
    page = shown(check(pdf))
    assert "The seal is ours" in page and "The very same file is on file here" in page
    assert "changed after it was sealed" in shown(check(pdf + b" "))
    assert "not a PDF" in shown(check(b"hello"))
    assert "Choose the PDF first" in shown(Client().post("/verify", {}))
    assert sorted(path for path in tmp_path.rglob("*") if "cache" not in path.parts) == files


def test_a_copy_is_sealed_but_not_on_file(signing):
    page = browser(signing, "kim").get(f"/papers/of/{agreement()}/0.pdf")
    assert seal.verify(page.content).ok
    said = shown(check(page.content))
    assert "The seal is ours" in said and "on file here" not in said


def test_a_large_file_and_many_files_are_refused(signing, monkeypatch):
    monkeypatch.setattr("homeroom.agreements.views.papers.LARGEST", 100)
    assert "is larger than" in shown(check(b"%PDF" + b"x" * 200))
    answer = check(b"%PDF" + b"x" * 100_000)
    assert answer.status_code == 413 and "is larger than" in shown(answer), "refused before it is read"
    client = Client(enforce_csrf_checks=True)
    for _ in range(61):
        answer = check(b"hello", client)
    assert "Too many files" in shown(answer)
