"""Sign-in by a code: asked for by anybody, sent by the worker, tried a few times, good once.

Whoever asks gets the same answer after the same work, whether the address is known or not; looking it up
and sending is the worker's. So nobody learns here who belongs to the district.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.access import household, secretcode
from homeroom.access.actions.accounts import account_of, signed_in
from homeroom.access.models import Account, CodeAsk
from homeroom.base import texting
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person

log = logging.getLogger(__name__)
AGAIN = timedelta(seconds=30)  # until a code that could not be sent is tried anew
KEPT = timedelta(days=1)
BATCH = 200


def ask_code(*, typed: str, language: str, at: datetime) -> str:
    """V.A.7.3: ask for a code; returns the handle by which this browser types it in. Raises Refused.

    Refused is only what is neither an e-mail address nor a telephone number.
    """
    way = household.channel(typed)
    if not way or len(typed) > 254:
        raise Refused(_("Give an e-mail address such as rosa@example.org, or a telephone number with its area code."))
    if way == CodeAsk.By.SMS and not texting.offered():
        raise Refused(_("Codes go to e-mail addresses here, not to telephones. Give your e-mail address."))
    handle, spelt = secrets.token_urlsafe(32), household.spelt(typed)
    with journal.atomic():
        CodeAsk.objects.create(
            handle=handle, typed=spelt, place=secretcode.digest("place", spelt), by=way, language=language,
            created=at, expires=at + timedelta(minutes=secretcode.MINUTES), due=at,
        )  # fmt: skip
    return handle


def send_codes(*, at: datetime) -> int:
    """Look at what was asked for: send codes to known addresses, forget the others; returns how many went out."""
    waiting = CodeAsk.objects.filter(due__lte=at).order_by("due", "pk")[:BATCH]
    return sum(_look_at(row, at) for row in waiting)


def _look_at(row: CodeAsk, at: datetime) -> bool:
    # Whoever moves the hour of this row on has it; a second worker, or one after a crash, does not send it twice.
    if CodeAsk.objects.filter(pk=row.pk, due=row.due).update(due=at + AGAIN) != 1:
        return False
    if row.tries >= secretcode.TRIES:
        _note_guessing(row, at)
        return False
    found = household.behind(row.typed, people.today(at)) if row.expires > at else []
    code = secretcode.new()
    if not found or _too_many(row, at):
        CodeAsk.objects.filter(pk=row.pk).update(typed="", due=None)
        return False
    values = {"people": [each.pk for each in found], "digest": secretcode.digest(row.handle, code)}
    CodeAsk.objects.filter(pk=row.pk).update(**values)
    try:
        _send(row, code)
    except (OSError, texting.NotSent) as error:  # a mail server that is down is tried again
        # Not what it says: mail servers repeat the address, and addresses have no place in a log.
        log.warning("A sign-in code could not be sent; it is tried again: %s", type(error).__name__)
        return False
    except ValueError:  # what the roster has is no address that can be written to
        CodeAsk.objects.filter(pk=row.pk).update(typed="", due=None)
        return False
    CodeAsk.objects.filter(pk=row.pk, tries__lt=secretcode.TRIES).update(typed="", due=None)
    return True


def _too_many(row: CodeAsk, at: datetime) -> bool:
    lately = CodeAsk.objects.filter(place=row.place, created__gt=at - timedelta(hours=1), pk__lt=row.pk)
    return lately.exclude(digest="").count() >= secretcode.EACH_HOUR


def _send(row: CodeAsk, code: str) -> None:
    with translation.override(row.language):
        words = _("%(code)s is your code for %(district)s. It works once, for %(minutes)d minutes.") % {
            "code": secretcode.shown(code), "district": settings.ORGANISATION, "minutes": secretcode.MINUTES,
        }  # fmt: skip
        never = _("Nobody from the district will ever ask you for this code. If you did not ask for it, do nothing.")
        if row.by == CodeAsk.By.SMS:
            texting.send(row.typed, f"{words} {never}")
        else:
            subject = _("Your code: %(code)s") % {"code": secretcode.shown(code)}
            send_mail(subject, f"{words}\n\n{never}\n", None, [row.typed])


def _note_guessing(row: CodeAsk, at: datetime) -> None:
    """V.A.7.3: somebody guessed at the code of a known address until no try was left."""
    with journal.atomic():
        CodeAsk.objects.filter(pk=row.pk).update(typed="", due=None)
        for person in row.people:
            journal.record(
                actor=SYSTEM, verb="access.code.guessed-at", subject=f"person:{person}", at=at, clause="V.A.7.3",
                data={"tries": row.tries},
            )  # fmt: skip


def try_code(*, handle: str, code: str, at: datetime) -> list[Person]:
    """V.A.7.3: whom a code signs in: the one person, or the adults of a household that share the address.

    Raises Refused with what to do next; the words are the same whether the address was known or not.
    """
    row = CodeAsk.objects.filter(handle=handle).first()
    if row is None:
        raise Refused(_("Ask for a code first."))
    _refuse_over(row, at)
    # Taken before the code is looked at, so that a hundred tries at once are not a hundred guesses.
    if CodeAsk.objects.filter(pk=row.pk, used=None, tries__lt=secretcode.TRIES).update(tries=F("tries") + 1) != 1:
        raise Refused(_("This code was tried too often. Ask for a new one."))
    if not secretcode.same(row.digest, secretcode.digest(row.handle, secretcode.typed(code))):
        _refuse_wrong(row, at)
    if CodeAsk.objects.filter(pk=row.pk, used=None).update(used=at, due=None) != 1:
        raise Refused(_("This code was used already. Ask for a new one."))
    found = household.those_who_may(row.people, people.today(at))
    if not found:
        raise Refused(_("This address no longer signs anybody in. Please call the office of your school."))
    return found


def _refuse_over(row: CodeAsk, at: datetime) -> None:
    if row.used:
        raise Refused(_("This code was used already. Ask for a new one."))
    if row.expires <= at:
        raise Refused(_("This code is over: it worked for %d minutes. Ask for a new one.") % secretcode.MINUTES)


def _refuse_wrong(row: CodeAsk, at: datetime) -> None:
    left = secretcode.TRIES - row.tries - 1
    if left <= 0:
        CodeAsk.objects.filter(pk=row.pk).update(due=at)  # the worker writes down that somebody guessed
        raise Refused(_("This code is not right, and it was the last try. Ask for a new one."))
    raise Refused(
        ngettext(
            "This code is not right. You have %d try left.", "This code is not right. You have %d tries left.", left
        )
        % left
    )


def enter_by_code(*, actor: Actor, person: Person, method: str, at: datetime) -> Account:
    """V.A.7.1: sign a person in whom a code named; their account is put on file at first. Raises Refused."""
    with journal.atomic():
        account = account_of(actor=actor, person=person, at=at)
        if not account.is_active:
            raise Refused(_("This account is closed. Please call the office of your school."))
        signed_in(actor=actor, account=account, method=method, at=at)
    return account


def forget_codes(*, at: datetime) -> int:
    """Delete what was asked for a day ago; returns how many."""
    count, _each = CodeAsk.objects.filter(created__lt=at - KEPT).delete()
    return count
