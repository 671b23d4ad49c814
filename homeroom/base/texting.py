"""Text messages to phones: one port, and adapters behind it.

HOMEROOM_SMS_URL says where they go: nothing ("", no text message is sent), `file:///folder/file.jsonl`
(one line of JSON each, for trials), or `https://gateway/…` (a POST of {"to", "text"} as JSON; the token of
HOMEROOM_SMS_TOKEN goes along as a bearer). A gateway of another form is one small relay away.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import phonenumbers
from django.conf import settings

PATIENCE = 10.0  # seconds that a gateway gets


class _NoWayOn(urllib.request.HTTPRedirectHandler):
    """A redirect could lead the token to somebody else."""

    def redirect_request(self, *_: Any) -> None:
        """None: it is answered as the failure that it is."""


_STRAIGHT = urllib.request.build_opener(_NoWayOn)


class NotSent(RuntimeError):
    """A text message that did not get away; the message says why."""


def offered() -> bool:
    """Whether this installation can send text messages."""
    return bool(settings.SMS_URL)


def number(text: str, region: str = "US") -> str:
    """A phone number in its one spelling (E.164), or "" where it is none.

    >>> number("(651) 555-0123"), number("+52 55 1234 5678"), number("ben@lake.test")
    ('+16515550123', '+525512345678', '')
    """
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if _possible(parsed) else ""


def send(to: str, text: str) -> None:
    """Send one text message; raises NotSent."""
    where = settings.SMS_URL
    parts = urlsplit(where)
    if parts.scheme == "file":
        _append(Path(unquote(parts.path)), to, text)
    elif parts.scheme in ("http", "https"):
        _post(where, to, text)
    else:
        raise NotSent("No text message can be sent: set HOMEROOM_SMS_URL to a gateway, or to a file for trials.")


def _possible(parsed: phonenumbers.PhoneNumber) -> bool:
    return bool(phonenumbers.is_possible_number(parsed))


def _append(path: Path, to: str, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"to": to, "text": text}, ensure_ascii=False) + "\n")
    except OSError as error:
        raise NotSent(f"{path}: {error.strerror}. Check HOMEROOM_SMS_URL.") from None


def _post(where: str, to: str, text: str) -> None:
    headers = {"Content-Type": "application/json", "User-Agent": "Homeroom"}
    if token := settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"to": to, "text": text}).encode()
    request = urllib.request.Request(where, body, headers, method="POST")  # noqa: S310 - the scheme is checked
    try:
        with _STRAIGHT.open(request, timeout=PATIENCE) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        raise NotSent(f"The gateway for text messages answered {error.code}. Ask whoever runs it.") from None
    except (OSError, ValueError) as error:
        raise NotSent(f"The gateway for text messages does not answer ({error}).") from None
