"""Putting the seal on: an incremental update that leaves every byte of the PDF as it was (ETSI EN 319 142-1)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from homeroom.base.seal import keys

FIELD = "Seal"
ROOM = 4096  # bytes kept free for the seal in the file; one of P-256 with its certificate needs about 1500
# Not seen and not in the way: PDF/A wants it printable, PDF/UA wants it hidden or outside the page; this is both.
UNSEEN = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class _AtAnInstant(signers.PdfSigner):
    """A signer whose clock stands at the instant that it was given."""

    instant: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.instant
        return session


def seal(pdf: bytes, *, reason: str, at: datetime) -> bytes:
    """The PDF with the district's seal: what it was, with the seal appended. `reason` says what is sealed."""
    key = keys.in_use(at)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        name=settings.ORGANISATION,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    spec = fields.SigFieldSpec(FIELD, invis_sig_settings=UNSEEN)
    signer = _AtAnInstant(meta, _signer(key), new_field_spec=spec)
    signer.instant = at
    out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=2 * ROOM)
    return bytes(out.getvalue())


def _signer(key: keys.Key) -> signers.SimpleSigner:
    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = asn1_x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER))
    return signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
        embed_roots=False,
    )
