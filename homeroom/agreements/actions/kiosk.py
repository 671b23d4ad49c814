"""IX.C: a screen in the office, where a parent or student signs whom a member of staff has seen."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from homeroom.agreements.models import KioskVisit
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people.models import Person

GOOD_FOR = timedelta(minutes=20)
SYMBOLS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def open_kiosk(*, actor: Actor, at: datetime, person: Person, how: str) -> tuple[KioskVisit, str]:
    """IX.C: let somebody sign at the office's screen; returns the visit and the code that opens it, once.

    `how` says how the member of staff knows who it is. Raises Refused.
    """
    if not how.strip():
        raise Refused(_("Say how you know who this is, for instance by their driver’s license."))
    code = "".join(secrets.choice(SYMBOLS) for _each in range(LENGTH))
    with journal.atomic():
        KioskVisit.objects.filter(person=person, ended_at=None).update(ended_at=at)
        visit = KioskVisit.objects.create(
            person=person, digest=_digest(code), how=how.strip()[:200], opened_by=actor.id, opened_name=actor.name,
            opened_at=at, expires_at=at + GOOD_FOR,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="agreements.kiosk.opened", subject=f"person:{person.pk}", at=at, reason=visit.how,
            data={"visit": visit.pk},
        )  # fmt: skip
    return visit, f"{code[:4]}-{code[4:]}"


def start_visit(*, code: str, at: datetime) -> KioskVisit:
    """IX.C: the code is typed in at the screen; it works once. Raises Refused, whatever is wrong, in the same words."""
    plain = "".join(code.upper().replace("-", " ").split())
    visit = KioskVisit.objects.filter(digest=_digest(plain)).first()
    fresh = KioskVisit.objects.filter(pk=visit.pk if visit else None, started_at=None, ended_at=None, expires_at__gt=at)
    if visit is None or fresh.update(started_at=at) != 1:
        raise Refused(_("This code does not work, or not any more. Ask the person in the office for a new one."))
    visit.refresh_from_db()
    return visit


def end_visit(*, actor: Actor, at: datetime, visit: KioskVisit) -> None:
    """IX.C: the visit is over; its screen knows nothing any more. The same twice changes nothing."""
    with journal.atomic():
        if KioskVisit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=at):
            journal.record(
                actor=actor, verb="agreements.kiosk.ended", subject=f"person:{visit.person_id}", at=at,
                data={"visit": visit.pk},
            )  # fmt: skip


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"kiosk\0" + code.encode(), "sha256").hexdigest()
