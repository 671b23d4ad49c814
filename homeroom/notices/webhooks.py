"""What mail services tell by webhook, in one form; anymail knows how each of them says it."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from homeroom.notices.mail import OURS
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
    """The reports in one call of a service. What it says about opening and clicking is not taken in at all.

    Raises SuspiciousOperation where a key is set and the call is not signed with it.
    """
    view = getattr(import_module(f"anymail.webhooks.{service}"), VIEWS[service])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anymail wants a password of its own; ours stands in the address of the page
        found = view()
        found.run_validators(request)
        events = found.parse_events(request)
    for event in events:
        outcome = OUTCOMES.get(event.event_type)
        if outcome:
            yield _report(service, event, outcome)


def _report(service: str, event: Any, outcome: str) -> Report:
    name = f"{service} {event.event_id or ''} {event.message_id} {event.event_type} {event.recipient} {event.timestamp}"
    return Report(
        digest=hashlib.sha256(name.encode()).hexdigest(),
        outcome=outcome,
        address=(event.recipient or "").lower()[:254],
        message_id=_ours(event),
        why=str(event.mta_response or event.description or "")[:300],
    )


def _ours(event: Any) -> str:
    """Our Message-ID, wherever a service keeps it: as the message's own, as metadata, or as a name of ours.

    It holds a seal, so nobody can make one up by writing into such a field.
    """
    found = OURS.search(json.dumps(event.esp_event, default=str))
    return found[0].lstrip("<").rstrip("@") if found else ""
