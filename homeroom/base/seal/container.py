"""The seal itself lies in a gap that no signature can cover; here every byte of that gap is accounted for.

Without this, bytes of the certificate's copy or of the padding could be changed and nobody would see it.
"""

from __future__ import annotations

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

HASH = "sha256"


def untouched(seal: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether the gap holds one plain seal by the certificate that it names, then zeros, and nothing else."""
    _, begin, end, _ = (int(each) for each in seal.byte_range)
    try:
        held = bytes.fromhex(pdf[begin + 1 : end - 1].decode("ascii"))
    except ValueError:
        return False
    message = cms.ContentInfo.load(held)
    body = message.dump(force=True)
    upper = pdf[begin + 1 : end - 1] == held.hex().upper().encode()
    framed = pdf[begin : begin + 1] + pdf[end - 1 : end] == b"<>"
    padded = held == body + bytes(len(held) - len(body))
    return framed and upper and padded and _plain(message, seal.signer_cert)


def _plain(message: cms.ContentInfo, certificate: Certificate) -> bool:
    """One signer, named by the certificate; that certificate and no other; SHA-256; nothing outside the signature."""
    content = message["content"]
    signers = list(content["signer_infos"])
    held = [each.chosen.dump(force=True) for each in content["certificates"]]
    by = signers[0]
    name = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    return (
        message["content_type"].native == "signed_data"
        and held == [certificate.dump()]
        and len(signers) == 1
        and content["encap_content_info"].native == {"content_type": "data", "content": None}
        and content["version"].native == by["version"].native == "v1"
        and by["sid"].chosen.dump(force=True) == name.dump(force=True)
        and [each["algorithm"].native for each in content["digest_algorithms"]] == [HASH]
        and by["digest_algorithm"]["algorithm"].native == HASH
        and by["signature_algorithm"]["algorithm"].native == f"{HASH}_ecdsa"
        and not content["crls"]
        and not by["unsigned_attrs"]
    )
