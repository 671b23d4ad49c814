"""Article VIII.D: what a parent may ask for about a child's account."""

from __future__ import annotations

import pytest
from django.core import mail

from homeroom.access.facts import standing_of
from homeroom.agreements import actions, clauses
from homeroom.agreements.models import Agreement, Signature, Slot, Termination
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.notices import wording
from homeroom.notices.actions import proving, sending
from homeroom.notices.models import Letter
from homeroom.people import actions as people
from homeroom.people.models import Guardianship, Person
from homeroom.site import messages
from tests.integration.agreements.conftest import TODAY, actor, sign_all_for_ben, signing  # noqa: F401
from tests.integration.agreements.pages import browser
from tests.town import LONG_AGO, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VIII.D.2")]
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))


def codes() -> list[str]:
    return [each.code for each in standing_of("ben", TODAY).missing]


def end(who: Actor = ROSA, guardian: str = "rosa"):
    return actions.request_termination(actor=who, at=NOON, child="ben", guardian=guardian)


def test_a_parents_word_ends_the_account_at_once_and_keeps_every_record(signing):  # noqa: F811
    sign_all_for_ben()
    row = end()
    assert (row.state, codes()) == ("executed", ["ended-by-parent"])
    assert Signature.objects.filter(slot__agreement__person="ben").count() == 3
    assert end().pk == row.pk, "asked twice is asked once"


@pytest.mark.parametrize("who", ["elena", "ben", "nobody"])
def test_nobody_else_can_ask_for_it(signing, who):  # noqa: F811
    with pytest.raises(Refused, match="parent or guardian"):
        end(Actor(id=who, name="Somebody"), who)
    with pytest.raises(Refused, match="Only a parent"):
        end(Actor(id=who, name="Somebody"), "rosa")


def test_the_office_writes_down_what_a_parent_said(signing):  # noqa: F811
    assert end(actor("kim")).requested_by == "kim"
    assert codes() == ["ended-by-parent"]


def test_where_a_court_order_is_noted_an_official_looks_first(signing):  # noqa: F811
    Guardianship.objects.filter(guardian="rosa").update(court_order=True)
    sign_all_for_ben()
    row = end()
    assert (row.state, codes()) == ("requested", [])
    actions.check_authority(actor=actor("okafor"), at=NOON, termination=row, authority="Order of 3 May")
    assert codes() == ["ended-by-parent"]


def test_a_parent_without_custody_cannot_ask(signing):  # noqa: F811
    bond = Guardianship(
        child_id="ben", guardian_id="hugo", relationship="parent", legal_custody=False, first_day=LONG_AGO
    )
    people.add_guardians(actor=SYSTEM, bonds=[bond], at=NOON)
    with pytest.raises(Refused, match="custody"):
        end(Actor(id="hugo", name="Hugo"), "hugo")


def test_it_opens_again_only_at_a_new_request_and_a_fresh_agreement(signing):  # noqa: F811
    sign_all_for_ben()
    end()
    actions.follow_roster(actor=SYSTEM, at=NOON)
    assert not Slot.objects.filter(agreement__person="ben", agreement__closed_on=None).exists(), (
        "nobody is asked to sign"
    )
    actions.reverse_termination(actor=ROSA, at=NOON, child="ben", guardian="rosa")
    assert codes() == ["student-signature", "parent-signature", "teacher-signature"]
    assert Agreement.objects.filter(person="ben").count() == 2
    sign_all_for_ben()
    assert codes() == []


def court_order(**said: object) -> None:
    """From now on an order is on record about Rosa and Ben; `said`: what the roster says beside it."""
    Guardianship.objects.filter(guardian="rosa", child="ben").update(court_order=True, **said)


@pytest.mark.clause("XIII.B")
@pytest.mark.parametrize(("said", "opens"), [(None, False), (False, False), (True, True)])
def test_an_order_closes_the_portal_until_somebody_says_that_it_is_open(signing, said, opens):  # noqa: F811
    client = browser(signing, "rosa")
    assert client.get("/agreements/children/ben/end").status_code == 200
    court_order(portal_access=said)
    assert client.get("/agreements/children/ben/end").status_code == (200 if opens else 404)
    assert ("Ben" in client.get("/agreements/children").content.decode()) == opens


@pytest.mark.clause("XIII.B")
def test_the_office_reads_what_an_order_closes_and_how_to_open_it(signing):  # noqa: F811
    page = signing.client("kim").get("/people/ben").content.decode()
    assert "sees nothing" not in page
    court_order()
    page = signing.client("kim").get("/people/ben").content.decode()
    assert "Rosa Haugen sees nothing about Ben Haugen here" in page and "portalAccess" in page
    assert "portalAccess" not in signing.client("olsen").get("/people/ben").content.decode(), "not for a teacher"
    court_order(portal_access=True)
    assert "sees nothing" not in signing.client("kim").get("/people/ben").content.decode()


# One parent ended it, the other wants it


ELENA, HUGO = (Actor(id=id, name=id.title(), roles=frozenset({"guardian"})) for id in ("elena", "hugo"))


def ended_by_elena():
    return actions.request_termination(actor=ELENA, at=NOON, child="ana", guardian="elena")


def anas() -> bool:
    """Whether Ana's account is ended."""
    return "ended-by-parent" in [each.code for each in standing_of("ana", TODAY).missing]


KIM = Actor(id="kim", name="Kim Vang", roles=frozenset({"clerk"}))


@pytest.mark.parametrize("who", [HUGO, KIM], ids=["himself", "through the office"])
def test_one_parent_does_not_take_back_the_word_of_another(signing, who):  # noqa: F811
    ended_by_elena()
    with pytest.raises(Refused, match="Another parent ended this account"):
        actions.reverse_termination(actor=who, at=NOON, child="ana", guardian="hugo")
    assert anas()
    actions.reverse_termination(actor=ELENA, at=NOON, child="ana", guardian="elena")
    assert not anas()


def test_a_teacher_takes_no_parents_word_back(signing):  # noqa: F811
    ended_by_elena()
    with pytest.raises(Refused, match="Only a parent or guardian"):
        actions.reverse_termination(actor=actor("moua"), at=NOON, child="ana", guardian="elena")


def test_the_school_opens_it_with_a_reason_only_and_that_stands_on_record(signing):  # noqa: F811
    ended_by_elena()
    for who, why, said in (
        (actor("kim"), "The order of 3 May.", "administrator"),
        (actor("dana"), " ", "sentence why"),
    ):
        with pytest.raises(Refused, match=said):
            actions.overrule_termination(actor=who, at=NOON, child="ana", reason=why)
    row = actions.overrule_termination(actor=actor("dana"), at=NOON, child="ana", reason="The order of 3 May.")
    assert not anas() and (row.reversed_by_id, row.reversed_why) == ("dana", "The order of 3 May.")
    assert clauses.opened_against_a_parent(NOON).broken == 0
    Termination.objects.update(reversed_why="")
    assert clauses.opened_against_a_parent(NOON).broken == 1


def opened_against_elena() -> Letter:
    ended_by_elena()
    actions.overrule_termination(actor=actor("dana"), at=NOON, child="ana", reason="The order {of} 3 May.")
    return Letter.objects.get(kind="letter")


def test_the_parent_gets_a_letter_with_the_reason_when_the_school_opens_it(signing):  # noqa: F811
    letter = opened_against_elena()
    assert (letter.reader_id, letter.state, letter.channel) == ("elena", "queued", "email")
    assert sending.send_batch(at=NOON).sent == 1
    body = mail.outbox[-1].body
    for said in ("The order (of) 3 May.", "You had ended the school account of", "tell the school office", "Ana"):
        assert said in body
    letter.refresh_from_db()
    assert letter.state == "sent" and Letter.objects.count() == 1, "Hugo had not ended it"
    assert "school opened the account" in browser(signing, "elena").get(f"/my/notices/{letter.pk}").content.decode()
    page = signing.client("dana").get(f"/agreements/endings/{Termination.objects.get().pk}").content.decode()
    assert f"/notices/letters/{letter.pk}" in page
    assert proving.proof(actor=actor("dana"), letter=letter, at=NOON).startswith(b"%PDF")


def test_that_letter_is_spanish_where_the_home_is_with_the_english_beneath(signing):  # noqa: F811
    messages.compile_all()
    Person.objects.filter(pk="elena").update(home_language="es")
    letter = opened_against_elena()
    said = wording.text(letter.content, letter.fields)
    assert letter.content.language == "es" and "La escuela abrió otra vez la cuenta de" in letter.content.subject
    assert "El motivo registrado" in said and "The reason on record" in said


@pytest.mark.parametrize("settled", [{"court_order": True, "receives_mail": None}, {"receives_mail": False}])
def test_that_letter_waits_for_a_look_where_an_order_is_on_file(signing, settled):  # noqa: F811
    ended_by_elena()
    Guardianship.objects.filter(guardian="elena", child="ana").update(**settled)
    actions.overrule_termination(actor=actor("dana"), at=NOON, child="ana", reason="The order of 3 May.")
    letter = Letter.objects.get(kind="letter")
    assert letter.state == "held" and "needs a look first" in letter.why
    assert sending.send_batch(at=NOON).claimed == 0


def test_both_parents_read_on_their_pages_how_it_stands(signing):  # noqa: F811
    ended_by_elena()
    elena, hugo = (browser(signing, id) for id in ("elena", "hugo"))
    page = hugo.get("/agreements/children").content.decode()
    assert "Another parent ended this account" in page and "Ask for the account again" not in page
    hugo.post("/agreements/children/ana/again")
    assert anas()
    assert "Ask for the account again" in elena.get("/agreements/children").content.decode()
    pk = Termination.objects.get().pk
    assert signing.client("kim").get(f"/agreements/endings/{pk}/overrule").status_code == 403
    signing.client("dana").post(f"/agreements/endings/{pk}/overrule", {"reason": "The order of 3 May."})
    page = elena.get("/agreements/children").content.decode()
    assert "You had ended this account. The school opened it again: The order of 3 May." in page
    assert "The order of 3 May." not in hugo.get("/agreements/children").content.decode()
