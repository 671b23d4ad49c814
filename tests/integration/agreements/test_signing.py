"""Signing: who may, what, and what follows from it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from homeroom.access.facts import standing_of
from homeroom.agreements import actions, queries
from homeroom.agreements.models import Filing, FormText, PaperRecord, Permission, Refusal, Signature, Slot
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from tests.integration.agreements.conftest import (
    STUDENT,
    TODAY,
    actor,
    approve,
    evidence,
    sign,
    sign_all_for_ben,
    slot,
)
from tests.town import NOON

pytestmark = pytest.mark.django_db


def codes(person: str = "ben", on=TODAY) -> set[str]:
    return {each.code for each in standing_of(person, on).missing}


def test_before_a_form_is_approved_nobody_is_asked_to_sign(town):
    actions.add_version(actor=actor("dana"), at=NOON, kind="student", words=STUDENT)
    assert not actions.follow_roster(actor=SYSTEM, at=NOON)
    assert standing_of("ben", TODAY).open


def test_places_open_for_the_student_the_parents_and_the_teacher(signing):
    held = Slot.objects.filter(agreement__person="ana").values_list("part", "holder_id")
    assert set(held) == {("student", "ana"), ("parent", "elena"), ("parent", "hugo"), ("teacher", "moua")}
    assert not actions.follow_roster(actor=SYSTEM, at=NOON), "the same twice changes nothing"


def test_whoever_is_of_age_signs_without_parents(signing):
    held = Slot.objects.filter(agreement__person="tou").values_list("part", "holder_id")
    assert set(held) == {("student", "tou"), ("teacher", "moua")}


@pytest.mark.clause("IX.C.5")
def test_the_network_opens_with_the_last_signature_in_any_order(signing):
    assert codes() == {"student-signature", "parent-signature", "teacher-signature"}
    sign("ben", "teacher", "olsen")
    assert codes() == {"student-signature", "parent-signature"}
    sign("ben", "parent", "rosa", language="es")
    assert not Filing.objects.exists()
    sign("ben", "student", "ben")
    assert standing_of("ben", TODAY).open
    assert Filing.objects.get().school_id == "birch"
    assert Permission.objects.get().by_id == "olsen"


def test_each_signature_is_an_entry_of_the_journal_without_a_name(signing):
    row = sign("ben", "parent", "rosa")
    entry = Entry.objects.get(verb="agreements.signed")
    assert (entry.subject, entry.clause, entry.data["text_sha256"]) == ("person:ben", "IX.C.2", row.text_sha256)
    assert "Rosa" not in str(entry.data)


def test_signing_twice_is_signing_once(signing):
    assert sign("ben", "parent", "rosa").pk == sign("ben", "parent", "rosa").pk
    assert Entry.objects.filter(verb="agreements.signed").count() == 1


def test_nobody_signs_in_anothers_place(signing):
    each = queries.to_sign_for(actor("rosa"), TODAY)[0]
    with pytest.raises(Refused, match="Only Rosa Haugen"):
        actions.sign(actor=actor("ben"), at=NOON, slot=each.slot, evidence=evidence(each.text("en")))
    with pytest.raises(Refused, match="Only Rosa Haugen"):
        actions.sign(actor=actor("kim"), at=NOON, slot=each.slot, evidence=evidence(each.text("en")))
    said = evidence(each.text("en"), method="in_person", detail="Kim Vang saw her driver's licence")
    assert actions.sign(actor=actor("kim"), at=NOON, slot=each.slot, evidence=said).signer_id == "rosa"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"typed_name": " "}, "Type your name"),
        ({"electronic": False}, "agree to sign electronically"),
        ({"intent": ""}, "mean to sign"),
        ({"detail": ""}, "identified"),
        ({"sha256": "0" * 64}, "not what is on file"),
        ({"text": 9999}, "changed while you read"),
        ({"drawing": b"x" * 300_000}, "too large"),
        ({"attested_by": "nobody"}, "not on record"),
    ],
)
def test_a_signature_without_its_evidence_is_refused(signing, more, said):
    each = queries.to_sign_for(actor("rosa"), TODAY)[0]
    values = {**vars_of(evidence(each.text("en"))), **more}
    with pytest.raises(Refused, match=said):
        actions.sign(actor=actor("rosa"), at=NOON, slot=each.slot, evidence=actions.Evidence(**values))
    assert not Signature.objects.exists()


def vars_of(value: actions.Evidence) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}


def test_a_child_who_cannot_write_assents_before_an_adult(signing):
    row = sign("ben", "student", "ben", typed_name="", attested_by="olsen")
    assert row.attested_by_id == "olsen"


def test_the_words_on_file_changed_behind_our_back_are_not_signed(signing):
    FormText.objects.filter(language="en", version__form="student").update(body="I may do anything.")
    with pytest.raises(Refused, match="not what is on file"):
        sign("ben", "parent", "rosa")


def test_the_database_refuses_to_change_a_signature(signing):
    row = sign("ben", "parent", "rosa")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Signature.objects.filter(pk=row.pk).update(typed_name="Somebody Else")


def test_a_small_revision_leaves_signatures_and_a_material_one_asks_again(signing):
    sign_all_for_ben()
    small = actions.add_version(actor=actor("dana"), at=NOON, kind="student", words=STUDENT, material=False)
    approve(small)
    assert standing_of("ben", TODAY).open
    large = actions.add_version(actor=actor("dana"), at=NOON, kind="student", words=STUDENT, changes="Phones.")
    assert standing_of("ben", TODAY).open, "not before the board approved it"
    approve(large)
    assert codes() == {"student-again", "parent-again", "teacher-again"}
    sign_all_for_ben()
    assert standing_of("ben", TODAY).open
    assert Signature.objects.filter(slot__agreement__person="ben").count() == 6


def test_a_parent_who_declines_closes_and_who_signs_later_opens(signing):
    sign_all_for_ben()
    with pytest.raises(Refused, match="few words"):
        actions.refuse(actor=actor("rosa"), at=NOON, slot=slot("ben", "parent", "rosa"), reason=" ")
    actions.refuse(actor=actor("rosa"), at=NOON, slot=slot("ben", "parent", "rosa"), reason="No screens for us.")
    assert codes() == {"parent-refused"}
    actions.take_back_refusal(actor=actor("rosa"), at=NOON, refusal=Refusal.objects.get())
    assert standing_of("ben", TODAY).open


def test_two_parents_one_signs_and_one_declines(signing):
    """The word of the one who declines counts until they take it back."""
    for part, holder in (("student", "ana"), ("parent", "elena"), ("teacher", "moua")):
        sign("ana", part, holder)
    assert standing_of("ana", TODAY).open
    actions.refuse(actor=actor("hugo"), at=NOON, slot=slot("ana", "parent", "hugo"), reason="I do not agree.")
    assert codes("ana") == {"parent-refused"}
    sign("ana", "parent", "hugo")
    assert standing_of("ana", TODAY).open


def test_paper_counts_once_a_second_pair_of_eyes_has_seen_it(signing):
    place = slot("ben", "parent", "rosa")
    each = queries.to_sign_for(actor("rosa"), TODAY)[0]
    paper = actions.record_paper(
        actor=actor("kim"), at=NOON, slot=place, version=each.version, language="es", name_on_paper="Rosa Haugen",
        signed_on=TODAY, scan="Binder 7b, sheet 4",
    )  # fmt: skip
    assert not Signature.objects.exists()
    with pytest.raises(Refused, match="Somebody else"):
        actions.confirm_paper(actor=actor("kim"), at=NOON, paper=paper)
    signature = actions.confirm_paper(actor=actor("okafor"), at=NOON, paper=paper)
    assert (signature.method, signature.text.language, signature.electronic) == ("paper", "es", False)
    assert PaperRecord.objects.get().checked_name == "Chidi Okafor"
    with pytest.raises(Refused, match="has looked"):
        actions.reject_paper(actor=actor("okafor"), at=NOON, paper=paper, reason="Unreadable")


def test_a_teacher_signs_for_the_whole_class_with_a_record_for_each_student(signing):
    each = queries.class_to_sign(actor("moua"), TODAY, "11c")
    assert [one.slot.agreement.person_id for one in each] == ["ana", "tou"]
    said = evidence(each[0].text("en"), "Kao Moua")
    actions.sign_all(actor=actor("moua"), at=NOON, signings=[(one.slot, said) for one in each])
    assert Signature.objects.count() == 2
    assert Entry.objects.filter(verb="agreements.signed").count() == 2
    assert all(one.signed for one in queries.class_to_sign(actor("moua"), TODAY))
    assert codes("tou") == {"student-signature"}


def test_a_household_is_signed_in_one_sitting(signing):
    assert [one.slot.agreement.person_id for one in queries.household(actor("rosa"), TODAY)] == ["ben"]
    assert queries.household(actor("ben"), TODAY) == []


def test_an_employee_signs_alone(signing):
    assert codes("kim") == {"employee-signature"}
    sign("kim", "employee", "kim")
    assert standing_of("kim", TODAY).open
