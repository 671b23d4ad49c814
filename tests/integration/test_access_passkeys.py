"""Signing in with a passkey, played by a small authenticator in software (WebAuthn level 2)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from homeroom.journal.models import Entry

pytestmark = pytest.mark.django_db
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@dataclass
class Passkey:
    """What a phone or a security key does."""

    origin: str = "https://testserver"
    verified: bool = True
    user: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"passkey-of-dana!"

    def register(self, options: dict) -> str:
        self.user = options["publicKey"]["user"]["id"]
        client_data = self._client_data("webauthn.create", options)
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = b"\0" * 16 + len(self.id).to_bytes(2) + self.id + public
        object = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(options, ATTESTED) + attested})
        return self._credential(client_data, attestationObject=websafe_encode(object))

    def sign_in(self, options: dict) -> str:
        client_data = self._client_data("webauthn.get", options)
        data = self._data(options)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            client_data, authenticatorData=websafe_encode(data), signature=websafe_encode(signature),
            userHandle=self.user,
        )  # fmt: skip

    def _client_data(self, type: str, options: dict) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": type, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, options: dict, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(b"testserver").digest() + bytes([flags]) + b"\0\0\0\1"

    def _credential(self, client_data: bytes, **response: str) -> str:
        return json.dumps({
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
            "response": {"clientDataJSON": websafe_encode(client_data), **response}, "clientExtensionResults": {},
        })  # fmt: skip


@pytest.fixture(autouse=True)
def _as_with_tls(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False


def registered(town, key: Passkey) -> int:
    """Register a passkey for Dana; the status code of the answer."""
    town.bare_account("dana")
    client = Client()
    client.force_login(town.dana.account)
    options = client.get("/account/passkeys/add").context["js_data"]["creation_options"]
    credential = key.register(options)
    return client.post("/account/passkeys/add", {"name": "Phone", "credential": credential}).status_code


def sign_in(key: Passkey, client: Client) -> bool:
    options = client.get("/account/passkeys/sign-in", headers={"accept": "application/json"}).json()["request_options"]
    client.post("/account/passkeys/sign-in", {"credential": key.sign_in(options)})
    return client.get("/account/factors").status_code == 200


def test_a_passkey_alone_signs_in_and_counts_as_second_factor(town):
    assert registered(town, key := Passkey()) == 302
    client = Client()
    assert sign_in(key, client)
    assert client.get("/account/password").url == "/account/password/first", "further than the second factor's page"
    assert Entry.objects.get(verb="access.account.signed-in").data["method"]


@pytest.mark.parametrize("origin", ["https://evil.test", "http://testserver", "https://testserver.evil.test"])
def test_a_passkey_shown_to_another_site_opens_nothing(town, origin):
    registered(town, key := Passkey())
    key.origin = origin
    assert not sign_in(key, Client())


def test_another_key_opens_nothing(town):
    registered(town, key := Passkey())
    thief = Passkey(user=key.user)
    assert not sign_in(thief, Client())


def test_a_key_that_did_not_check_its_holder_opens_nothing_alone(town):
    registered(town, key := Passkey())
    key.verified = False
    assert not sign_in(key, Client())


def test_an_answer_cannot_be_played_again(town):
    registered(town, key := Passkey())
    first = Client()
    options = first.get("/account/passkeys/sign-in", headers={"accept": "application/json"}).json()["request_options"]
    answer = key.sign_in(options)
    second = Client()
    second.get("/account/passkeys/sign-in", headers={"accept": "application/json"})
    second.post("/account/passkeys/sign-in", {"credential": answer})
    assert second.get("/account/factors").status_code == 302
