"""Looking at a seal: is it ours, and is the file still what was sealed?"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from homeroom.base.seal import container, keys

OK, CHANGED, UNKNOWN, NONE, UNREADABLE = "ok", "changed", "unknown", "none", "unreadable"

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it writes a trace for every bad file; we say a sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at a file found. `ok`: the seal is ours and no byte was changed; `ours`: the seal is ours."""

    ok: bool
    sentence: str
    signed_at: datetime | None = None
    reason: str = ""
    ours: bool = False
    state: str = OK


def verify(pdf: bytes) -> Verdict:
    """Whether a file is sealed by this installation and unchanged since; never raises."""
    if not pdf.lstrip()[:5].startswith(b"%PDF"):
        return Verdict(False, _("This file is not a PDF. Choose the sealed PDF itself."), state=UNREADABLE)
    try:
        seals = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
        if not seals:
            return _unsealed(pdf)
        return _look(pdf, seals)
    except Exception:  # a damaged file may break the reader anywhere
        return Verdict(
            False,
            _("This file cannot be read: it was damaged or changed. Ask for the original and look at that."),
            state=CHANGED,
        )


def _unsealed(pdf: bytes) -> Verdict:
    if b"/ByteRange" in pdf:
        return _changed()
    sentence = _("This PDF has no seal, so nothing can be said about it. Ask the school for the sealed original.")
    return Verdict(False, sentence, state=NONE)


def _look(pdf: bytes, seals: list[EmbeddedPdfSignature]) -> Verdict:
    seal = seals[-1]
    ours = _is_ours(seal)
    status = validate_pdf_signature(seal, _trusting(seal), skip_diff=True)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    when, why = seal.self_reported_timestamp, str(seal.sig_object.get("/Reason", ""))
    if not (
        whole and status.intact and status.valid and len(seals) == 1 and (not ours or container.untouched(seal, pdf))
    ):
        return _changed(when, why, ours)
    if not ours:
        sentence = _(
            "This PDF has a seal, but not ours: nothing in it was changed since, yet it does not come from here. "
            "Ask the school for its own copy."
        )
        return Verdict(False, sentence, when, why, False, UNKNOWN)
    return Verdict(True, _("The seal is ours, and not one byte was changed since."), when, why, True, OK)


def _changed(when: datetime | None = None, why: str = "", ours: bool = False) -> Verdict:
    sentence = _("This file was changed after it was sealed. Do not rely on it; ask the school for the original.")
    return Verdict(False, sentence, when, why, ours, CHANGED)


def _is_ours(seal: EmbeddedPdfSignature) -> bool:
    known = {each.public_bytes(Encoding.DER) for each in keys.certificates()}
    return seal.signer_cert is not None and seal.signer_cert.dump() in known


def _trusting(seal: EmbeddedPdfSignature) -> Any:
    """Take the signer's certificate as it is: whether it is ours is asked elsewhere, by its very bytes."""
    return ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False, moment=seal.self_reported_timestamp)
