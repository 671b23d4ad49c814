"""How checked signatures are kept, with what follows from them and what the journal says of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from homeroom.agreements import completing
from homeroom.agreements.models import Alternative, Refusal, Signature
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people

CLAUSES = {Part.STUDENT: "IX.C.1", Part.PARENT: "IX.C.2", Part.TEACHER: "IX.C.3", Part.EMPLOYEE: "IX.C.4"}


def keep(actor: Actor, at: datetime, new: Sequence[Signature]) -> None:
    """IX.C: keep signatures, take back refusals, give permissions, file what is complete; inside a transaction.

    The journal gets one entry for each signature.
    """
    on = people.today(at)
    completing.attach(new)
    Signature.objects.bulk_create(new, batch_size=500)
    if Refusal.objects.filter(slot__in=[each.slot_id for each in new], taken_back_on=None).update(taken_back_on=on):
        _no_plan_any_more(new, on)
    told = completing.complete(actor, at, new)
    acts = [
        journal.Act(
            verb="agreements.signed", subject=f"person:{each.slot.agreement.person_id}", clause=_clause(each),
            data={**_facts(each), **told.get(each.slot.agreement_id, {})},
        )
        for each in new
    ]  # fmt: skip
    journal.record_all(actor=actor, acts=acts, at=at)


def _no_plan_any_more(new: Sequence[Signature], on: date) -> None:
    """C.3: the plan that a refusal asked for is not needed once its author has signed."""
    for each in new:
        open_ones = Alternative.objects.filter(student=each.slot.agreement.person_id, asked_by=each.signer_id)
        open_ones.filter(scope=Alternative.Scope.ALL, from_day=None, ended_on=None).update(
            ended_on=on, ended_why="Signed after all."
        )


def _clause(signature: Signature) -> str:
    return "IX.C.6" if signature.attached_to is not None else CLAUSES[Part(signature.slot.part)]


def _facts(signature: Signature) -> dict[str, Any]:
    """What the journal keeps of a signature: enough to see a changed row, and no name."""
    slot, version = signature.slot, signature.version
    return {
        "signature": signature.pk, "agreement": slot.agreement_id, "slot": slot.pk, "part": slot.part,
        "signer": signature.signer_id, "version": version.number, "language": signature.text.language,
        "text_sha256": signature.text_sha256, "method": signature.method, "evidence_sha256": digest(signature),
    }  # fmt: skip


def digest(signature: Signature) -> str:
    """The hash of everything that a signature's row holds as evidence, as the journal keeps it."""
    values = (
        signature.slot_id, signature.signer_id, signature.version_id, signature.text_sha256, signature.method,
        signature.detail, signature.electronic, signature.intent, signature.typed_name,
        hashlib.sha256(bytes(signature.drawing)).hexdigest(), signature.attested_by_id or "",
        signature.on.isoformat(), signature.signed_at.isoformat(), signature.place,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(str(each) for each in values).encode()).hexdigest()
