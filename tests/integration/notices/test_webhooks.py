"""XIII.C.0m: what five mail services report, in the shapes that their documents show, read by anymail's own views."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from homeroom.notices import mail, webhooks
from homeroom.notices.models import Bounce, Letter
from homeroom.notices.views.letters import service_secret
from tests.integration.notices.conftest import lives_at
from tests.integration.notices.test_returns import letter, send

__all__ = ["letter"]
pytestmark = pytest.mark.django_db
WHEN = 1789405500


def name(row: Letter) -> str:
    return mail.message(row, "ben@lake.test").extra_headers["X-MJ-CustomID"]


def brevo(row: Letter, event: str) -> object:
    """developers.brevo.com, "Transactional webhooks"; the message id is the one that we gave."""
    events = {"bounced": "hard_bounce", "gave up": "soft_bounce", "delivered": "delivered", "later": "deferred",
              "opened": "unique_opened"}  # fmt: skip
    return {"event": events[event], "email": "ben@lake.test", "id": 26224, "date": "2026-09-14 12:05:00",
            "ts": WHEN, "message-id": mail.message_id(row.pk), "ts_event": WHEN, "subject": "Using the Internet",
            "tag": "", "ts_epoch": WHEN * 1000, "reason": "550 no such user"}  # fmt: skip


def mailjet(row: Letter, event: str) -> object:
    """dev.mailjet.com, "Event API: real-time notifications"; grouped, as it can be chosen there."""
    same = {"time": WHEN, "MessageID": 19421777835146490, "Message_GUID": "1ab23cd4", "email": "ben@lake.test",
            "mj_campaign_id": 7257, "customcampaign": "", "CustomID": name(row), "Payload": ""}  # fmt: skip
    said = {
        "bounced": {"event": "bounce", "blocked": False, "hard_bounce": True, "error_related_to": "recipient",
                    "error": "user unknown", "comment": "Host or domain name not found."},
        "gave up": {"event": "bounce", "blocked": False, "hard_bounce": False, "error_related_to": "recipient",
                    "error": "quota exceeded", "comment": ""},
        "delivered": {"event": "sent", "smtp_reply": "sent (250 2.0.0 OK 1433333948)"},
        "later": {"event": "bounce", "hard_bounce": False, "error_related_to": "domain", "error": "greylisted"},
        "opened": {"event": "open", "ip": "127.0.0.1", "geo": "", "agent": "Mozilla/5.0"},
    }  # fmt: skip
    return [{**same, **said[event]}]


def postmark(row: Letter, event: str) -> object:
    """postmarkapp.com/developer, "Bounce webhook", "Delivery webhook", "Open webhook"."""
    same = {"MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {"letter": name(row)}, "Tag": "",
            "ServerID": 23, "MessageStream": "outbound"}  # fmt: skip
    bounce = {"RecordType": "Bounce", "ID": 4323372036854775807, "Name": "Hard bounce", "Email": "ben@lake.test",
              "Description": "The server was unable to deliver your message", "Details": "550 no such user",
              "From": "notices@lake.test", "BouncedAt": "2026-09-14T17:05:00Z", "Inactive": True}  # fmt: skip
    said = {
        "bounced": {**bounce, "Type": "HardBounce", "TypeCode": 1},
        "gave up": {**bounce, "Type": "SoftBounce", "TypeCode": 4096},
        "delivered": {"RecordType": "Delivery", "Recipient": "ben@lake.test", "Details": "250 OK",
                      "DeliveredAt": "2026-09-14T17:05:00Z"},
        "later": {**bounce, "Type": "Transient", "TypeCode": 2},
        "opened": {"RecordType": "Open", "FirstOpen": True, "Recipient": "ben@lake.test",
                   "ReceivedAt": "2026-09-14T17:05:00Z", "UserAgent": "Mozilla/5.0"},
    }  # fmt: skip
    return {**same, **said[event]}


def sendgrid(row: Letter, event: str) -> object:
    """twilio.com/docs/sendgrid, "Event webhook reference"; `smtp-id` is the Message-ID that we gave."""
    same = {"email": "ben@lake.test", "timestamp": WHEN, "smtp-id": mail.message_id(row.pk), "sg_event_id": "ZGVm",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"}  # fmt: skip
    said = {
        "bounced": {"event": "bounce", "reason": "550 5.1.1 no such user", "status": "5.1.1", "type": "bounce"},
        "gave up": {"event": "dropped", "reason": "Bounced Address", "status": "5.0.0"},
        "delivered": {"event": "delivered", "response": "250 OK"},
        "later": {"event": "deferred", "response": "400 try again later", "attempt": "5"},
        "opened": {"event": "open", "useragent": "Mozilla/5.0", "ip": "127.0.0.1"},
    }  # fmt: skip
    return [{**same, **said[event]}]


def sparkpost(row: Letter, event: str) -> object:
    """developers.sparkpost.com, "Webhooks: event types"; our name comes back as metadata of the recipient."""
    same = {"event_id": f"9205{event}", "message_id": "000443ee14578172be22", "raw_rcpt_to": "ben@lake.test",
            "rcpt_to": "ben@lake.test", "rcpt_meta": {"letter": name(row)}, "transmission_id": "65832150921904138",
            "timestamp": str(WHEN), "campaign_id": ""}  # fmt: skip
    said = {
        "bounced": {"type": "bounce", "bounce_class": "10", "error_code": "550", "raw_reason": "550 no such user"},
        "gave up": {"type": "bounce", "bounce_class": "24", "error_code": "454", "raw_reason": "timed out"},
        "delivered": {"type": "delivery", "queue_time": "12"},
        "later": {"type": "delay", "bounce_class": "22", "num_retries": "2", "raw_reason": "452 mailbox full"},
        "opened": {"type": "open", "user_agent": "Mozilla/5.0", "ip_address": "127.0.0.1"},
    }  # fmt: skip
    kind = "track_event" if event == "opened" else "message_event"
    return [{"msys": {kind: {**same, **said[event]}}}]


SERVICES = {"brevo": brevo, "mailjet": mailjet, "postmark": postmark, "sendgrid": sendgrid, "sparkpost": sparkpost}


def call(service: str, told: object, secret: str | None = None, **headers: str) -> int:
    where = f"/mail/reports/{service}/{service_secret(service) if secret is None else secret}"
    body = told if isinstance(told, str) else json.dumps(told)
    return (
        Client(enforce_csrf_checks=True).post(where, body, content_type="application/json", headers=headers).status_code
    )


def state(row: Letter) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.channel


def test_each_service_that_is_read_is_tried_here():
    assert SERVICES.keys() == webhooks.VIEWS.keys()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("event", ["bounced", "gave up"])
def test_what_came_back_goes_on_paper_whatever_the_address_was(letter, service, event):
    lives_at("ben")
    send()
    Letter.objects.get().attempts.update(address="ben.old@lake.test")
    for _ in range(2):
        assert call(service, SERVICES[service](letter, event)) == 200
    assert state(letter) == ("queued", "paper")
    assert Bounce.objects.get().attempt.letter_id == letter.pk


@pytest.mark.parametrize("service", SERVICES)
def test_what_arrived_is_delivered_and_opening_is_nobodys_business(letter, service):
    send()
    assert call(service, SERVICES[service](letter, "opened")) == 200
    assert state(letter) == ("sent", "email") and not Bounce.objects.exists()
    assert call(service, SERVICES[service](letter, "delivered")) == 200
    assert state(letter) == ("delivered", "email") and letter.delivered_how == "reported"


@pytest.mark.parametrize("service", SERVICES)
def test_a_name_that_somebody_made_up_leads_to_no_letter(letter, service):
    send()
    told = json.dumps(SERVICES[service](letter, "bounced")).replace(name(letter)[-18:], "." + "0" * 16 + "@")
    assert call(service, told.replace("ben@lake.test", "x@lake.test")) == 200
    assert state(letter) == ("sent", "email") and Bounce.objects.get().attempt is None


@pytest.mark.parametrize("service", SERVICES)
def test_without_the_secret_of_its_address_nobody_is_heard(letter, service):
    send()
    assert call(service, SERVICES[service](letter, "bounced"), secret="0" * 40) == 404
    assert call(service, "not json") == 400
    assert state(letter) == ("sent", "email")


@pytest.mark.parametrize("service", SERVICES)
def test_anymails_own_check_of_a_password_is_asked(letter, service, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "lake:secret"}
    send()
    told = SERVICES[service](letter, "delivered")
    assert call(service, told) == 400
    assert call(service, told, authorization="Basic " + base64.b64encode(b"lake:secret").decode()) == 200


def test_sendgrids_signature_is_checked_where_its_key_is_set(letter, settings):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    settings.ANYMAIL = {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": "".join(pem.decode().splitlines()[1:-1])}
    send()
    body = json.dumps(sendgrid(letter, "delivered"))
    signed = base64.b64encode(key.sign(f"{WHEN}{body}".encode(), ec.ECDSA(hashes.SHA256()))).decode()
    by = "X-Twilio-Email-Event-Webhook-"
    assert call("sendgrid", body) == 400
    assert call("sendgrid", body + " ", **{f"{by}Signature": signed, f"{by}Timestamp": str(WHEN)}) == 400
    assert state(letter) == ("sent", "email")
    assert call("sendgrid", body, **{f"{by}Signature": signed, f"{by}Timestamp": str(WHEN)}) == 200
    assert state(letter) == ("delivered", "email")
