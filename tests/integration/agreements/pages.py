"""For tests of pages, which read the clock: the town with forms in effect and agreements open today."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from homeroom.access.models import Account
from homeroom.agreements import actions
from homeroom.agreements.models import Sitting, Slot
from homeroom.agreements.queries import to_sign
from homeroom.agreements.queries.signing import open_slots
from homeroom.base.actor import SYSTEM
from homeroom.people import queries as people
from homeroom.people.actions import add_guardians
from homeroom.people.models import Guardianship
from tests.integration.agreements import conftest as kit
from tests.town import LONG_AGO, Town


def open_today(town: Town, siblings: bool = True) -> Town:
    """Forms are in effect and agreements open since a minute ago; Rosa has a second child, Leah."""
    at = timezone.now() - timedelta(minutes=1)
    if siblings:
        bond = Guardianship(child_id="leah", guardian_id="rosa", relationship="parent", first_day=LONG_AGO)
        add_guardians(actor=SYSTEM, bonds=[bond], at=at)
    for kind, words in (("student", kit.STUDENT), ("employee", kit.EMPLOYEE)):
        kit.approve(actions.add_version(actor=kit.actor("dana"), at=at, kind=kind, words=words), at)
    actions.follow_roster(actor=SYSTEM, at=at)
    return town


def browser(town: Town, id: str) -> Client:
    """A browser signed in as somebody; parents and students have no second factor."""
    if id in ("olsen", "lind", "moua", "okafor", "dana", "kim"):
        return town.client(id)
    client = Client()
    client.force_login(Account.objects.filter(person_id=id).first() or town.bare_account(id))
    return client


def slot(person: str, part: str, holder: str) -> Slot:
    return kit.slot(person, part, holder)


def begin(client: Client, language: str = "en", prefix: str = "") -> None:
    client.post(f"{prefix}/sign", {"language": language})
    client.post(f"{prefix}/sign/how")


def fields(place: Slot, language: str = "en", **more: object) -> dict[str, object]:
    """What the page of a form sends back."""
    on = people.today(timezone.now())
    [one] = to_sign(on, open_slots(on).filter(pk=place.pk))
    text = one.text(language)
    return {"means": "on", "name": "Rosa Haugen", "text": text.pk, "sha256": text.sha256, **more}


def sign(client: Client, place: Slot, prefix: str = "", **more: object):
    return client.post(f"{prefix}/sign/{place.pk}", fields(place, **more))


def sitting() -> Sitting:
    return Sitting.objects.latest("consented_at")


def sign_everybody(town: Town, person: str = "ben") -> None:
    """The student, one parent and the teacher sign, by the pages."""
    for id, part in ((person, "student"), ("rosa", "parent"), ("olsen", "teacher")):
        if part == "teacher":
            place = slot(person, part, id)
            browser(town, id).post(
                "/sign/class/7b", {**fields(place, name="Maja Olsen"), "students": [place.pk], "permit": "on"}
            )
            continue
        client = browser(town, id)
        begin(client)
        sign(client, slot(person, part, id))
