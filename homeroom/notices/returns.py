"""Reads what mail servers report about mail of ours: RFC 3464 reports, and those that only look like one.

Pure: bytes in, a report out. What a report calls failed is for good; where it does not say, 5.x.x is for good, 4.x.x
is for now, and unknown is for now (as listmonk has it).
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

from homeroom.notices.mail import OURS

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"\b([45]\d\d)[ -]")
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
LONGEST = 1_000_000  # bytes of a report that are looked at


@dataclass(frozen=True, slots=True)
class Report:
    """One report: the outcome ("hard", "soft", "delivered", "complaint", "unknown"), and what leads to the letter."""

    digest: str
    outcome: str
    status: str = ""
    address: str = ""
    message_id: str = ""
    why: str = ""


def read(raw: bytes) -> Report | None:
    """What a message says about mail of ours; None where it is no report (a reply, an advertisement)."""
    digest = hashlib.sha256(raw).hexdigest()
    message = email.message_from_bytes(raw[:LONGEST], policy=email.policy.default)
    text = raw[:LONGEST].decode("utf-8", "replace")
    fields = _fields(message)
    if not fields and not _looks_like_a_report(message):
        return None
    status = fields.get("status", "") or _first(STATUS, text)
    why = fields.get("diagnostic-code", "") or _first_line(message)
    code = status[:1] or _first(REPLY, text)[:1]
    return Report(
        digest=digest,
        outcome=_outcome(fields.get("action", ""), code),
        status=status[:20],
        address=_address(fields.get("original-recipient") or fields.get("final-recipient") or "", text)[:254],
        message_id=_ours(text),
        why=" ".join(why.split())[:300],
    )


def _fields(message: Message) -> dict[str, str]:
    """The per-recipient fields of a delivery status part, by lower-case name."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            found: dict[str, str] = {}
            for block in blocks if isinstance(blocks, list) else []:
                found |= {name.lower(): str(value).strip() for name, value in block.items()}
            if found:
                return found
    return {}


def _looks_like_a_report(message: Message) -> bool:
    """Reports that keep to no standard come from nobody, or from a mailer."""
    sender = str(message.get("From", "")).lower()
    empty_path = str(message.get("Return-Path", "x")).strip() == "<>"
    return empty_path or any(each in sender for each in ("mailer-daemon", "postmaster"))


def _outcome(action: str, code: str) -> str:
    action = action.lower().partition(";")[0].strip()
    if action in ("delivered", "relayed", "expanded"):
        return "delivered"
    if action in ("delayed", "failed"):
        return "soft" if action == "delayed" else "hard"  # who failed for lack of time has given up as well
    return {"5": "hard", "4": "soft", "2": "delivered"}.get(code, "unknown")


def _address(field: str, text: str) -> str:
    found = ADDRESS.search(field.partition(";")[2] or field)
    return found[0].lower() if found else ""


def _ours(text: str) -> str:
    found = OURS.search(text.replace("=\n", "").replace("=\r\n", ""))
    return found[0].lstrip("<").rstrip("@") if found else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0].strip(" -") if found else ""


def _first_line(message: Message) -> str:
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    try:
        words = body.get_content() if body else ""
    except (LookupError, KeyError, ValueError):
        words = ""
    return next((line.strip() for line in str(words).splitlines() if STATUS.search(line) or REPLY.search(line)), "")
