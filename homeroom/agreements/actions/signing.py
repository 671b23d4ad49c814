"""IX.C: signing. One act and one record for each signature, also where a whole class is signed at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.agreements import approval, keeping
from homeroom.agreements.models import FormText, Method, Signature, Slot
from homeroom.agreements.queries import family
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Person

PLACE = "Homeroom"
LONGEST_DRAWING = 200_000  # bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """325L: what shows that this person signed these words, and meant to.

    `text` is the FormText that was shown whole, `sha256` the hash of what was shown. `method` and `detail` say how
    the signer was identified ("code_email", "a code sent to r…@lake.test"). `electronic` is their consent to sign
    electronically (never needed on paper), `intent` what they declared by signing. `attested_by` is the person id
    of the adult who saw the mark, or heard the assent, of somebody who cannot write. `permits`: a teacher's
    signature also gives the permission of IX.B.1, unless it is left out.
    """

    text: int
    sha256: str
    method: str
    detail: str
    intent: str
    typed_name: str = ""
    electronic: bool = True
    drawing: bytes = b""
    attested_by: str = ""
    place: str = PLACE
    permits: bool = True


def sign(*, actor: Actor, at: datetime, slot: int | Slot, evidence: Evidence) -> Signature:
    """IX.C: the holder of a slot signs. Signing the same version twice changes nothing. Raises Refused.

    The actor is the holder; or an official, where they identified the holder in person.
    """
    return sign_all(actor=actor, at=at, signings=[(slot, evidence)])[0]


def sign_all(*, actor: Actor, at: datetime, signings: Sequence[tuple[int | Slot, Evidence]]) -> list[Signature]:
    """IX.C.3: several signatures in one sitting, each with its own record; all of them or none. Raises Refused."""
    on = people.today(at)
    forms = approval.in_effect(on)
    with journal.atomic():
        slots = _slots([each for each, _ in signings])
        texts = FormText.objects.select_related("version").in_bulk([evidence.text for _, evidence in signings])
        done, new = [], []
        for slot, (_, evidence) in zip(slots, signings, strict=True):
            _check_slot(actor, slot, on, evidence)
            text = _check_text(texts.get(evidence.text), forms.get(slot.agreement.form_id), evidence)
            known = next((each for each in slot.signatures.all() if each.version_id == text.version_id), None)
            if known is None:
                _check_evidence(evidence)
                known = _signature(slot, text, evidence, on, at)
                new.append(known)
            done.append(known)
        if new:
            keeping.keep(actor, at, new)
    return done


def _slots(wanted: Sequence[int | Slot]) -> list[Slot]:
    pks = [each.pk if isinstance(each, Slot) else each for each in wanted]
    rows = (
        Slot.objects.select_related("agreement__person", "holder")
        .prefetch_related("signatures")
        .select_for_update(of=("self",))
        .in_bulk(pks)
    )
    if missing := [pk for pk in pks if pk not in rows]:
        raise Refused(_("There is no place %(pk)s to sign; open the page again.") % {"pk": missing[0]})
    return [rows[pk] for pk in pks]


def _check_slot(actor: Actor, slot: Slot, on: date, evidence: Evidence) -> None:
    agreement = slot.agreement
    seen = evidence.method == Method.IN_PERSON and actor.holds(*STAFF)
    if actor.id != slot.holder_id and not seen:
        raise Refused(_("Only %(name)s can sign here.") % {"name": slot.holder.name})
    if slot.closed_on is not None or agreement.closed_on is not None:
        raise Refused(_("This place to sign is closed: somebody else signs here now, or the agreement ended."))
    if agreement.last_day is not None and agreement.last_day < on:
        raise Refused(_("The term of this agreement is over; sign the new one."))
    if slot.part == Part.PARENT and agreement.person_id not in family.signs_for(slot.holder_id, on):
        raise Refused(_("Only a parent or guardian with custody can sign here; the school office has the record."))


def _check_text(text: FormText | None, form: approval.InEffect | None, evidence: Evidence) -> FormText:
    if form is None:
        raise Refused(_("No form is in effect that could be signed; the school board has to approve one first."))
    if text is None or text.version_id != form.version.pk:
        raise Refused(_("The words of the agreement have changed while you read; read and sign them as they are now."))
    if text.sha256 != evidence.sha256 or _hash(text) != text.sha256:
        raise Refused(_("What was shown is not what is on file; open the page again and read it once more."))
    return text


def _check_evidence(evidence: Evidence) -> None:
    if evidence.method not in Method.values or not evidence.detail.strip():
        raise Refused(_("It must be known how whoever signs was identified."))
    if evidence.method != Method.PAPER and not evidence.electronic:
        raise Refused(_("To sign here, agree to sign electronically; or ask the school office for a paper form."))
    if not evidence.intent.strip():
        raise Refused(_("Say by ticking the box that you mean to sign."))
    if not evidence.typed_name.strip() and not evidence.attested_by:
        raise Refused(_("Type your name as your signature."))
    if len(evidence.drawing) > LONGEST_DRAWING:
        raise Refused(_("The drawn signature is too large; draw it once more, or leave it out."))
    if evidence.attested_by and not Person.objects.filter(pk=evidence.attested_by).exists():
        raise Refused(_("The adult who saw the mark is not on record; name somebody who is."))


def _hash(text: FormText) -> str:
    return hashlib.sha256(f"{text.title}\n\n{text.body}".encode()).hexdigest()


def _signature(slot: Slot, text: FormText, evidence: Evidence, on: date, at: datetime) -> Signature:
    row = Signature(
        slot=slot, signer_id=slot.holder_id, version=text.version, text=text, text_sha256=text.sha256,
        method=evidence.method, detail=evidence.detail.strip()[:300], electronic=evidence.electronic,
        intent=evidence.intent.strip()[:500], typed_name=" ".join(evidence.typed_name.split())[:200],
        drawing=evidence.drawing, attested_by_id=evidence.attested_by or None, on=on, signed_at=at, received_at=at,
        place=evidence.place[:200],
    )  # fmt: skip
    row.permits = evidence.permits  # type: ignore[attr-defined]
    return row
