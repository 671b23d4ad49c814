"""What mail services tell by webhook, in one form; anymail knows how each of them says it."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from homeroom.notices.returns import Report

VIEWS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}
OUTCOMES = {
    "delivered": "delivered",
    "bounced": "hard",
    "rejected": "hard",
    "failed": "hard",
    "complained": "complaint",
    "deferred": "soft",
}


def reports(service: str, request: Any) -> Iterator[Report]:
    """The reports in one call of a service. What it says about opening and clicking is not taken in at all."""
    view = getattr(import_module(f"anymail.webhooks.{service}"), VIEWS[service])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anymail wants a password of its own; ours stands in the address of the page
        events = view().parse_events(request)
    for event in events:
        outcome = OUTCOMES.get(event.event_type)
        if outcome:
            yield _report(service, event, outcome)


def _report(service: str, event: Any, outcome: str) -> Report:
    if event.event_type == "bounced" and getattr(event, "reject_reason", None) not in ("bounced", "invalid", None):
        outcome = "soft"
    name = f"{service} {event.event_id or ''} {event.message_id} {event.event_type} {event.recipient} {event.timestamp}"
    letter = str((event.metadata or {}).get("letter", ""))
    return Report(
        digest=hashlib.sha256(name.encode()).hexdigest(),
        outcome=outcome,
        address=(event.recipient or "").lower()[:254],
        message_id=_id_of(letter),
        why=str(event.mta_response or event.description or "")[:300],
    )


def _id_of(letter: str) -> str:
    from homeroom.notices import mail

    return mail.message_id(int(letter)).strip("<>").rpartition("@")[0] if letter.isdigit() else ""
