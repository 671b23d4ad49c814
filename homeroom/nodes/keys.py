"""The district's own key: it signs bundles, and vouches for the key that comes after it.

    HOMEROOM_HOME/keys/bundle.key         the key that signs (a seed of 32 bytes)
    HOMEROOM_HOME/keys/bundle-chain.json  {"first": hex, "chain": [{"key", "signature"}, ...]}

The district's id is the fingerprint of its first key, so it outlives every change of keys.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from homeroom.doors import environment, whole_file
from homeroom.doors.nodes import signing


def seed() -> bytes:
    """The key that signs now."""
    return environment.key(environment.home(), "bundle")


def district() -> str:
    """The id of our own district."""
    return signing.fingerprint(_chain()["first"])


def introduction() -> dict[str, Any]:
    """What a new node must know of us. The ticket key lets its block pages lead back to our review form."""
    said = _chain()
    ticket = environment.key(environment.home(), "ticket").hex()
    return {"district": district(), "first_key": said["first"], "chain": said["chain"], "ticket_key": ticket}


def chain() -> list[dict[str, str]]:
    """Which key came after which."""
    return list(_chain()["chain"])


def renew() -> str:
    """Make a new key, let the old one vouch for it, use it from now on."""
    old, said, new = seed(), _chain(), secrets.token_bytes(32)
    said["chain"].append(signing.next_key(old, signing.public(new)))
    whole_file.put(_path(), json.dumps(said).encode())
    whole_file.put(environment.home() / "keys" / "bundle.key", new)
    return signing.public(new)


def _chain() -> dict[str, Any]:
    """Without a step to a key that does not sign yet: a change of keys that broke off leaves no node behind."""
    now = signing.public(seed())
    try:
        said = dict(json.loads(_path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        said = {"first": now, "chain": []}
        whole_file.put(_path(), json.dumps(said).encode())
    while said["chain"] and said["chain"][-1]["key"] != now:
        said["chain"].pop()
    return said


def _path() -> Path:
    return environment.home() / "keys" / "bundle-chain.json"
