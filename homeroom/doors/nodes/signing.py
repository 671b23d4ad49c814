"""Signed statements: what a district says to its nodes, and a node to its district (Ed25519, RFC 8032).

A bundle's statement names the district, a serial that only grows, the manifest, and the SHA-256 of every file.
Leases travel whole, with the moment at which they were told, which only grows.
A request of a node is signed over its method, path, body and second. Key files hold 32 random bytes, which are an
Ed25519 seed (doors/environment.key).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FRESH = 300  # seconds by which the clocks of node and centre may differ
_BUNDLE, _REQUEST, _NEXT = b"homeroom bundle 1\0", b"homeroom request 1\0", b"homeroom next key 1\0"
_LEASES = b"homeroom leases 1\0"


class BadStatement(ValueError):
    """A statement that is not believed; the message is a sentence with the reason."""


def public(seed: bytes) -> str:
    """The public half of a key, as hex."""
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def fingerprint(key: str) -> str:
    """A short name for a public key.

    >>> fingerprint("00" * 32)
    '66687aadf862bd77'
    """
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]


def bundle_statement(seed: bytes, facts: Mapping[str, Any]) -> bytes:
    """A bundle's facts with their signature, as the centre serves them."""
    text = json.dumps(dict(facts), separators=(",", ":"), sort_keys=True)
    return json.dumps({"said": text, "signature": _sign(seed, _BUNDLE + text.encode())}).encode()


def read_bundle_statement(data: bytes, keys: tuple[str, ...], *, district: str, after: int) -> dict[str, Any]:
    """The facts of a statement; raises BadStatement for another's, an older or an unsigned one."""
    try:
        outer = json.loads(data)
        text, signature = str(outer["said"]), str(outer["signature"])
    except (ValueError, KeyError, TypeError):
        raise BadStatement("What the centre sent is no signed bundle. Nothing was changed.") from None
    if not _right(keys[-1], signature, _BUNDLE + text.encode()):
        raise BadStatement("The bundle is not signed by this district's key. The last good one keeps serving.")
    said: dict[str, Any] = json.loads(text)
    if said.get("district") != district:
        raise BadStatement("The bundle is for another district. The last good one keeps serving.")
    if not isinstance(said.get("serial"), int) or said["serial"] < after:
        raise BadStatement(
            f"The bundle (number {said.get('serial')}) is older than the one in force ({after}); somebody may have "
            "sent an old one again. The last good one keeps serving."
        )
    return said


def lease_statement(seed: bytes, district: str, file: bytes) -> bytes:
    """The file of leases (doors.lease_file) with its signature, as the centre serves it."""
    text = json.dumps({"district": district, "file": file.decode()}, separators=(",", ":"))
    return json.dumps({"said": text, "signature": _sign(seed, _LEASES + text.encode())}).encode()


def read_lease_statement(data: bytes, keys: tuple[str, ...], *, district: str) -> bytes:
    """The file of a statement; raises BadStatement for another district's or an unsigned one."""
    try:
        outer = json.loads(data)
        text, signature = str(outer["said"]), str(outer["signature"])
        said = json.loads(text)
        file, ours = str(said["file"]), said["district"] == district
    except (ValueError, KeyError, TypeError):
        raise BadStatement("What the centre sent are no signed leases. Those before stay.") from None
    if not ours or not _right(keys[-1], signature, _LEASES + text.encode()):
        raise BadStatement("The leases are not signed by this district's key. Those before stay.")
    return file.encode()


def next_key(seed: bytes, key: str) -> dict[str, str]:
    """The old key says which key comes after it."""
    return {"key": key, "signature": _sign(seed, _NEXT + bytes.fromhex(key))}


def follow(keys: tuple[str, ...], chain: list[dict[str, str]]) -> tuple[str, ...]:
    """The keys of a district in their order, once every well-signed step of a chain was taken.

    Only the last one signs and vouches: a key is renewed where somebody may have got hold of it.
    """
    taken = list(keys)
    for step in chain:
        known = step["key"] in taken
        if not known and _right(taken[-1], step["signature"], _NEXT + bytes.fromhex(step["key"])):
            taken.append(step["key"])
    return tuple(taken)


def request_signature(seed: bytes, method: str, path: str, body: bytes, second: int) -> str:
    """What a node puts beside a request."""
    return _sign(seed, _asked(method, path, body, second))


def right_request(key: str, signature: str, method: str, path: str, body: bytes, second: int, now: int) -> bool:
    """Whether a request is a node's, and of this moment."""
    return abs(now - second) <= FRESH and _right(key, signature, _asked(method, path, body, second))


def _asked(method: str, path: str, body: bytes, second: int) -> bytes:
    return _REQUEST + f"{method} {path} {second} {hashlib.sha256(body).hexdigest()}".encode()


def _sign(seed: bytes, data: bytes) -> str:
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(data)).decode()


def _right(key: str, signature: str, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(base64.b64decode(signature, validate=True), data)
    except (ValueError, InvalidSignature):
        return False
    return True
