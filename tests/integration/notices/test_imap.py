"""XIII.C.0m: returns are read from a mailbox by IMAP, each once, and nothing is lost where the server fails."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from homeroom.base.errors import Refused
from homeroom.notices import jobs
from homeroom.notices import mailbox as boxes
from homeroom.notices.actions import returns as taking
from homeroom.notices.models import Bounce
from tests.integration.notices.conftest import NOON
from tests.integration.notices.imap_server import Mailbox
from tests.integration.notices.test_returns import letter, report, send

__all__ = ["letter"]
pytestmark = pytest.mark.django_db
REPLY = b"From: rosa@lake.test\r\nSubject: Thanks\r\n\r\nHello \xff\x00 {12}\r\n"


def take(where: str) -> tuple[int, int]:
    return taking.take_in_all(raw=boxes.messages(where), at=NOON)


def test_every_message_is_read_and_taken_out(letter):
    send()
    with Mailbox(report(letter.pk), REPLY) as server:
        assert take(server.where()) == (2, 1)
        assert server.messages == [] and server.heard[-2:] == ["EXPUNGE", "LOGOUT"]
        assert take(server.where()) == (0, 0)
    letter.refresh_from_db()
    assert letter.state == "unreachable" and Bounce.objects.count() == 1


def test_a_connection_that_breaks_loses_nothing_and_doubles_nothing(letter):
    send()
    with Mailbox(report(letter.pk), REPLY) as server:
        server.cut_at = 2
        with pytest.raises(Refused, match="read again later"):
            take(server.where())
        assert len(server.messages) == 2, "the half one stays"
        server.cut_at = 0
        assert take(server.where()) == (1, 0)
        assert server.messages == []
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, said", [({"password": "guess"}, "wrong password"), ({"folder": "Other"}, "no such folder")]
)
def test_what_is_wrong_is_said_in_a_sentence(wrong, said, monkeypatch, db):
    with Mailbox(REPLY) as server:
        with pytest.raises(Refused, match=said):
            take(server.where(**wrong))
        monkeypatch.setenv("HOMEROOM_MAIL_RETURNS", server.where(**wrong))
        assert said in jobs.take_in_returns(NOON), "the worker goes on"
        assert len(server.messages) == 1


def test_a_server_that_is_not_there_is_said_too(db):
    with Mailbox() as server:
        where = server.where()
    with pytest.raises(Refused, match="cannot be opened"):
        take(where)


def test_by_tls_the_certificate_is_checked(letter, tmp_path, monkeypatch):
    context, ca = _certificate(tmp_path)
    with Mailbox(REPLY, tls=context) as server:
        with pytest.raises(Refused, match="cannot be opened"):
            take(server.where())
        assert server.heard == [], "no password was sent to somebody whom nobody vouches for"
        monkeypatch.setenv("SSL_CERT_FILE", str(ca))
        assert take(server.where()) == (1, 0)


def _certificate(folder):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(_loopback())]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paper, secret = folder / "cert.pem", folder / "key.pem"
    paper.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper, secret)
    return context, paper


def _loopback():
    from ipaddress import ip_address

    return ip_address("127.0.0.1")
