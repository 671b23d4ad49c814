"""The certificate of DNS over HTTPS: the district's own, or one made here at the first start.

HOMEROOM_HOME/tls/cert.pem   the certificate, with its chain
HOMEROOM_HOME/tls/key.pem    its private key, readable by its owner only
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from homeroom.doors import whole_file

if TYPE_CHECKING:
    from cryptography import x509

LIFETIME = timedelta(days=397)  # what browsers accept at most


class BadCertificate(Exception):
    """A certificate that cannot be served; the message says which file and what to do."""


def context(home: Path, names: Sequence[str], at: datetime) -> ssl.SSLContext:
    """The TLS side of the DoH listener; `names` are host names and addresses for a certificate made here."""
    certificate, key = home / "tls" / "cert.pem", home / "tls" / "key.pem"
    if not certificate.exists() and not key.exists():
        make_self_signed(certificate, key, names, at)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["h2", "http/1.1"])
    try:
        made.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as trouble:
        raise BadCertificate(
            f"The certificate {certificate} and its key cannot be used: {trouble}. Put a matching pair there, "
            "or remove both files and one is made at the next start."
        ) from trouble
    return made


def make_self_signed(certificate: Path, key: Path, names: Sequence[str], at: datetime) -> None:
    """Write a key and a certificate for these names, signed by itself; clients must be told to trust it."""
    # Imported here, for the door needs the library once in its life and pays for it in memory each time.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Homeroom DNS door")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_alternative(each) for each in dict.fromkeys(names)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    whole_file.put(key, private)
    whole_file.put(certificate, made.public_bytes(serialization.Encoding.PEM))


def _alternative(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
