"""Reminders to sign, in bulk: nobody gets one who signed or declined, or whose mail came back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from homeroom.agreements.models import Refusal, Reminder, Signature, Slot
from homeroom.agreements.queries import family
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.notices import queries as notices
from homeroom.people import queries as people

log = logging.getLogger(__name__)
EVERY = timedelta(days=3)  # nobody is reminded of the same more often
BATCH = 50
SPEAKS = {code for code, _name in settings.LANGUAGES}


def remind(*, actor: Actor, at: datetime, slots: Iterable[Slot]) -> int:
    """IX.C: ask those who have not signed once more; says how many will get a message.

    Left out are those without an address, those reminded within three days, those whose mail came back, and parents
    who by what was settled about a child get no mail about it.
    """
    with journal.atomic():
        barred = family.not_to_write_to(people.today(at))
        pks = [slot.pk for slot in slots if (slot.agreement.person_id, slot.holder_id) not in barred]
        waiting = Q(stopped="") & (Q(sent_at=None) | Q(sent_at__gte=at - EVERY))
        refused = Q(stopped="bounced", asked_at__gte=at - EVERY)
        had = set(Reminder.objects.filter(waiting | refused, slot__in=pks).values_list("slot_id", flat=True))
        known = Slot.objects.filter(pk__in=pks).exclude(holder__email="").values_list("pk", "holder__email")
        reach = {pk: email.lower() for pk, email in known if pk not in had}
        dead = notices.came_back(reach.values(), at)
        rows = [Reminder(slot_id=pk, asked_at=at, by=actor.id) for pk, email in reach.items() if email not in dead]
        Reminder.objects.bulk_create(rows, batch_size=1000)
        if rows:
            journal.record(
                actor=actor, verb="agreements.reminded", subject="slot:many", at=at, clause="IX.C.2",
                data={"count": len(rows)},
            )  # fmt: skip
    return len(rows)


def send_reminders(*, actor: Actor, at: datetime) -> int:
    """IX.C: send what was asked for, unless its reason is gone; says how many went."""
    due = Reminder.objects.filter(sent_at=None, stopped="").select_related("slot__holder", "slot__agreement__person")
    return sum(_send(row, at) for row in due.order_by("id")[:BATCH])


def _send(row: Reminder, at: datetime) -> bool:
    if why := _over(row.slot, at):
        Reminder.objects.filter(pk=row.pk, sent_at=None).update(stopped=why)
        return False
    # Whoever marks it first sends it: a second worker does not send it twice.
    if Reminder.objects.filter(pk=row.pk, sent_at=None, stopped="").update(sent_at=at) != 1:
        return False
    try:
        _letter(row.slot).send()
    except (SMTPRecipientsRefused, ValueError) as error:
        # Not what it says: mail servers repeat the address, and addresses have no place in a log.
        log.warning("A reminder was refused for good: %s", type(error).__name__)
        Reminder.objects.filter(pk=row.pk).update(stopped="bounced")
        return False
    except OSError as error:  # the mail server is down; it is tried again with the next turn
        log.warning("A reminder could not be sent: %s", type(error).__name__)
        Reminder.objects.filter(pk=row.pk).update(sent_at=None)
        return False
    return True


def _over(slot: Slot, at: datetime) -> str:
    if slot.closed_on is not None or slot.agreement.closed_on is not None:
        return "closed"
    if Refusal.objects.filter(slot=slot, taken_back_on=None).exists():
        return "declined"
    if (slot.agreement.person_id, slot.holder_id) in family.not_to_write_to(people.today(at), slot.agreement.person_id):
        return "no-mail"
    if notices.came_back([slot.holder.email], at):
        return "bounced"
    asked = slot.reminders.order_by("id").last()  # type: ignore[attr-defined]
    since = asked.asked_at if asked else slot.agreement.opened_at
    return "signed" if Signature.objects.filter(slot=slot, signed_at__gte=since).exists() else ""


def _letter(slot: Slot) -> EmailMessage:
    language = (slot.holder.home_language or "en").partition("-")[0]
    with translation.override(language if language in SPEAKS else "en"):
        name = slot.agreement.person.name
        subject = _("Please sign: the network for %(name)s") % {"name": name}
        body = _("The agreement about the use of the network for %(name)s waits for you.") % {"name": name}
        where = _("Read and sign it here, or ask the school office for paper: %s") % f"{settings.PUBLIC_URL}/sign"
        no = _("You may also decline there, and ask for activities without the Internet.")
    return EmailMessage(subject, f"{body}\n\n{where}\n\n{no}\n", None, [slot.holder.email])
