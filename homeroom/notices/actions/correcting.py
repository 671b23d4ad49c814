"""XIII.C.0m: what somebody wrongly said about paper is taken back, with a reason. The first word stays on file.

Nothing is told by what was not so: the letters wait again, and a clock that had stopped runs on with the time it had.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices import parameters
from homeroom.notices.actions import reopening
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import (
    Attempt,
    Bounce,
    Channel,
    Correction,
    Letter,
    LetterState,
    NoticeState,
    PrintRun,
)
from homeroom.notices.queries import recipients
from homeroom.people import queries as people

State = Attempt.State


def unsay_mailed(*, actor: Actor, run: PrintRun, reason: str, at: datetime) -> PrintRun:
    """XIII.C.0m: the file was not mailed, or on another day. Its letters are printed, not mailed. Raises Refused.

    What was read, handed over or came back meanwhile stays as it is.
    """
    why = _why(reason)
    with journal.atomic():
        run.refresh_from_db()
        held = PrintRun.objects.filter(pk=run.pk, mailed_on=run.mailed_on, mailed_on__isnull=False)
        if held.update(mailed_on=None, mailed_at=None, mailed_by="", mailed_by_name="") != 1:
            raise Refused(_("Nobody has said that this file was mailed, or it was taken back already."))
        Correction.objects.create(
            said=Correction.Said.MAILED, run=run, on=run.mailed_on, said_at=run.mailed_at,
            said_by_name=run.mailed_by_name or run.mailed_by, at=at, by=actor.id, by_name=actor.name, reason=why,
        )  # fmt: skip
        tries = Attempt.objects.filter(run=run, state=State.SENT)
        ids = list(tries.values_list("letter_id", flat=True))
        tries.update(state=State.SENDING, sent_at=None)
        Letter.objects.filter(pk__in=ids, state=LetterState.DELIVERED, delivered_how="mailed").update(
            state=LetterState.PRINTED, sent_at=None, delivered_at=None, delivered_how=""
        )
        reopening.reopen(actor=actor, letters=ids, at=at, reason=why)
        journal.record(
            actor=actor, verb="notices.print-file.mailing-taken-back", subject=f"print-file:{run.pk}", at=at,
            clause=KINDS[run.notice.kind].clause, reason=why, data={"on": run.mailed_on, "letters": len(ids)},
        )  # fmt: skip
    run.refresh_from_db()
    return run


def unsay_hand(*, actor: Actor, letter: Letter, reason: str, at: datetime) -> Letter:
    """XIII.C.0m: it was not handed over; the letter stands where it stood without that word. Raises Refused."""
    why = _why(reason)
    with journal.atomic():
        letter.refresh_from_db()
        given = letter.attempts.filter(channel=Channel.HAND, state=State.DELIVERED).last()  # type: ignore[attr-defined]
        if given is None:
            raise Refused(_("Nobody has said that this letter was handed over, or it was taken back already."))
        new = {"delivered_at": None, "delivered_how": "", "next_at": None, "claim": "", **_without(letter, at)}
        if letter.read_at:  # the reader's own word stays the best proof
            when = min(new["delivered_at"] or letter.read_at, letter.read_at)
            new |= {"state": LetterState.DELIVERED, "delivered_at": when, "delivered_how": "read", "next_at": None}
        Letter.objects.filter(pk=letter.pk).update(**new)
        Attempt.objects.filter(pk=given.pk).update(state=State.VOID, ended_at=at, why=why)
        Correction.objects.create(
            said=Correction.Said.HAND, letter=letter, on=people.today(letter.delivered_at or given.sent_at or at),
            said_at=given.begun_at, said_by_name=given.address[:200], at=at, by=actor.id, by_name=actor.name,
            reason=why,
        )  # fmt: skip
        reopening.reopen(actor=actor, letters=[letter.pk], at=at, reason=why)
        journal.record(
            actor=actor, verb="notices.letter.hand-taken-back", subject=f"letter:{letter.pk}", at=at,
            clause=KINDS[letter.kind].clause, reason=why, data={"said": given.begun_at.isoformat()},
        )  # fmt: skip
    letter.refresh_from_db()
    return letter


def _without(letter: Letter, at: datetime) -> dict[str, Any]:
    """Where a letter stands without somebody's word that it was handed over."""
    if letter.notice.state == NoticeState.STOPPED:
        return {"state": LetterState.STOPPED, "why": "The notice was stopped."}
    last = letter.attempts.exclude(channel=Channel.HAND).exclude(state=State.VOID).last()  # type: ignore[attr-defined]
    if last is None or last.state in (State.FAILED, State.DELAYED):
        return _as_on_record(letter, at)
    return _by_email(last) if last.channel == Channel.EMAIL else _by_paper(last)


def _by_email(last: Attempt) -> dict[str, Any]:
    if last.state == State.RETURNED:
        return {"state": LetterState.RETURNED, "why": last.why}
    if last.state == State.SENDING:
        return {"state": LetterState.QUEUED, "channel": Channel.EMAIL, "next_at": last.begun_at}
    if Bounce.objects.filter(attempt=last, outcome="delivered").exists():
        return {"state": LetterState.DELIVERED, "delivered_at": last.ended_at, "delivered_how": "reported"}
    # Taken by the mail server. Whether it came back within its time is for the next look to say.
    Attempt.objects.filter(pk=last.pk).update(state=State.SENT, ended_at=None)
    quiet = (last.sent_at or last.begun_at) + parameters.hours("quiet_hours")
    return {"state": LetterState.SENT, "channel": Channel.EMAIL, "sent_at": last.sent_at, "next_at": quiet}


def _by_paper(last: Attempt) -> dict[str, Any]:
    if last.state == State.RETURNED:
        return {"state": LetterState.RETURNED, "channel": Channel.PAPER, "why": last.why}
    if last.state == State.SENDING:
        return {"state": LetterState.PRINTED, "channel": Channel.PAPER}
    return {"state": LetterState.DELIVERED, "channel": Channel.PAPER, "delivered_at": last.sent_at,
            "delivered_how": "mailed"}  # fmt: skip


def _as_on_record(letter: Letter, at: datetime) -> dict[str, Any]:
    way = recipients.ways([letter.reader_id], people.today(at))[letter.reader_id]
    if not way.channel:
        why = "Neither an e-mail nor a postal address is on record."
        return {"state": LetterState.UNREACHABLE, "channel": "", "why": why}
    return {"state": LetterState.QUEUED, "channel": way.channel, "next_at": at if way.channel == "email" else None}


def _why(reason: str) -> str:
    if len(reason.split()) < 2:
        raise Refused(_("Say why it was wrong, for instance that another file was meant."))
    return " ".join(reason.split())[:300]
