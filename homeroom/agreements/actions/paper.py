"""IX.C: a form signed on paper is worth the same: one official types it in, another looks at it, then it counts."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.agreements import keeping
from homeroom.agreements.models import FormText, FormVersion, Method, PaperRecord, Signature, Slot
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people


def record_paper(
    *,
    actor: Actor,
    at: datetime,
    slot: int | Slot,
    version: FormVersion,
    language: str,
    name_on_paper: str,
    signed_on: date,
    scan: str,
    attested_by: str = "",
) -> PaperRecord:
    """IX.C: type in a signed sheet. `scan` says where the sheet or its scan is. Raises Refused."""
    with journal.atomic():
        place = _slot(slot)
        _check(place, version, language, name_on_paper, signed_on, people.today(at))
        known = PaperRecord.objects.filter(slot=place, version=version, rejected="").first()
        if known is not None:
            return known
        row = PaperRecord.objects.create(
            slot=place, version=version, language=language, name_on_paper=" ".join(name_on_paper.split()),
            signed_on=signed_on, scan=scan.strip()[:300], attested_by_id=attested_by or None, recorded_by=actor.id,
            recorded_name=actor.name, recorded_at=at,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="agreements.paper.recorded", subject=f"person:{place.agreement.person_id}", at=at,
            clause="IX.C.5", data={"paper": row.pk, "slot": place.pk, "signed_on": signed_on},
        )  # fmt: skip
    return row


def confirm_paper(*, actor: Actor, at: datetime, paper: int | PaperRecord) -> Signature:
    """IX.C: the second pair of eyes; from now on the sheet counts as signed. Raises Refused."""
    with journal.atomic():
        row = _waiting(actor, paper)
        slot = _slot(row.slot_id)
        if slot.closed_on is not None or slot.agreement.closed_on is not None:
            raise Refused(_("This place to sign is closed: somebody else signs here now, or the agreement ended."))
        text = FormText.objects.select_related("version").get(version=row.version_id, language=row.language)
        signature = Signature.objects.filter(slot=slot, version=row.version_id).first()
        if signature is None:
            signature = _signature(row, slot, text, actor, at)
            keeping.keep(actor, at, [signature])
        _settle(row, actor, at, signature=signature)
        journal.record(
            actor=actor, verb="agreements.paper.confirmed", subject=f"person:{slot.agreement.person_id}", at=at,
            clause="IX.C.5", data={"paper": row.pk, "slot": slot.pk, "signature": signature.pk},
        )  # fmt: skip
    return signature


def reject_paper(*, actor: Actor, at: datetime, paper: int | PaperRecord, reason: str) -> PaperRecord:
    """IX.C: the second pair of eyes does not see what was typed in. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say what is wrong, so that whoever typed it in can mend it."))
    with journal.atomic():
        row = _waiting(actor, paper)
        _settle(row, actor, at, rejected=reason.strip())
        journal.record(
            actor=actor, verb="agreements.paper.rejected", subject=f"person:{row.slot.agreement.person_id}", at=at,
            clause="IX.C.5", reason=reason.strip(), data={"paper": row.pk, "slot": row.slot_id},
        )  # fmt: skip
    return row


def _slot(slot: int | Slot) -> Slot:
    pk = slot.pk if isinstance(slot, Slot) else slot
    row = Slot.objects.select_related("agreement__person", "holder").filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no place %(pk)s to sign; open the page again.") % {"pk": pk})
    return row


def _check(slot: Slot, version: FormVersion, language: str, name: str, signed_on: date, today: date) -> None:
    if slot.closed_on is not None or slot.agreement.closed_on is not None:
        raise Refused(_("This place to sign is closed: somebody else signs here now, or the agreement ended."))
    if version.form_id != slot.agreement.form_id:
        raise Refused(_("The sheet is of another form than the agreement."))
    if not version.texts.filter(language=language).exists():
        raise Refused(
            _("This version has no words in “%(language)s”; choose the language of the sheet.") % {"language": language}
        )
    if not name.strip():
        raise Refused(_("Type the name as it stands on the sheet."))
    if signed_on > today:
        raise Refused(
            _("The sheet cannot have been signed on %(signed_on)s, which is still to come.") % {"signed_on": signed_on}
        )


def _waiting(actor: Actor, paper: int | PaperRecord) -> PaperRecord:
    pk = paper.pk if isinstance(paper, PaperRecord) else paper
    row = PaperRecord.objects.select_related("slot__agreement").filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no sheet %(pk)s to look at.") % {"pk": pk})
    if row.checked_at is not None:
        raise Refused(_("%(checked_name)s has looked at this sheet already.") % {"checked_name": row.checked_name})
    if actor.id == row.recorded_by:
        raise Refused(_("Somebody else than the person who typed it in must look at the sheet."))
    return row


def _settle(
    row: PaperRecord, actor: Actor, at: datetime, *, signature: Signature | None = None, rejected: str = ""
) -> None:
    changed = PaperRecord.objects.filter(pk=row.pk, checked_at=None).update(
        checked_by=actor.id, checked_name=actor.name, checked_at=at, signature=signature, rejected=rejected
    )
    if changed != 1:
        raise Refused(_("Somebody else has looked at this sheet in the meantime."))
    row.refresh_from_db()


def _signature(row: PaperRecord, slot: Slot, text: FormText, actor: Actor, at: datetime) -> Signature:
    detail = f"paper signed {row.signed_on}, typed in by {row.recorded_name}, looked at by {actor.name}; {row.scan}"
    signature = Signature(
        slot=slot, signer_id=slot.holder_id, version=text.version, text=text, text_sha256=text.sha256,
        method=Method.PAPER, detail=detail[:300], electronic=False, intent="Signed by hand on paper.",
        typed_name=row.name_on_paper, attested_by_id=row.attested_by_id, on=people.today(at), signed_at=at,
        received_at=at, place="school office",
    )  # fmt: skip
    signature.permits = True  # type: ignore[attr-defined]
    return signature
