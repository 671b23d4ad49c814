"""Letters go out by e-mail in small batches. A worker may be killed at any moment; another may work beside it.

1. Claim: the rows are changed by asking for the state they had, and a try is written down before anything is sent.
2. Send, one message at a time, outside of any transaction. What the server took is noted in a file at once.
3. Write down what was sent, the whole batch in one transaction. What a report said in between stays.

A worker that is killed leaves its file; the next one writes down first what it says. Killed between the server's yes
and the line in the file, it leaves one claimed letter. That one is sent again after some minutes with the same
Message-ID, since a notice that may not have arrived is worse than one that a mailbox gets twice and shows once.
"""

from __future__ import annotations

import secrets
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db.models import Count, Q

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.words import counted
from homeroom.journal import actions as journal
from homeroom.notices import mail, parameters, sent_notes
from homeroom.notices.actions import letters as doing
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Attempt, Channel, Letter, LetterState, NoticeState
from homeroom.notices.queries import waiting
from homeroom.notices.sent_notes import Notes
from homeroom.people.models import Person

WAITING = Q(state=LetterState.QUEUED) | Q(state=LetterState.SENDING)
CLOSING_DOWN = 421  # RFC 5321: the server closes the connection


@dataclass(slots=True)
class Batch:
    """What became of one batch."""

    claimed: int = 0
    sent: int = 0
    delayed: int = 0
    failed: int = 0
    trouble: str = ""
    taken: list[Attempt] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """In words."""
        said = f"{self.sent} of {counted(self.claimed, 'letter')} went out by e-mail"
        said += f", {self.delayed} are tried again later" if self.delayed else ""
        said += f", {self.failed} were refused" if self.failed else ""
        return f"{said}. {self.trouble}".rstrip()


def send_batch(*, at: datetime, connection: Any = None, actor: Actor = SYSTEM) -> Batch:
    """XI.A, XII.B.0a, XIII.C.0m: send what is due, at most one batch."""
    _take_up(actor, at)
    claim, claimed = _claim(at)
    batch = Batch(claimed=len(claimed))
    if not claimed:
        return batch
    connection = connection or get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        batch.trouble = _trouble(error)
        _give_back(claim, batch.trouble, at)
        batch.delayed = len(claimed)
        return batch
    notes, begun = Notes(claim), time.monotonic()
    try:
        for attempt in claimed:
            if time.monotonic() - begun > parameters.value("stuck_minutes") * 30:
                # What is sent must stand in the database before another worker may take the batch up.
                batch.trouble = f"The mail server is slow: it took {batch.sent} of {batch.claimed} in half the time."
            else:
                _one(attempt, connection, batch, notes, at)
            if batch.trouble:
                break
    finally:
        _close(connection)
        with notes:
            _sent(batch.taken, actor, at)
    batch.delayed += _give_back(claim, batch.trouble, at)
    return batch


def _take_up(actor: Actor, at: datetime) -> None:
    """What workers that are gone knew to be sent, before anything is sent again."""
    for _path, claim, ids in sent_notes.left():
        rows = Attempt.objects.select_related("letter").filter(pk__in=ids, letter__claim=claim)
        _sent(list(rows.order_by("id")), actor, at)


def _one(attempt: Attempt, connection: Any, batch: Batch, notes: Notes, at: datetime) -> None:
    try:
        connection.send_messages([mail.message(attempt.letter, attempt.address)])
    except smtplib.SMTPRecipientsRefused as error:
        code, why = next(iter(error.recipients.values()))
        _refused(attempt, code, _words(why), batch, at)
    except smtplib.SMTPSenderRefused as error:
        batch.trouble = _trouble(error)
    except smtplib.SMTPResponseException as error:
        _refused(attempt, error.smtp_code, _words(error.smtp_error), batch, at)
    except (smtplib.SMTPException, OSError) as error:
        batch.trouble = _trouble(error)
    except ValueError as error:
        # Two addresses in one, letters that no address has: this one cannot be written to, and holds up nobody else.
        doing.failed(attempt=attempt, why=f"This is no address: {error}", at=at)
        batch.failed += 1
    else:
        notes.add(attempt.pk)
        batch.taken.append(attempt)
        batch.sent += 1


def _refused(attempt: Attempt, code: int, why: str, batch: Batch, at: datetime) -> None:
    """4xx: not now (greylisting, a full mailbox); 5xx: never. 421 ends the connection for the others as well."""
    if code == CLOSING_DOWN:
        batch.trouble = f"The mail server closed the connection: {why}"
    elif 400 <= code < 500:
        _delayed(attempt, f"{code} {why}", at)
        batch.delayed += 1
    else:
        doing.failed(attempt=attempt, why=f"{code} {why}", at=at)
        batch.failed += 1


def _claim(at: datetime) -> tuple[str, list[Attempt]]:
    """Take what is due for oneself, with one try written down for each letter."""
    token = secrets.token_hex(16)
    with journal.atomic():
        due = Letter.objects.filter(WAITING, next_at__lte=at, channel=Channel.EMAIL)
        due = due.filter(notice__state=NoticeState.RELEASED)
        ids = list(due.order_by("next_at", "id").values_list("pk", flat=True)[: parameters.value("batch")])
        if not ids:
            return token, []
        stuck = at + timedelta(minutes=parameters.value("stuck_minutes"))
        Letter.objects.filter(WAITING, pk__in=ids, next_at__lte=at).update(
            state=LetterState.SENDING, claim=token, next_at=stuck
        )
        mine = Letter.objects.filter(claim=token).select_related(
            "content__enclosed", "content__beneath__enclosed"
        ).order_by("id")  # fmt: skip
        return token, _tries(list(mine), at)


def _tries(mine: Sequence[Letter], at: datetime) -> list[Attempt]:
    """The open try of each letter: the one a killed worker left, or a new one."""
    ids = [letter.pk for letter in mine]
    ours = Attempt.objects.filter(letter__in=ids, channel=Channel.EMAIL)
    left = {each.letter_id: each for each in ours.filter(state=Attempt.State.SENDING)}
    used = dict(ours.order_by().values_list("letter").annotate(Count("pk")))
    emails = dict(Person.objects.filter(pk__in=[letter.reader_id for letter in mine]).values_list("pk", "email"))
    new = [
        Attempt(
            letter=letter, channel=Channel.EMAIL, number=used.get(letter.pk, 0) + 1, begun_at=at,
            address=emails[letter.reader_id], message_id=mail.message_id(letter.pk),
        )
        for letter in mine
        if letter.pk not in left
    ]  # fmt: skip
    made = {each.letter_id: each for each in Attempt.objects.bulk_create(new)}
    tries = []
    for letter in mine:
        attempt = left.get(letter.pk) or made[letter.pk]
        attempt.letter = letter
        tries.append(attempt)
    return tries


def _sent(taken: Sequence[Attempt], actor: Actor, at: datetime) -> None:
    """Write down what the server took: one transaction, one entry for each letter."""
    if not taken:
        return
    ids = [attempt.pk for attempt in taken]
    claims = {attempt.letter.claim for attempt in taken}
    with journal.atomic():
        Attempt.objects.filter(pk__in=ids).update(sent_at=at)
        Attempt.objects.filter(pk__in=ids, state=Attempt.State.SENDING).update(state=Attempt.State.SENT)
        letters = [attempt.letter_id for attempt in taken]
        ours = Letter.objects.filter(pk__in=letters, claim__in=claims, state=LetterState.SENDING)
        changed = set(ours.select_for_update().values_list("pk", flat=True))
        ours.update(state=LetterState.SENT, sent_at=at, claim="", why="",
                    next_at=at + parameters.hours("quiet_hours"))  # fmt: skip
        journal.record_all(actor=actor, acts=[_act(each.letter, each.letter_id in changed) for each in taken], at=at)


def _act(letter: Letter, changed: bool) -> journal.Act:
    # A report that was quicker than we, or a worker that took the letter over, has the last word on its state.
    said = "sent" if changed else "said otherwise already"
    return journal.Act(
        verb="notices.letter.sent", subject=f"letter:{letter.pk}", clause=KINDS[letter.kind].clause,
        data={"way": "email", "sha256": letter.sha256, "state": said},
    )  # fmt: skip


def _delayed(attempt: Attempt, why: str, at: datetime) -> None:
    letter = attempt.letter
    with journal.atomic():
        Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.SENDING).update(
            state=Attempt.State.DELAYED, ended_at=at, why=why[:300]
        )
        Letter.objects.filter(pk=letter.pk, claim=letter.claim, state=LetterState.SENDING).update(
            state=LetterState.QUEUED, claim="", why=why[:300], tries=letter.tries + 1,
            next_at=at + parameters.pause(letter.tries),
        )  # fmt: skip
    letter.refresh_from_db()
    if waiting.out_of_time(letter, at):
        doing.fall_back(letter=letter, why=f"No mail server took it: {why}", at=at)


def _give_back(claim: str, why: str, at: datetime) -> int:
    """Letters that were claimed and not tried, since the server was in trouble: back into the queue, none lost."""
    left = Letter.objects.filter(claim=claim, state=LetterState.SENDING)
    count = 0
    for letter in left:
        count += Letter.objects.filter(pk=letter.pk, claim=claim, state=LetterState.SENDING).update(
            state=LetterState.QUEUED, claim="", why=why[:300], tries=letter.tries + 1,
            next_at=at + parameters.pause(letter.tries),
        )  # fmt: skip
        # The try itself stays open: it is the same try that goes on later, with the same Message-ID.
        letter.refresh_from_db()
        if waiting.out_of_time(letter, at):
            doing.fall_back(letter=letter, why=f"No mail server took it: {why}", at=at)
    return count


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def _trouble(error: Exception) -> str:
    said = _words(getattr(error, "smtp_error", "")) or str(error) or type(error).__name__
    return f"The mail server cannot be used: {said}"


def _words(said: Any) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200]
