"""Tickets: what a block page hands to the web application, sealed so that nobody can write one himself.

A ticket is the facts of one block (never a person's id) and the second it was issued at,
as compact JSON, with HMAC-SHA256 over both (RFC 2104), in base64url without padding
(RFC 4648 section 5). It can be read by whoever holds it; it cannot be made or changed
without the key. Good for seven days.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

GOOD_FOR = timedelta(days=7)
AHEAD = timedelta(minutes=5)  # how far two clocks of one installation may disagree
MOST = 4096  # characters of a sealed ticket: what fits into any URL
_DOMAIN = b"homeroom ticket 1\0"  # this key seals nothing else that could be taken for a ticket
_MAC = hashlib.sha256().digest_size


class BadTicket(ValueError):
    """A ticket that is damaged, forged or too old; the message is a sentence with a next step."""


def seal(key: bytes, values: Mapping[str, Any], at: datetime) -> str:
    """A ticket that holds `values` (anything JSON can say), issued at that instant.

    Raises BadTicket where it would be longer than MOST characters.
    """
    body = json.dumps([int(at.timestamp()), dict(values)], ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(_mac(key, body) + body).rstrip(b"=").decode()
    if len(text) > MOST:
        raise BadTicket(f"The ticket would have {len(text)} characters, more than {MOST}; shorten what it holds.")
    return text


def unseal(key: bytes, text: str, at: datetime) -> dict[str, Any]:
    """What `seal` was given; raises BadTicket with a sentence for a damaged, forged or old ticket."""
    sealed = _decode(text)
    # Nothing of the body is looked at before the seal is known to be ours.
    if not hmac.compare_digest(sealed[:_MAC], _mac(key, sealed[_MAC:])):
        raise BadTicket("This link was changed or comes from elsewhere. Open the blocked page again and start there.")
    issued, values = json.loads(sealed[_MAC:])
    age = at.timestamp() - issued
    if age > GOOD_FOR.total_seconds() or age < -AHEAD.total_seconds():
        raise BadTicket(f"This link is older than {GOOD_FOR.days} days. Open the blocked page again and start there.")
    return dict(values)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, _DOMAIN + body, "sha256")


def _decode(text: str) -> bytes:
    try:
        if len(text) > MOST:
            raise ValueError
        sealed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        sealed = b""
    if len(sealed) <= _MAC:
        raise BadTicket("This link is damaged. Open the blocked page again and start there.")
    return sealed
