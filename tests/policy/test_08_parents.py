"""Article VIII.D: what a parent may ask for about a child's account."""

from __future__ import annotations

import pytest

from homeroom.access.facts import standing_of
from homeroom.agreements import actions
from homeroom.agreements.models import Agreement, Signature, Slot
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.people import actions as people
from homeroom.people.models import Guardianship
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
