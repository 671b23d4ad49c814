"""Bad days of agreements: moved twice in a day, one mailbox for two parents, two districts' files, a lost seal."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from homeroom.access import actions as access
from homeroom.access.facts import standing_of
from homeroom.agreements import actions, queries, sealing
from homeroom.agreements.actions import Words
from homeroom.agreements.models import Agreement, Filing, Method, Refusal, Signature, Slot
from homeroom.agreements.queries import office
from homeroom.base import seal
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.base.seal import keys
from homeroom.people import actions as people
from homeroom.people import roster_actions
from homeroom.people.models import Enrolment, Guardianship, Person
from tests.integration.agreements import conftest as kit
from tests.integration.agreements import pages
from tests.integration.agreements.conftest import TODAY, sign_all_for_ben
from tests.integration.test_roster import user, write
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
ONE = timedelta(days=1)


def codes(on: date = TODAY, who: str = "ben") -> list[str]:
    return [each.code for each in standing_of(who, on).missing]


def evidence_of(who: str) -> list[tuple]:
    """What the rows of somebody's signatures hold, to see that none was touched."""
    fields = ("pk", "slot_id", "signer_id", "text_sha256", "attached_to_id", "on", "signed_at", "typed_name")
    return list(Signature.objects.filter(slot__agreement__person=who).order_by("pk").values_list(*fields))


# A student is moved twice in a day


def move(group: str, at) -> None:
    """Ben is in another class from this day on, as a roster writes it: what began today is written over."""
    day = timezone.localdate(at)
    mine = Enrolment.objects.filter(person="ben", role="student")
    if not mine.filter(first_day=day).update(group_id=group):
        mine.filter(last_day=None).update(last_day=day - ONE)
        place = people.PlaceIn(person="ben", group=group, role="student", first_day=day)
        people.enrol_all(actor=SYSTEM, places=[place], at=at)
    actions.follow_roster(actor=SYSTEM, at=at)


def waits() -> set[tuple[str, str]]:
    """Who is asked to sign for Ben, as the office sees it."""
    rows = office.waiting(TODAY + ONE, Person.objects.filter(pk="ben"))
    return set(rows.values_list("part", "holder_id"))


@pytest.mark.clause("IX.C.6")
def test_moved_twice_in_a_day_the_last_teacher_signs_and_nobody_else(signing):
    sign_all_for_ben()
    before = evidence_of("ben")
    move("7a", NOON + ONE)
    assert (codes(TODAY + ONE), waits()) == (["new-teacher"], {("teacher", "lind")})
    move("11c", NOON + ONE + timedelta(hours=2))
    assert (codes(TODAY + ONE), waits()) == (["new-teacher"], {("teacher", "moua")})
    with pytest.raises(Refused, match="closed"):
        lind = Slot.objects.get(agreement__person="ben", holder="lind")
        text = kit.to_sign(TODAY + ONE, kit.open_slots(TODAY + ONE))[0].text("en")
        actions.sign(actor=kit.actor("lind"), at=NOON + ONE, slot=lind, evidence=kit.evidence(text))
    new = kit.sign("ben", "teacher", "moua", NOON + ONE + timedelta(hours=3))
    assert (codes(TODAY + ONE), waits()) == ([], set())
    assert new.attached_to.signer_id == "olsen" and evidence_of("ben")[:3] == before


@pytest.mark.clause("IX.C.6")
def test_moved_away_and_back_in_a_day_nobody_signs_anything_twice(signing):
    sign_all_for_ben()
    before = evidence_of("ben")
    move("7a", NOON + ONE)
    move("7b", NOON + ONE + timedelta(hours=2))
    assert (codes(TODAY + ONE), waits()) == ([], set())
    assert evidence_of("ben") == before and Slot.objects.filter(agreement__person="ben", closed_on=None).count() == 3
    assert not actions.follow_roster(actor=SYSTEM, at=NOON + ONE + timedelta(hours=3))


@pytest.mark.clause("IX.C.6")
def test_the_grace_begins_once_however_often_a_day_moves_somebody(signing):
    actions.choose(
        actor=kit.actor("dana"), at=NOON, from_day=TODAY, grace_days=2, decision="Minutes, item 9", reason="Sick leave."
    )
    sign_all_for_ben()
    move("7a", NOON + ONE)
    move("11c", NOON + ONE + timedelta(hours=2))
    assert [codes(TODAY + ONE * days) for days in (1, 2, 3)] == [[], [], ["new-teacher"]]


# Two guardians, one mailbox


@pytest.fixture
def one_mailbox(town, settings, tmp_path):
    """Ana's parents Elena and Hugo share an address; both must sign."""
    cache.clear()
    settings.HOME = tmp_path
    Person.objects.filter(pk__in=("elena", "hugo")).update(email="morales@home.test", phone="+16515550188")
    at = timezone.now() - timedelta(minutes=1)
    actions.choose(
        actor=kit.actor("dana"), at=at, from_day=timezone.localdate() - ONE, guardians="all", reason="Both parents."
    )
    return pages.open_today(town, siblings=False)


def enter_as(person: str, address: str = "morales@home.test", code: str = "") -> Client:
    """A browser that came in by a code and said who sits there."""
    client = Client()
    client.post("/code/ask", {"address": address})
    access.send_codes(at=timezone.now())
    client.post("/code/enter", {"code": code or re.search(r"\d{4} \d{4}", mail.outbox[-1].body)[0]})
    client.post("/code/who", {"person": person})
    return client


@pytest.mark.clause("IX.C.2")
def test_two_parents_of_one_address_each_sign_as_themselves_only(one_mailbox):
    elena, hugo = (pages.slot("ana", "parent", who) for who in ("elena", "hugo"))
    first = enter_as("elena")
    pages.begin(first)
    assert pages.sign(first, hugo).status_code == 404, "the other parent's place"
    pages.sign(first, elena, name="Elena Morales")
    assert set(Signature.objects.values_list("signer_id", flat=True)) == {"elena"}
    today = timezone.localdate()
    assert "other-parent" in codes(today, "ana"), "one act does not count for two"
    second = enter_as("hugo")
    assert "sign/done" not in second.get("/sign").content.decode(), "nothing of Elena's sitting is here"
    pages.begin(second)
    pages.sign(second, hugo, name="Hugo Morales")
    assert "other-parent" not in codes(today, "ana") and "parent-signature" not in codes(today, "ana")


def test_the_evidence_says_that_the_address_is_shared(one_mailbox):
    client = enter_as("elena")
    pages.begin(client)
    pages.sign(client, pages.slot("ana", "parent", "elena"), name="Elena Morales")
    row = Signature.objects.get()
    assert row.method == Method.CODE_EMAIL
    assert "m…@home.test" in row.detail and "2 people on record share it" in row.detail
    Person.objects.filter(pk="hugo").update(email="hugo@lake.test")
    alone = enter_as("rosa", "rosa@lake.test")
    pages.begin(alone)
    pages.sign(alone, pages.slot("ben", "parent", "rosa"))
    assert "share" not in Signature.objects.get(signer="rosa").detail


def test_one_who_declines_declines_for_nobody_else(one_mailbox):
    client = enter_as("elena")
    pages.begin(client)
    client.post(f"/sign/{pages.slot('ana', 'parent', 'elena').pk}/decline", {"reason": "Not yet."})
    assert Refusal.objects.get().by_id == "elena"
    assert "parent-refused" in codes(timezone.localdate(), "ana")


def test_a_code_by_text_message_is_on_file_as_one(one_mailbox, settings, tmp_path):
    file = tmp_path / "sms.jsonl"
    settings.SMS_URL = file.as_uri()
    client = Client()
    client.post("/code/ask", {"address": "(651) 555-0188"})
    access.send_codes(at=timezone.now())
    client.post("/code/enter", {"code": re.search(r"\d{4} \d{4}", file.read_text())[0]})
    client.post("/code/who", {"person": "hugo"})
    pages.begin(client)
    pages.sign(client, pages.slot("ana", "parent", "hugo"), name="Hugo Morales")
    row = Signature.objects.get()
    assert (row.method, row.slot.part) == (Method.CODE_SMS, "parent")
    assert "text message" in row.detail and "…0188" in row.detail and "5550188" not in row.detail
    assert pages.sitting().method == Method.CODE_SMS


# A guardian of children in two districts' files


@pytest.mark.clause("IX.C.2")
def test_a_parent_in_the_files_of_two_districts_signs_for_both_in_one_sitting(town, tmp_path):
    Person.objects.filter(pk="rosa").update(email="rosa@lake.test")
    tables = {
        "orgs": [{"sourcedId": "hill", "name": "Hill School", "type": "school"}],
        "users": [
            user("s7", "student", "hill", "Pia", "Haugen", grades="02", agentSourcedIds="r7"),
            user("r7", "guardian", "hill", "Rosa", "Haugen", email="Rosa@Lake.test"),
        ],
    }
    at = timezone.now() - timedelta(minutes=2)
    roster_actions.load_roster(actor=SYSTEM, path=write(tmp_path / "hill", tables), at=at, source="hill")
    pages.open_today(town, siblings=False)
    mine = queries.household(Actor(id="rosa"), timezone.localdate())
    assert {each.slot.agreement.person.name for each in mine} == {"Ben Haugen", "Pia Haugen"}
    client = pages.browser(town, "rosa")
    pages.begin(client)
    for each in mine:
        pages.sign(client, each.slot)
    signed = Signature.objects.filter(signer="rosa").values_list("slot__agreement__person__given_name", flat=True)
    assert sorted(signed) == ["Ben", "Pia"], "one act for each child"
    schools = Signature.objects.filter(signer="rosa").values("slot__agreement__person__roles__school")
    assert schools.distinct().count() == 2


# Two parents end the account


@pytest.mark.clause("VIII.D.2")
def test_both_parents_end_the_account_and_it_opens_when_both_have_taken_it_back(signing):
    for who in ("elena", "hugo"):
        row = actions.request_termination(actor=Actor(id=who), at=NOON, child="ana", guardian=who)
        assert row.state == "executed", "nothing waits for the office"
    actions.reverse_termination(actor=Actor(id="elena"), at=NOON, child="ana", guardian="elena")
    assert codes(who="ana") == ["ended-by-parent"], "the other parent's word stands"
    actions.reverse_termination(actor=Actor(id="hugo"), at=NOON, child="ana", guardian="hugo")
    assert "ended-by-parent" not in codes(who="ana")
    actions.request_termination(actor=Actor(id="hugo"), at=NOON, child="ana", guardian="hugo")
    assert codes(who="ana") == ["ended-by-parent"], "and each may end it anew"


@pytest.mark.clause("VIII.D.2")
def test_an_order_about_the_child_is_looked_at_whoever_asks(signing):
    Guardianship.objects.filter(child="ana", guardian="hugo").update(court_order=True)
    row = actions.request_termination(actor=Actor(id="elena"), at=NOON, child="ana", guardian="elena")
    assert (row.state, "ended-by-parent" in codes(who="ana")) == ("requested", False)


# The key of the seal is lost


@pytest.mark.clause("IX.C.5")
def test_the_lost_key_of_the_seal_leaves_old_sheets_good_and_seals_new_ones(town, settings, tmp_path):
    settings.HOME = tmp_path
    pages.open_today(town)
    pages.sign_everybody(town)
    agreement = Filing.objects.get().agreement_id
    [original] = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=agreement)
    for private in keys.folder().glob("*.pem"):
        private.unlink()
    today = timezone.localdate()
    Enrolment.objects.filter(group="7b", role="teacher").update(last_day=today - ONE)
    place = people.PlaceIn(person="lind", group="7b", role="teacher", primary=True, first_day=today)
    people.enrol_all(actor=SYSTEM, places=[place], at=timezone.now())
    actions.follow_roster(actor=SYSTEM, at=timezone.now())
    new = pages.slot("ben", "teacher", "lind")
    said = {**pages.fields(new, name="Per Lind"), "students": [new.pk], "permit": "on"}
    pages.browser(town, "lind").post("/sign/class/7b", said)
    sheets = actions.seal_agreement(actor=SYSTEM, at=timezone.now(), agreement=agreement)
    assert sheets[0].sha256 == original.sha256 and len(sheets) == 2
    verdicts = [seal.verify(sealing.kept(each.sha256)) for each in sheets]
    assert [each.ok for each in verdicts] == [True, True]
    numbers = sorted(path.stem for path in keys.folder().glob("*.crt"))
    assert numbers == ["0001", "0002"], "the second sheet has the seal of a new key"


# A form is edited after it was signed


def test_a_form_edited_after_signing_keeps_the_words_that_were_signed(signing, settings, tmp_path):
    settings.HOME = tmp_path
    sign_all_for_ben()
    before, agreement = evidence_of("ben"), Agreement.objects.get(person="ben", form="student")
    signature = Signature.objects.filter(slot__agreement=agreement).first()
    [original] = actions.seal_agreement(actor=SYSTEM, at=NOON, agreement=agreement.pk)
    pdf = sealing.kept(original.sha256)
    words = (Words("en", "Using the network", "Something else altogether."),)
    kit.approve(actions.add_version(actor=kit.actor("dana"), at=NOON + ONE, kind="student", words=words, material=True),
                NOON + ONE)  # fmt: skip
    assert codes(TODAY) == [] and set(codes(TODAY + ONE)) >= {"student-again", "parent-again", "teacher-again"}
    assert evidence_of("ben") == before
    signature.refresh_from_db()
    assert signature.text.body == kit.STUDENT[0].body and sealing.kept(original.sha256) == pdf
    for part, who in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        kit.sign("ben", part, who, NOON + ONE * 2)
    assert codes(TODAY + ONE * 2) == [] and evidence_of("ben")[:3] == before
