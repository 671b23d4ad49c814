"""What a page says to a student is true of a student, and said in their language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from homeroom.access.forms.passkeys import AddPasskeyForm
from homeroom.access.models import Account
from homeroom.agreements import actions
from homeroom.agreements.models import Slot
from homeroom.base.actor import SYSTEM
from homeroom.filtering import telling
from homeroom.kernel.decision.decision import Block, Kind
from homeroom.kernel.decision.steps import STEPS
from tests.integration.agreements.conftest import STUDENT, actor, approve

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es"}


def test_what_the_school_keeps_is_said_to_a_student_as_a_student(town):
    said, asked = town.client("ben").get("/my-records").content.decode(), town.client("rosa").get("/my-records")
    assert "your child" not in said and "No student here is yours" not in said
    assert "Once you are 18 you ask yourself" in said
    assert "your child’s files" in asked.content.decode()
    assert "Sus padres piden ver sus registros" in town.client("ben").get("/my-records", **SPANISH).content.decode()


def test_a_student_has_no_supervisor_to_whom_an_accident_goes(town):
    student, teacher = (town.client(who).get("/accidents/tell").content.decode() for who in ("ben", "olsen"))
    assert "your supervisor" not in student and "/agreements/mine" in student
    assert "your supervisor" in teacher


def test_the_rules_are_narrowed_by_words_in_the_reader_s_language(town):
    said = town.client("olsen").get("/rules", **SPANISH).content.decode()
    assert "Una clase" in said and "One class" not in said


def test_a_new_passkey_is_named_in_the_reader_s_language(town):
    town.client("ben")  # makes the account
    account = Account.objects.get(person="ben")
    with translation.override("es"):
        said = AddPasskeyForm(user=account).as_p()
    assert "Nombre de la llave de acceso" in said and "Passwordless" not in said


def test_who_said_no_is_shown_so_and_not_as_late(town):
    now = datetime.now(UTC)
    approve(actions.add_version(actor=actor("dana"), at=now, kind="student", words=STUDENT), now)
    actions.follow_roster(actor=SYSTEM, at=now)
    slot = Slot.objects.get(agreement__person="ben", holder="rosa")
    actions.refuse(actor=actor("rosa"), at=now, slot=slot.pk, reason="Not at home.")
    said = town.client("ben").get("/agreements/mine").content.decode()
    assert "said no" in said and "Not at home." not in said


def test_why_answers_in_the_reader_s_language(lists):
    asked = {"target": "casino.test", "person": "ben"}
    said = lists.client("dana").get("/why", asked, **SPANISH).content.decode()
    assert "El distrito decidió bloquear «Apuestas» para este grupo" in said
    assert "The district chose to block “Gambling”" in lists.client("dana").get("/why", asked).content.decode()


def test_each_reason_of_an_answer_has_spanish():
    now = datetime.now(UTC)
    common = {"person": None, "profile": "student", "bundle": "b", "at": now, "clause": "III.2"}
    said = set()
    with translation.override("es"):
        for step in STEPS:
            block = Block(
                kind=Kind.DISTRICT, step=step.__name__, category="games", reason="A local rule blocks a.test: Quiz.",
                missing=(("IX.C.2", "parent-signature"),), **common,
            )  # fmt: skip
            said.add(telling.reason(block))
    assert len(said) == len(STEPS), "each step says something of its own"
    assert "Una regla del distrito lo bloquea: Quiz." in said
    with translation.override("en"):
        assert telling.reason(block) == ""
