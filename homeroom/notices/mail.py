"""One letter as an e-mail: plain text, no pictures, nothing that reports home.

The same letter always carries the same Message-ID, so that a mailbox which got it twice shows it once, and a report
about it leads back to it.
"""

from __future__ import annotations

import hmac
import json
import re
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from homeroom.doors import environment
from homeroom.notices import wording
from homeroom.notices.models import Letter

OURS = re.compile(r"<?letter-(\d+)\.([0-9a-f]{16})@")


def message(letter: Letter, address: str) -> EmailMessage:
    """The e-mail of a letter to an address."""
    subject = wording.fill(letter.content.subject, wording.of_letter(letter.fields))
    closing = f"{settings.ORGANISATION}\n{settings.PUBLIC_URL}/my/notices/{letter.pk}"
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=wording.text(letter.content, letter.fields, closing),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
    )
    name = _name(letter.pk)
    mail.extra_headers = {
        "Message-ID": message_id(letter.pk),
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday answers
        "Content-Language": letter.content.language,
        # The services that do not tell our Message-ID tell this; plain mail servers pass it by.
        "X-PM-Metadata-letter": name,
        "X-MJ-CustomID": name,
        "X-MSYS-API": json.dumps({"metadata": {"letter": name}}),
    }
    return mail


def message_id(letter: int) -> str:
    """The Message-ID of a letter; whoever does not hold our key cannot make one up."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<letter-{letter}.{_seal(letter)}@{domain}>"


def _name(letter: int) -> str:
    """The first half of the Message-ID, by which a report leads back to the letter."""
    return f"letter-{letter}.{_seal(letter)}@"


def letter_of(text: str) -> int | None:
    """The letter whose Message-ID stands in a text; None where it is not one of ours."""
    for number, seal in OURS.findall(text):
        if hmac.compare_digest(seal, _seal(int(number))):
            return int(number)
    return None


def _seal(letter: int) -> str:
    key = environment.key(settings.HOME, "letters")
    return hmac.digest(key, f"letter {letter}".encode(), "sha256").hex()[:16]
