"""Signing page by page: a parent on a phone, a student, an employee, a class, a child who cannot write."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from homeroom.agreements import actions, sealing
from homeroom.agreements.models import Filing, Refusal, SealedPaper, Signature, Sitting
from homeroom.base import seal
from homeroom.base.actor import SYSTEM
from homeroom.journal.models import Entry
from tests.integration.agreements import conftest as kit
from tests.integration.agreements.pages import begin, browser, fields, open_today, sign, sign_everybody, sitting, slot

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def signing(town, settings, tmp_path):
    settings.HOME = tmp_path
    return open_today(town)


def shown(answer) -> str:
    return answer.content.decode()


@pytest.mark.clause("IX.C.2")
def test_a_parent_signs_for_each_child_in_one_sitting_with_one_act_each(signing):
    rosa = browser(signing, "rosa")
    assert "2 forms wait" in shown(rosa.get("/sign"))
    begin(rosa)
    ben, leah = slot("ben", "parent", "rosa"), slot("leah", "parent", "rosa")
    words = shown(rosa.get(f"/sign/{ben.pk}"))
    assert "I tell an adult when something goes wrong." in words and "<details" not in words
    answer = sign(rosa, leah)
    assert answer.url == f"/sign/{ben.pk}", "the next child"
    again = shown(rosa.get(f"/sign/{ben.pk}"))
    assert "<details" in again and 'value="Rosa Haugen"' in again, "the same words need not be scrolled through again"
    answer = sign(rosa, ben)
    assert answer.url == f"/sign/done/{sitting().pk}"
    assert Signature.objects.filter(signer="rosa").count() == 2
    assert Entry.objects.filter(verb="agreements.signed").count() == 2
    copy = shown(rosa.get(answer.url))
    assert "Ben Haugen" in copy and "Leah Farah" in copy


def test_the_evidence_says_who_how_what_when_where_and_that_it_was_meant(signing):
    rosa = browser(signing, "rosa")
    begin(rosa)
    rosa.post(
        f"/sign/{slot('ben', 'parent', 'rosa').pk}",
        fields(slot("ben", "parent", "rosa"), name="  Rosa   Haugen ", drawn="[[10,10,20,20],[5,5]]"),
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile"}, REMOTE_ADDR="10.1.2.3",
    )  # fmt: skip
    row = Signature.objects.get()
    assert (row.signer_id, row.typed_name, row.electronic, row.text_sha256) == (
        "rosa", "Rosa Haugen", True, row.text.sha256,
    )  # fmt: skip
    assert "r…@lake.test" in row.detail and "10.1.2.3" in row.detail and "a phone" in row.detail
    assert row.intent == "I have read “Using the network”. I mean to sign it for Ben Haugen by typing my name."
    assert row.place.startswith("Your school district, http")
    assert bytes(row.drawing).startswith(b"<svg") and b"M10 10L20 20" in bytes(row.drawing)
    assert sitting().consented_at <= row.signed_at
    assert Entry.objects.filter(verb="agreements.sitting.begun", subject="person:rosa").count() == 1


def test_nothing_is_signed_before_the_agreement_to_sign_electronically(signing):
    rosa = browser(signing, "rosa")
    answer = sign(rosa, slot("ben", "parent", "rosa"))
    assert answer.url == "/sign/how" and not Signature.objects.exists()
    assert "Paper is just as good" in shown(rosa.get("/sign/how"))


def test_paper_is_offered_and_printed_by_the_family_itself(signing):
    rosa = browser(signing, "rosa")
    agreement = slot("ben", "parent", "rosa").agreement_id
    assert f"/papers/print/{agreement}.pdf" in shown(rosa.get("/sign/paper"))
    assert rosa.get(f"/papers/print/{agreement}.pdf").content[:4] == b"%PDF"
    assert rosa.get(f"/papers/print/{slot('ana', 'parent', 'elena').agreement_id}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "Type your name"), ({"means": ""}, "Tick the box"),
        ({"sha256": "0" * 64}, "What was shown is not what is on file"), ({"text": 999}, "have changed while you read"),
        ({"drawn": "[[1,"}, "drawing did not arrive"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_signed(signing, change, said):
    rosa = browser(signing, "rosa")
    begin(rosa)
    answer = sign(rosa, slot("ben", "parent", "rosa"), **change)
    assert answer.status_code == 200 and said in shown(answer)
    assert not Signature.objects.exists()


def test_a_form_edited_while_somebody_reads_is_read_again(signing):
    rosa = browser(signing, "rosa")
    begin(rosa)
    old = fields(slot("ben", "parent", "rosa"))
    newer = (kit.Words("en", "Using the network", "Other words."),)
    kit.approve(
        actions.add_version(actor=kit.actor("dana"), at=timezone.now(), kind="student", words=newer), timezone.now()
    )
    answer = rosa.post(f"/sign/{slot('ben', 'parent', 'rosa').pk}", old)
    assert "have changed while you read" in shown(answer) and "Other words." in shown(answer)
    assert not Signature.objects.exists()


def test_nobody_reaches_anothers_form_or_copy(signing):
    rosa, elena = browser(signing, "rosa"), browser(signing, "elena")
    begin(rosa)
    sign(rosa, slot("ben", "parent", "rosa"))
    begin(elena)
    ben, mine = slot("ben", "parent", "rosa").pk, f"/sign/done/{rosa.session['signing_sitting']}"
    for url in (f"/sign/{ben}", f"/sign/{ben}/decline", mine, f"{mine}/receipt.pdf"):
        assert elena.get(url).status_code == 404, url
    assert Client().get("/sign").url.startswith("/account/sign-in")


def test_the_chosen_language_is_shown_and_signed_and_english_where_there_is_none(signing):
    elena = browser(signing, "elena")
    page = shown(elena.get("/sign"))
    assert page.index("Español") < page.index("Soomaali"), "the home language comes first"
    begin(elena, "es")
    assert "Usar la red" in shown(elena.get(f"/sign/{slot('ana', 'parent', 'elena').pk}"))
    sign(elena, slot("ana", "parent", "elena"), language="es", name="Elena Morales")
    assert Signature.objects.get().text.language == "es"
    mai = browser(signing, "hugo")
    begin(mai, "so")
    page = shown(mai.get(f"/sign/{slot('ana', 'parent', 'hugo').pk}"))
    assert "not there in Soomaali yet" in page and "Using the network" in page


@pytest.mark.clause("IX.C.2")
def test_declining_asks_for_a_reason_and_can_be_taken_back_by_signing(signing):
    rosa = browser(signing, "rosa")
    begin(rosa)
    ben = slot("ben", "parent", "rosa")
    assert "Say in a few words why" in shown(rosa.post(f"/sign/{ben.pk}/decline", {"reason": " "}))
    rosa.post(f"/sign/{ben.pk}/decline", {"reason": "We want no network at home."})
    assert Refusal.objects.get().reason == "We want no network at home."
    assert "that is taken back" in shown(rosa.get(f"/sign/{ben.pk}"))
    sign(rosa, ben)
    assert Refusal.objects.get().taken_back_on is not None


@pytest.mark.clause("IX.C.1")
def test_a_student_signs_their_own(signing):
    ben = browser(signing, "ben")
    begin(ben)
    answer = sign(ben, slot("ben", "student", "ben"), name="Ben Haugen")
    assert answer.url.startswith("/sign/done/")
    assert Signature.objects.get().signer_id == "ben"


@pytest.mark.clause("IX.C.4")
def test_an_employee_signs_the_form_for_employees(signing):
    kim = browser(signing, "kim")
    begin(kim)
    assert "Using the network at work" in shown(kim.get(f"/sign/{slot('kim', 'employee', 'kim').pk}"))
    sign(kim, slot("kim", "employee", "kim"), name="Kim Vang")
    assert Filing.objects.get().school_id == "birch"


@pytest.mark.clause("IX.C.3")
def test_a_teacher_signs_for_a_class_in_one_sitting_with_one_record_each(signing):
    olsen = browser(signing, "olsen")
    place = slot("ben", "teacher", "olsen")
    page = shown(olsen.get("/sign/class/7b"))
    assert "Ben Haugen" in page and "Leah" not in page
    sent = {**fields(place, name="Maja Olsen"), "students": [place.pk], "permit": "on"}
    assert olsen.post("/sign/class/7b", sent).url == "/sign/class/7b"
    row = Signature.objects.get()
    assert row.intent.startswith("I have read “Using the network”. I supervise Ben Haugen")
    assert Sitting.objects.get().signatures == [row.pk]
    assert "every student of this class" in shown(olsen.get("/sign/class/7b"))
    assert olsen.get("/sign/class/7a").status_code == 404, "another teacher's class"


def test_students_who_are_not_ticked_stay_unsigned(signing):
    olsen, place = browser(signing, "olsen"), slot("ben", "teacher", "olsen")
    answer = olsen.post("/sign/class/7b", fields(place, name="Maja Olsen"))
    assert "Tick at least one student" in shown(answer) and not Signature.objects.exists()
    foreign = slot("leah", "teacher", "lind")
    answer = olsen.post("/sign/class/7b", {**fields(place, name="Maja Olsen"), "students": [foreign.pk]})
    assert answer.status_code == 200 and not Signature.objects.exists()


@pytest.mark.clause("IX.C.1")
def test_a_child_who_cannot_write_agrees_before_an_adult(signing):
    olsen, place = browser(signing, "olsen"), slot("ben", "student", "ben")
    sent = fields(place) | {"how": "mark"}
    assert olsen.post(f"/sign/{place.pk}/assent", sent).status_code == 302
    row = Signature.objects.get()
    assert (row.typed_name, row.attested_by_id, row.method) == ("", "olsen", "in_person")
    assert "made a mark" in row.detail and "read out to Ben Haugen" in row.intent
    assert browser(signing, "lind").get(f"/sign/{place.pk}/assent").status_code == 404, "not their student"


def test_the_copy_goes_out_by_mail_once_sealed_and_with_the_words(signing):
    rosa = browser(signing, "rosa")
    begin(rosa)
    sign(rosa, slot("ben", "parent", "rosa"))
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 0, "the sitting is not over yet"
    rosa.get(f"/sign/done/{sitting().pk}")
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 1
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 0
    rosa.get(f"/sign/done/{sitting().pk}")
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 0, "looking again sends nothing again"
    [letter] = mail.outbox
    assert letter.to == ["rosa@lake.test"] and "Ben Haugen" in letter.body
    pdf = letter.attachments[0][1]
    assert seal.verify(pdf).ok
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "I tell an adult when something goes wrong." in text and "Rosa Haugen" in text


def test_a_mail_server_that_is_down_is_tried_again(signing, monkeypatch):
    rosa = browser(signing, "rosa")
    begin(rosa)
    sign(rosa, slot("ben", "parent", "rosa"))
    rosa.get(f"/sign/done/{sitting().pk}")
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(ConnectionError("down"))
    )
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 0
    assert sitting().mailed_at is None and sitting().mail_due > timezone.now()


def test_a_copy_for_what_is_no_address_is_not_tried_for_ever(signing, monkeypatch):
    rosa = browser(signing, "rosa")
    begin(rosa)
    sign(rosa, slot("ben", "parent", "rosa"))
    rosa.get(f"/sign/done/{sitting().pk}")
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(ValueError("two")))
    assert actions.send_receipts(actor=SYSTEM, at=timezone.now()) == 0
    assert sitting().mailed_at is None and sitting().mail_due is None


def test_the_receipt_is_a_sealed_pdf_in_the_readers_language(signing):
    elena = browser(signing, "elena")
    begin(elena, "es")
    sign(elena, slot("ana", "parent", "elena"), language="es", name="Elena Morales", drawn="[[1,1,100,100]]")
    pdf = elena.get(f"/sign/done/{sitting().pk}/receipt.pdf").content
    assert seal.verify(pdf).ok
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.Root.Lang).startswith("es") and read.open_metadata()["pdfuaid:part"] == "1"


@pytest.mark.clause("IX.C.5", "IX.C.6")
def test_the_filed_agreement_is_sealed_once_and_a_new_teachers_signature_is_attached(signing):
    sign_everybody(signing)
    agreement = Filing.objects.get().agreement
    [original] = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=agreement.pk)
    before = sealing.kept(original.sha256)
    assert seal.verify(before).reason == f"Agreement {agreement.pk} of Ben Haugen"
    kit_enrol_new_teacher(signing)
    place = slot("ben", "teacher", "lind")
    browser(signing, "lind").post(
        "/sign/class/7b", {**fields(place, name="Per Lind"), "students": [place.pk], "permit": "on"}
    )
    sheets = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=agreement.pk)
    assert [each.attachment and each.attachment.signer_id for each in sheets] == [None, "lind"]
    assert sheets[0].sha256 == original.sha256 and sealing.kept(original.sha256) == before
    attached = pypdfium2.PdfDocument(sealing.kept(sheets[1].sha256))[0].get_textpage().get_text_range()
    assert original.sha256 in attached.replace("\r\n", "") and "Per Lind" in attached
    assert actions.seal_filed(actor=SYSTEM, at=timezone.now()) == 0 and SealedPaper.objects.count() == 2


def kit_enrol_new_teacher(town) -> None:
    """Lind takes over class 7b from today."""
    from homeroom.people import actions as people
    from homeroom.people.models import Enrolment

    now = timezone.now()
    today = timezone.localdate()
    Enrolment.objects.filter(group="7b", role="teacher").update(last_day=today.fromordinal(today.toordinal() - 1))
    people.enrol_all(
        actor=SYSTEM, places=[people.PlaceIn(person="lind", group="7b", role="teacher", primary=True, first_day=today)],
        at=now,
    )  # fmt: skip
    actions.follow_roster(actor=SYSTEM, at=now)


@pytest.mark.clause("IX.C.5")
def test_what_is_filed_is_sealed_by_the_clock(signing):
    sign_everybody(signing)
    assert actions.seal_filed(actor=SYSTEM, at=timezone.now()) == 1
    assert actions.seal_filed(actor=SYSTEM, at=timezone.now()) == 0
    assert Entry.objects.filter(verb="agreements.sealed", clause="IX.C.5").count() == 1


def test_who_may_open_the_sealed_sheets_and_who_looked_is_written_down(signing):
    sign_everybody(signing)
    pk = Filing.objects.get().agreement_id
    for who, status in (("rosa", 200), ("ben", 200), ("kim", 200), ("olsen", 200), ("elena", 404), ("lind", 404),
                        ("leah", 404)):  # fmt: skip
        answer = browser(signing, who).get(f"/papers/of/{pk}")
        assert answer.status_code == status, who
    sheet = SealedPaper.objects.get()
    pdf = browser(signing, "rosa").get(f"/papers/of/{pk}/{sheet.pk}.pdf")
    assert seal.verify(pdf.content).ok
    seen = set(Entry.objects.filter(verb="agreements.paper.seen").values_list("actor", flat=True))
    assert seen == {"rosa", "kim", "olsen"}, "not Ben, whose own it is"
    assert browser(signing, "elena").get(f"/papers/of/{pk}/{sheet.pk}.pdf").status_code == 404


def test_a_sealed_sheet_lost_from_the_disk_is_said(signing):
    sign_everybody(signing)
    pk = Filing.objects.get().agreement_id
    [sheet] = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=pk)
    (sealing.folder() / f"{sheet.sha256}.pdf").write_bytes(b"changed")
    answer = browser(signing, "kim").get(f"/papers/of/{pk}/{sheet.pk}.pdf")
    assert answer.status_code == 409 and "missing on this machine" in shown(answer)


def test_pages_do_not_ask_more_with_more_children(signing):
    def count(url: str, client: Client) -> int:
        client.get(url)
        with CaptureQueriesContext(connections["default"]) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    rosa, elena = browser(signing, "rosa"), browser(signing, "elena")
    assert count("/sign", rosa) == count("/sign", elena), "two children, one child"


def test_forms_cannot_be_forged_from_elsewhere(signing):
    client = Client(enforce_csrf_checks=True)
    client.force_login(signing.bare_account("rosa"))
    assert client.post("/sign/how").status_code == 403
