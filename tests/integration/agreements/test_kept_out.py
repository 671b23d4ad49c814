"""A parent whom an order or the office keeps out of one child's matters, and who is the parent of another child."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from homeroom.agreements import actions
from homeroom.agreements.models import Alternative, Signature, Slot, Termination
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.people import queries as people
from homeroom.people.models import Guardianship
from tests.integration.agreements import conftest as kit
from tests.integration.agreements.pages import begin, browser, fields, open_today, slot

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
SETTLED = pytest.mark.parametrize(
    "settled", [{"portal_access": False}, {"legal_custody": False}, {"court_order": True}],
    ids=["portal", "custody", "order"],
)  # fmt: skip
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))


@pytest.fixture
def signing(town, settings, tmp_path):
    """Rosa is the parent of Ben and of Leah."""
    settings.HOME = tmp_path
    return open_today(town)


def keep_out(**settled: bool) -> None:
    """From now on Rosa is kept out of Ben's matters, not of Leah's."""
    Guardianship.objects.filter(guardian="rosa", child="ben").update(**settled)


def asked_for_ben(**more: object) -> Alternative:
    on = people.today(timezone.now())
    return Alternative.objects.create(
        student_id="ben", asked_by_id="rosa", scope="all", requested_at=timezone.now(), due_on=on, **more
    )


@pytest.mark.clause("VIII.D.2")
@SETTLED
def test_nothing_of_that_child_opens_and_all_of_the_other_does(signing, settled):
    agreement, row = slot("ben", "student", "ben").agreement_id, asked_for_ben()
    keep_out(**settled)
    client = browser(signing, "rosa")
    page = client.get("/agreements/children").content.decode()
    assert "Leah" in page and "Ben" not in page
    closed = (
        "/agreements/children/ben/end", "/agreements/children/ben/again", "/agreements/children/ben/instead",
        f"/agreements/alternatives/{row.pk}/answer", f"/agreements/alternatives/{row.pk}/over",
        f"/papers/of/{agreement}", f"/papers/of/{agreement}/0.pdf", f"/papers/print/{agreement}.pdf",
    )  # fmt: skip
    assert {each: client.get(each).status_code for each in closed} == dict.fromkeys(closed, 404)
    client.post("/agreements/children/ben/end", {"reason": "I want it."})
    client.post(f"/agreements/alternatives/{row.pk}/over")
    row.refresh_from_db()
    assert not Termination.objects.exists() and row.ended_on is None
    assert client.get(f"/papers/of/{slot('leah', 'student', 'leah').agreement_id}").status_code == 200


@pytest.mark.clause("IX.C.2")
@SETTLED
def test_the_form_of_that_child_is_neither_shown_nor_signed_here(signing, settled):
    client, place = browser(signing, "rosa"), slot("ben", "parent", "rosa")
    keep_out(**settled)
    begin(client)
    assert "Ben" not in client.get("/sign").content.decode()
    assert client.post(f"/sign/{place.pk}", fields(place)).status_code == 404
    assert client.post(f"/sign/{place.pk}/decline", {"reason": "No, never."}).status_code == 404
    assert not Signature.objects.filter(slot=place).exists()


@pytest.mark.clause("IX.C.2")
def test_whoever_has_no_custody_any_more_signs_nowhere(signing):
    """Also in the seconds before the place to sign is closed."""
    place = slot("ben", "parent", "rosa")
    keep_out(legal_custody=False)
    shown = fields(place)
    evidence = actions.Evidence(
        text=shown["text"], sha256=shown["sha256"], method="session", detail="signed in", intent="I agree.",
        typed_name="Rosa Haugen",
    )  # fmt: skip
    with pytest.raises(Refused, match="custody"):
        actions.sign(actor=ROSA, at=timezone.now() + timedelta(seconds=1), slot=place, evidence=evidence)


@pytest.mark.clause("IX.C.2")
def test_in_the_office_or_on_paper_a_parent_with_custody_still_signs(signing):
    """The portal is closed to Rosa; her signature may be wanted all the same."""
    place = slot("ben", "parent", "rosa")
    keep_out(portal_access=False)
    shown = fields(place)
    evidence = actions.Evidence(
        text=shown["text"], sha256=shown["sha256"], method="in_person", detail="Seen by Kim.", intent="I agree.",
        typed_name="Rosa Haugen",
    )  # fmt: skip
    assert actions.sign(actor=kit.actor("kim"), at=timezone.now(), slot=place, evidence=evidence).signer_id == "rosa"


@SETTLED
def test_no_other_page_offers_that_child(signing, settled):
    on = people.today(timezone.now())
    keep_out(**settled)
    assert [child.pk for child in people.children("rosa", on)] == ["leah"]


@pytest.mark.parametrize(
    "settled", [{"receives_mail": False}, {"portal_access": False}, {"court_order": True, "receives_mail": None}],
    ids=["mail", "portal", "order"],
)  # fmt: skip
def test_nobody_is_reminded_by_mail_of_a_child_about_whom_they_get_none(signing, settled, mailoutbox):
    at, slots = timezone.now(), Slot.objects.filter(holder="rosa", part="parent")
    assert actions.remind(actor=kit.actor("kim"), at=at, slots=slots.filter(agreement__person="ben")) == 1
    keep_out(**settled)
    assert actions.remind(actor=kit.actor("kim"), at=at + timedelta(days=4), slots=slots) == 1, "of Leah only"
    actions.send_reminders(actor=kit.actor("kim"), at=at + timedelta(days=4))
    assert [mail.subject for mail in mailoutbox] == ["Please sign: the network for Leah Farah"]
