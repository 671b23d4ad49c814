"""The keys of the seal: one in use, and the certificates of all before it, so that old seals are still known.

In HOMEROOM_HOME/keys/seal: `0001.pem` (private key and certificate, for its owner only) and `0001.crt` (the
certificate alone, which may be handed out). The highest number is in use. Where its private key was lost or damaged
or its time is nearly over, the next sealing makes another; certificates stay.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

GOOD_FOR = timedelta(days=3653)  # ten years: what a form is kept for, and more
RENEW_BEFORE = timedelta(days=30)
AHEAD = timedelta(minutes=5)  # clocks of two machines may disagree


@dataclass(frozen=True, slots=True)
class Key:
    """The key in use: its number, the private key and its certificate."""

    number: int
    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def folder() -> Path:
    """Where they lie; made when missing."""
    path = Path(settings.HOME) / "keys" / "seal"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def in_use(at: datetime) -> Key:
    """The key to seal with at an instant; made at first use, and again where the last one is lost or nearly over."""
    number = _last()
    key = _read(number) if number else None
    if key and at < key.certificate.not_valid_after_utc - RENEW_BEFORE:
        return key
    return _make(number, at)


def renew(at: datetime) -> Key:
    """Make a new key and use it from now on. Certificates of earlier ones stay, so their seals stay good."""
    return _make(_last(), at)


def _make(last: int, at: datetime) -> Key:
    """The key after `last`: a new one, or that of another process that was first."""
    while True:
        last += 1
        private = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(private, at)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = certificate.public_bytes(serialization.Encoding.PEM)
        if _write(folder() / f"{last:04}.pem", pem + public):
            _write(folder() / f"{last:04}.crt", public)
            return Key(last, private, certificate)
        if key := _read(last):
            return key


def certificates() -> list[x509.Certificate]:
    """Those of all keys there ever were, oldest first; a damaged file is passed over."""
    found: dict[bytes, x509.Certificate] = {}
    for path in sorted((*folder().glob("*.crt"), *folder().glob("*.pem"))):
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except (ValueError, OSError):
            continue
        found.setdefault(certificate.fingerprint(hashes.SHA256()), certificate)
    return list(found.values())


def _last() -> int:
    stems = [path.stem for path in (*folder().glob("*.crt"), *folder().glob("*.pem"))]
    return max((int(stem) for stem in stems if stem.isdigit()), default=0)


def _read(number: int) -> Key | None:
    try:
        data = (folder() / f"{number:04}.pem").read_bytes()
        private = serialization.load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != certificate.public_key():
        return None
    if not (public := folder() / f"{number:04}.crt").exists():
        _write(public, certificate.public_bytes(serialization.Encoding.PEM))
    return Key(number, private, certificate)


def _certificate(private: ec.EllipticCurvePrivateKey, at: datetime) -> x509.Certificate:
    organisation = settings.ORGANISATION[:64]  # the longest that X.520 allows
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Seal of {organisation}"[:64]),
        ]
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)  # to sign, and to stand by it
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - AHEAD)
        .not_valid_after(at + GOOD_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )


def _write(path: Path, data: bytes) -> bool:
    """Write a file whole, for its owner only; False where it is there already (it is never overwritten)."""
    aside = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    return True
