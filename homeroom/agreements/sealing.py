"""IX.C.5, 325L.12: an agreement as a sealed PDF: the very words, all signatures, and what shows that they are true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from homeroom.agreements import wordings
from homeroom.agreements.models import Agreement, Filing, FormText, Signature
from homeroom.base import paper, seal
from homeroom.base.paper import blocks
from homeroom.doors import whole_file
from homeroom.people import queries as people
from homeroom.people.models import Person


def original(agreement: Agreement, signatures: Sequence[Signature], *, at: datetime, filed: str = "") -> bytes:
    """IX.C.5: the agreement with these signatures, sealed. `filed` says where it is on file."""
    with translation.override("en"):
        sheet = {
            **_head(agreement, at),
            "title": signatures[-1].text.title if signatures else agreement.form.title,
            "filed": filed or _("Not on file yet: not everybody has signed."),
            "texts": [_words(each) for each in _texts(signatures)],
            "signatures": [_evidence(each) for each in signatures],
            "foot": _foot(agreement, signatures),
        }
        pdf = paper.typeset("agreements/agreement.typ", sheet, at=at)
        return seal.seal(pdf, reason=_("Agreement %d of %s") % (agreement.pk, agreement.person.name), at=at)


def attachment(agreement: Agreement, signature: Signature, joins: str, number: int, *, at: datetime) -> bytes:
    """IX.C.6: one later signature, as a sheet to be put with the original; `joins` is the original's SHA-256."""
    with translation.override("en"):
        sheet = {
            **_head(agreement, at),
            "title": _("Attachment %d to agreement %d") % (number, agreement.pk),
            "joins": joins,
            "texts": [_words(signature.text)],
            "signatures": [_evidence(signature)],
            "foot": _foot(agreement, [signature]),
        }
        pdf = paper.typeset("agreements/attachment.typ", sheet, at=at)
        reason = _("Attachment %d to agreement %d of %s") % (number, agreement.pk, agreement.person.name)
        return seal.seal(pdf, reason=reason, at=at)


def receipt(person: Person, signatures: Sequence[Signature], language: str, *, at: datetime) -> bytes:
    """325L.08: a copy to keep for whoever signed: what they signed, for whom, when, and the words; sealed."""
    with translation.override(wordings.spoken(language)):
        sheet = {
            "title": _("Your copy of what you signed"),
            "subtitle": person.name,
            "language": wordings.spoken(language),
            "labels": _labels(),
            "texts": [_words(each) for each in _texts(signatures)],
            "signatures": [_evidence(each) for each in signatures],
            "foot": _("Keep this copy. Anybody can check it: %s/verify") % settings.PUBLIC_URL,
        }
        pdf = paper.typeset("agreements/receipt.typ", sheet, at=at)
    return seal.seal(pdf, reason=f"Copy for {person.name} of what was signed", at=at)


def on_file(filing: Filing) -> str:
    """IX.C.5: where and since when an agreement is on file."""
    school = filing.school.name if filing.school else _("the district’s office")
    return _("%(school)s, since %(day)s") % {"school": school, "day": day(filing.on)}


def folder() -> Path:
    """Where sealed sheets lie, each under the hash of its bytes; for the owner only."""
    path = Path(settings.HOME) / "papers" / "sealed"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(pdf: bytes) -> str:
    """Keep a sealed sheet; returns its SHA-256."""
    digest = hashlib.sha256(pdf).hexdigest()
    whole_file.put(folder() / f"{digest}.pdf", pdf)
    return digest


def kept(digest: str) -> bytes | None:
    """A sealed sheet; None where it is lost or was changed on disk."""
    try:
        data = (folder() / f"{digest}.pdf").read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def _head(agreement: Agreement, at: datetime) -> dict[str, Any]:
    person, first, last = agreement.person, agreement.first_day, agreement.last_day
    term = _("from %s") % day(first) if last is None else _("from %s to %s") % (day(first), day(last))
    rows = [
        [_("Student") if agreement.form_id == "student" else _("Employee"), person.name],
        [_("Number on the roster"), person.pk],
        [_("Agreement"), str(agreement.pk)],
        [_("Term"), term],
        [_("Printed"), when(at)],
    ]
    return {"subtitle": person.name, "rows": rows, "labels": _labels(), "language": "en"}


def _labels() -> dict[str, str]:
    """The fixed words of the sheets, in the language that is active."""
    return {
        "what": _("What"), "says": _("What it says"), "words": _("The words that were signed"),
        "signatures": _("Signatures"), "none": _("Nobody has signed yet."), "filed": _("On file"),
        "joins": _("Attached to the original, which stays as it was. SHA-256 of the original:"),
        "drawn": _("Drawn signature"),
    }  # fmt: skip


def _texts(signatures: Iterable[Signature]) -> list[FormText]:
    """The different words that were signed, in the order they were."""
    found: dict[int, FormText] = {}
    for each in signatures:
        found.setdefault(each.text_id, each.text)
    return list(found.values())


def _words(text: FormText) -> dict[str, Any]:
    return {
        "language": text.language,
        "title": text.title,
        "body": blocks.plain(text.body),
        "hash": text.sha256,
    }


def _evidence(signature: Signature) -> dict[str, Any]:
    part, student = signature.slot.part, signature.slot.agreement.person.name
    rows = [
        [_("Signed by"), f"{signature.signer.name}, {wordings.part(part)}"],
        [_("For"), student],
        [_("Name as signed"), signature.typed_name or _("a mark, not a name")],
        [_("Meant by it"), signature.intent],
        [_("Identified by"), signature.detail],
        [_("Agreed to sign electronically"), _("yes") if signature.electronic else _("no: signed on paper")],
        [_("Signed"), when(signature.signed_at)],
        [_("Received"), f"{when(signature.received_at)}, {signature.place}"],
        [
            _("Words"),
            f"{signature.text.title} ({wordings.language(signature.text.language)}), SHA-256 {signature.text_sha256}",
        ],
    ]
    if signature.attested_by is not None:
        rows.insert(3, [_("Seen by"), signature.attested_by.name])
    drawing = bytes(signature.drawing).decode("utf-8", "replace")
    return {"heading": f"{signature.signer.name}, {wordings.part(part)}", "rows": rows, "drawing": drawing,
            "drawing_says": _("Drawn signature of %s") % signature.signer.name}  # fmt: skip


def _foot(agreement: Agreement, signatures: Sequence[Signature]) -> str:
    versions = ", ".join(str(each) for each in sorted({each.version.number for each in signatures}))
    said = _("Agreement %d, %s") % (agreement.pk, agreement.person.name)
    return f"{said}, {_('version %s of the form') % versions}" if versions else said


def when(at: datetime) -> str:
    """An instant on the district's clock, with its zone."""
    local = people.local(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')} {local:%Z}"


day = partial(date_format, format="DATE_FORMAT")
