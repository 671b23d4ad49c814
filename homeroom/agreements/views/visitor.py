"""325L.09: who sits at the screen and how that is known: signed in, or seen by the office and put before its kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeroom.agreements.models import KioskVisit, Method, Sitting
from homeroom.base import client
from homeroom.base.actor import Actor
from homeroom.base.words import masked
from homeroom.people import queries as people
from homeroom.people.models import Person, Role

KIOSK = "kiosk_visit"
SITTING = "signing_sitting"
LANGUAGE = "signing_language"
NAME = "signing_name"
READ = "signing_read"
HOW = {
    "letter": Method.CODE_LETTER, "password": Method.PASSWORD, "mfa": Method.PASSKEY,
    "socialaccount": Method.SINGLE_SIGN_ON, "code": Method.CODE_EMAIL, "sms": Method.CODE_SMS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever signs (`id`), who answers for it that it is them (`actor`: themselves, or staff at the kiosk)."""

    id: str
    actor: Actor
    method: str
    detail: str
    visit: KioskVisit | None = None

    def url(self, page: str, *args: Any) -> str:
        """The address of a page of signing, as this visitor reaches it."""
        return reverse(f"agreements:{'kiosk-' if self.visit else ''}{page}", args=args)

    @property
    def person(self) -> Person:
        """Their record."""
        return Person.objects.get(pk=self.id)


def signed_in(request: Any) -> Visitor:
    """Whoever is signed in with an account."""
    method, how = _known_by(request)
    return Visitor(request.actor.id, request.actor, method, f"{how} {_where(request)}")


def at_kiosk(request: Any, at: datetime) -> Visitor | None:
    """Whoever the office put before this screen; None where nobody is, or not any more."""
    pk = request.session.get(KIOSK)
    visit = KioskVisit.objects.select_related("person").filter(pk=pk, ended_at=None, expires_at__gt=at).first()
    if pk is None or visit is None:
        return None
    roles = frozenset(
        Role.objects.on(people.today(visit.opened_at)).filter(person_id=visit.opened_by).values_list("role", flat=True)
    )
    staff = Actor(id=visit.opened_by, name=visit.opened_name, roles=roles)
    seen = _("Seen by %(name)s: %(how)s.") % {"name": visit.opened_name, "how": visit.how}
    return Visitor(visit.person_id, staff, Method.IN_PERSON, f"{seen} {_where(request)}", visit)


def sitting(request: Any) -> Sitting | None:
    """The sitting that this browser has open; None before the agreement to sign electronically."""
    return Sitting.objects.filter(pk=request.session.get(SITTING)).first() if SITTING in request.session else None


def forget(request: Any) -> None:
    """Leave nothing of a sitting in the browser's session."""
    for key in (SITTING, LANGUAGE, NAME, READ, KIOSK):
        request.session.pop(key, None)


def _known_by(request: Any) -> tuple[str, str]:
    """How the session came to be, as allauth keeps it, in a method and a sentence."""
    ways = {str(each.get("method", "")): each for each in request.session.get("account_authentication_methods", ())}
    way = next((each for each in ways if each in HOW), "")
    method, known = HOW.get(way, Method.SESSION), ways.get(way, {})
    to = known.get("to") or masked(getattr(request.user, "email", "") or "")
    said = {
        Method.CODE_EMAIL: _("A one-time code went to the address on record, %s."),
        Method.CODE_SMS: _("A one-time code went by text message to the number on record, %s."),
        Method.PASSWORD: _("Signed in with a password as %s."),
        Method.PASSKEY: _("Signed in with a passkey as %s."),
        Method.SINGLE_SIGN_ON: _("Signed in with the school’s account %s."),
    }
    if method == Method.CODE_LETTER:
        return method, _("A one-time code came in a letter to the address on record.")
    sentence = said.get(method, _("Signed in to Homeroom as %s.")) % to
    return method, f"{sentence} {_shared(known)}".strip()


def _shared(known: dict[str, Any]) -> str:
    """325L.09: where adults of a home share an address, the code proves the home and the person says who they are."""
    if int(known.get("shared", 1)) < 2:
        return ""
    return _("%d people on record share it; whoever signed chose their own name.") % known["shared"]


def _where(request: Any) -> str:
    return _("From %(address)s, by %(device)s.") % {"address": client.address_of(request), "device": device(request)}


def device(request: Any) -> str:
    """The class of device, no more: enough to recognise an act, too little to follow anybody."""
    agent = request.headers.get("User-Agent", "")
    if "iPad" in agent or ("Android" in agent and "Mobile" not in agent):
        return _("a tablet")
    return _("a phone") if "Mobi" in agent or "iPhone" in agent else _("a computer")
