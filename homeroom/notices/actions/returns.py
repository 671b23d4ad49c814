"""XIII.C.0m: what mail servers and mail services report is taken in, once, and matched with the letter it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices import mail, parameters, returns
from homeroom.notices.actions import letters
from homeroom.notices.models import Attempt, Bounce, Channel, Letter, LetterState
from homeroom.notices.returns import Report

OFFICIALS = ("technology_director", "superintendent")


def take_in_all(*, raw: Iterable[bytes], at: datetime, actor: Actor = SYSTEM) -> tuple[int, int]:
    """Take in messages from the mailbox of returns; how many were read, and how many told of a letter of ours."""
    read = known = 0
    for each in raw:
        read += 1
        report = returns.read(each)
        if report is not None and take_in(report=report, source=Bounce.MAILBOX, at=at, actor=actor).attempt_id:
            known += 1
    return read, known


def take_in(*, report: Report, source: str, at: datetime, actor: Actor = SYSTEM) -> Bounce:
    """Take in one report. The same report twice changes nothing; one that comes before we wrote down that the letter
    was sent is believed, since the try was written down before that.
    """
    with journal.atomic():
        # Anybody can write to that mailbox, so without our Message-ID nothing there counts; a person looks at it.
        attempt = _attempt(report) if source != Bounce.MAILBOX or _names_ours(report) else None
        row, new = Bounce.objects.get_or_create(
            digest=report.digest,
            defaults={"came_at": at, "source": source, "outcome": report.outcome, "status": report.status,
                      "address": report.address, "message_id": report.message_id, "why": report.why,
                      "attempt": attempt},
        )  # fmt: skip
        if not new:
            return row
        if attempt is not None:
            _apply(report, attempt, at, actor)
        data = {"outcome": report.outcome, "status": report.status, "letter": attempt.letter_id if attempt else 0}
        journal.record(
            actor=actor,
            verb="notices.report.taken-in",
            subject=f"report:{row.pk}",
            at=at,
            clause="XIII.C.0m",
            data=data,
        )
    return row


def look_at(*, actor: Actor, at: datetime, bounce: int, believe: bool) -> Bounce:
    """XIII.C.0m: a person looked at a report that names no message of ours, and believes it or not. Raises Refused.

    Where it is believed, the last letter to that address takes the next way, and the address counts as not reached.
    """
    if not actor.holds(*OFFICIALS):
        raise Refused(_("The technology director or the superintendent looks at these reports."))
    with journal.atomic():
        known = Bounce.objects.filter(pk=bounce, source=Bounce.MAILBOX, attempt=None)
        if known.filter(looked_at=None).update(looked_at=at, looked_by_name=actor.name, believed=believe) != 1:
            raise Refused(_("Somebody looked at this report already. Open the list again."))
        row = Bounce.objects.get(pk=bounce)
        report = Report(row.digest, row.outcome, row.status, row.address, why=row.why)
        attempt = _attempt(report) if believe else None
        if attempt is not None:
            Bounce.objects.filter(pk=row.pk).update(attempt=attempt)
            _apply(report, attempt, at, actor)
        journal.record(
            actor=actor, verb="notices.report.looked-at", subject=f"report:{row.pk}", at=at, clause="XIII.C.0m",
            data={"believed": believe, "letter": attempt.letter_id if attempt else 0},
        )  # fmt: skip
    row.refresh_from_db()
    return row


def _apply(report: Report, attempt: Attempt, at: datetime, actor: Actor) -> None:
    why = f"{report.status} {report.why}".strip() or "The mail came back."
    if report.outcome in ("hard", "complaint"):
        letters.failed(attempt=attempt, why=why, at=at, actor=actor, returned=True)
    elif report.outcome == "delivered":
        letters.arrived(attempt=attempt, at=at, actor=actor)
    else:
        # For now only: the server that has the letter goes on trying, and reports again when it gives up. Until then
        # its silence proves nothing.
        Attempt.objects.filter(pk=attempt.pk).update(why=why[:300])
        later = at + parameters.hours("delayed_hours")
        Letter.objects.filter(pk=attempt.letter_id, state=LetterState.SENT).update(next_at=later, why=why[:300])


def _names_ours(report: Report) -> bool:
    return bool(report.message_id) and mail.letter_of(f"<{report.message_id}@") is not None


def _attempt(report: Report) -> Attempt | None:
    """The try a report is about: by our Message-ID, and to that address where one is; else the last to that address."""
    letter = mail.letter_of(f"<{report.message_id}@") if report.message_id else None
    tries = Attempt.objects.filter(channel=Channel.EMAIL)
    if letter is not None:
        of_letter = tries.filter(letter=letter).order_by("-number")
        return of_letter.filter(address__iexact=report.address).first() or of_letter.first()
    if not report.address:
        return None
    return tries.filter(address__iexact=report.address).order_by("-begun_at", "-id").first()
