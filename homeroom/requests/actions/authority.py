"""VIII.F: the district works with the authorities, on a legal basis, with a record; nothing is handed out by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.requests.models import AuthorityRequest

Basis, Outcome, Family = AuthorityRequest.Basis, AuthorityRequest.Outcome, AuthorityRequest.Family


@dataclass(frozen=True, slots=True)
class Asked:
    """What came in."""

    agency: str
    officer: str
    wants: str
    basis: str
    basis_words: str = ""
    reference: str = ""
    person: str | None = None
    wanted_by: date | None = None


def receive(*, actor: Actor, asked: Asked, received_at: datetime, at: datetime) -> AuthorityRequest:
    """VIII.F: write down what an authority asks for, and on what it rests. Raises Refused."""
    if not asked.agency.strip() or not asked.officer.strip():
        raise Refused(_("Name the agency, and the officer with whom you spoke."))
    if len(asked.wants.split()) < 3:
        raise Refused(_("Say in a sentence what they ask for."))
    if received_at > at:
        raise Refused(_("It cannot have come in the future."))
    if asked.basis not in Basis.values:
        raise Refused(_("Say what the request rests on; “nothing yet” is an answer too."))
    with journal.atomic():
        row, new = AuthorityRequest.objects.get_or_create(
            agency=asked.agency.strip(), officer=asked.officer.strip(), wants=asked.wants.strip(),
            received_at=received_at,
            defaults={"reference": asked.reference.strip(), "person_id": asked.person or None, "basis": asked.basis,
                      "basis_words": asked.basis_words.strip(), "wanted_by": asked.wanted_by,
                      "entered_by_name": actor.name},
        )  # fmt: skip
        if new:
            _record(actor, "received", row, at, data={"basis": row.basis})
    return row


def answer(
    *,
    actor: Actor,
    request: AuthorityRequest,
    outcome: str,
    disclosed: str,
    basis: str,
    basis_words: str,
    family: str,
    family_words: str,
    at: datetime,
) -> AuthorityRequest:
    """VIII.F: what the district gave, to whom, on which basis; or why it did not. Raises Refused."""
    _judge(request, outcome, disclosed, basis, basis_words, family, family_words)
    with journal.atomic():
        changed = AuthorityRequest.objects.filter(pk=request.pk, answered_at__isnull=True).update(
            answered_at=None if outcome == Outcome.COUNSEL else at, answered_by_name=actor.name, outcome=outcome,
            disclosed=disclosed.strip(), basis=basis, basis_words=basis_words.strip(), family=family,
            family_words=family_words.strip(),
        )  # fmt: skip
        if changed != 1:
            raise Refused(_("This was answered already. Open it again to see the answer."))
        _record(actor, f"answered-{outcome}", request, at, reason=disclosed, data={"basis": basis, "family": family})
    request.refresh_from_db()
    return request


def look_at(*, actor: Actor, request: AuthorityRequest, at: datetime) -> AuthorityRequest:
    """VIII.F: open a request; who looked at it stands in the journal too."""
    with journal.atomic():
        _record(actor, "seen", request, at)
    return request


def _judge(
    row: AuthorityRequest, outcome: str, disclosed: str, basis: str, basis_words: str, family: str, words: str
) -> None:
    """VIII.F: cooperation is on a legal basis; a subpoena is told to the family before, unless an order bars it."""
    if outcome not in Outcome.values or basis not in Basis.values:
        raise Refused(_("Choose what the district did, and what it rests on."))
    if len(disclosed.split()) < 3:
        raise Refused(_("Say in a sentence what was handed over, or why nothing was."))
    if outcome not in AuthorityRequest.GIVEN:
        return
    if basis == Basis.NONE or len(basis_words.split()) < 2:
        raise Refused(
            _(
                "Nothing is handed over without a legal basis. Name the warrant, order or subpoena by number and day, "
                "the threat, who consented in writing, or the law; or send it to counsel."
            )
        )
    if row.person_id and family not in Family.values:
        raise Refused(_("Say whether the family was told before, is barred from knowing, or need not be told."))
    if row.person_id and basis == Basis.SUBPOENA and family == Family.NOT_OWED:
        raise Refused(_("Before a subpoena is answered the family is told (34 CFR 99.31), unless an order bars it."))
    if row.person_id and family == Family.BARRED and not words.strip():
        raise Refused(_("Name the order or law that bars telling the family."))


def _record(
    actor: Actor, done: str, row: AuthorityRequest, at: datetime, *, reason: str = "",
    data: dict[str, object] | None = None,
) -> None:  # fmt: skip
    subject = f"person:{row.person_id}" if row.person_id else f"authority-request:{row.pk}"
    journal.record(
        actor=actor, verb=f"requests.authority.{done}", subject=subject, at=at, clause="VIII.F", reason=reason.strip(),
        data={"request": row.pk, "agency": row.agency, **(data or {})},
    )  # fmt: skip
