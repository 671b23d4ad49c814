"""325L.05, 325L.08: one sitting of one person: the agreement to sign electronically, the signatures, the receipt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from homeroom.agreements import sealing, wordings
from homeroom.agreements.actions.signing import Evidence, sign_all
from homeroom.agreements.models import Signature, Sitting, Slot
from homeroom.agreements.queries import papers
from homeroom.base.actor import Actor
from homeroom.base.paper import MissingFont
from homeroom.journal import actions as journal
from homeroom.people.models import Person

PATIENCE = timedelta(minutes=30)  # until a sitting that nobody finished gets its receipt
AGAIN = timedelta(minutes=10)  # until a receipt that could not be sent is tried anew
BATCH = 100

log = logging.getLogger(__name__)


def begin_sitting(*, actor: Actor, at: datetime, person: Person, language: str, method: str, detail: str) -> Sitting:
    """325L.05, 15 USC 7001(c): somebody agrees to sign electronically, having been told of paper."""
    with journal.atomic():
        sitting = Sitting.objects.create(
            person=person, language=language[:35], method=method, detail=detail[:300], consented_at=at
        )
        journal.record(
            actor=actor, verb="agreements.sitting.begun", subject=f"person:{person.pk}", at=at,
            data={"sitting": str(sitting.pk), "language": sitting.language, "method": method},
        )  # fmt: skip
    return sitting


def sign_in_sitting(
    *, actor: Actor, at: datetime, sitting: Sitting, signings: Sequence[tuple[int | Slot, Evidence]]
) -> list[Signature]:
    """IX.C: sign, and remember in which sitting. All of them or none. Raises Refused."""
    with journal.atomic():
        done = sign_all(actor=actor, at=at, signings=signings)
        row = Sitting.objects.select_for_update().get(pk=sitting.pk)
        new = [each.pk for each in done if each.pk not in row.signatures]
        if new:
            row.signatures = [*row.signatures, *new]
            row.mail_due = at + PATIENCE
            row.save(update_fields=["signatures", "mail_due"])
        sitting.signatures = row.signatures
    return done


def finish_sitting(*, actor: Actor, at: datetime, sitting: Sitting) -> bool:
    """325L.08: whoever signed is done; a receipt goes out now. The same twice changes nothing."""
    waiting = Sitting.objects.filter(pk=sitting.pk, mailed_at=None, mail_due__gt=at)
    return waiting.update(mail_due=at) == 1


def send_receipts(*, actor: Actor, at: datetime) -> int:
    """325L.08: send what is due to those who have an address; whoever has none can print it. Says how many went."""
    due = Sitting.objects.filter(mail_due__lte=at).select_related("person").order_by("mail_due")[:BATCH]
    return sum(_send(row, at) for row in due)


def _send(row: Sitting, at: datetime) -> bool:
    # Whoever moves the hour on has it: a second worker, or one after a crash, does not send it twice.
    if Sitting.objects.filter(pk=row.pk, mail_due=row.mail_due).update(mail_due=at + AGAIN) != 1:
        return False
    if not row.person.email:
        Sitting.objects.filter(pk=row.pk).update(mail_due=None)
        return False
    try:
        _letter(row, at).send()
    except (OSError, MissingFont) as error:
        # Not what it says: mail servers repeat the address, and addresses have no place in a log.
        log.warning("A receipt could not be sent; it is tried again: %s", type(error).__name__)
        return False
    except ValueError:  # what the roster has is no address that can be written to; the copy can be printed
        Sitting.objects.filter(pk=row.pk).update(mail_due=None)
        return False
    return Sitting.objects.filter(pk=row.pk, mailed_at=None).update(mailed_at=at, mail_due=None) == 1


def _letter(row: Sitting, at: datetime) -> EmailMessage:
    signed = papers.signed_in(row)
    pdf = sealing.receipt(row.person, signed, row.language, at=at)
    with translation.override(wordings.spoken(row.language)):
        names = ", ".join(dict.fromkeys(each.slot.agreement.person.name for each in signed))
        body = _("You signed for: %(names)s. Your copy is attached as a PDF; keep it.") % {"names": names}
        check = _("Anybody can check that it is real: %s") % f"{settings.PUBLIC_URL}/verify"
        never = _("If you did not sign this, call the office of the school at once.")
        subject = _("Your copy of what you signed for %s") % settings.ORGANISATION
    letter = EmailMessage(subject, f"{body}\n\n{check}\n\n{never}\n", None, [row.person.email])
    letter.attach("receipt.pdf", pdf, "application/pdf")
    return letter
