"""What becomes of one letter: delivered, come back, sent another way, handed over, read, held or let go."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices.actions import clocks, reopening
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Attempt, Channel, Clock, Letter, LetterState
from homeroom.notices.queries import recipients, waiting
from homeroom.people import queries as people

State = Attempt.State
OVER = (LetterState.DELIVERED, LetterState.STOPPED)


def failed(*, attempt: Attempt, why: str, at: datetime, actor: Actor = SYSTEM, returned: bool = False) -> None:
    """XIII.C.0m: an e-mail was refused for good or came back; the letter takes another way.

    Also after it counted as delivered: what came back was not delivered.
    """
    state = State.RETURNED if returned else State.FAILED
    with journal.atomic():
        changed = Attempt.objects.filter(pk=attempt.pk).exclude(state__in=(State.RETURNED, State.FAILED)).update(
            state=state, ended_at=at, why=why[:300]
        )  # fmt: skip
        if changed == 1:
            letter = Letter.objects.get(pk=attempt.letter_id)
            if letter.channel == Channel.EMAIL and letter.delivered_how not in ("read", "hand"):
                fall_back(letter=letter, why=why, at=at, actor=actor)
                reopening.reopen(actor=actor, letters=[letter.pk], at=at, reason=why)


def fall_back(*, letter: Letter, why: str, at: datetime, actor: Actor = SYSTEM) -> None:
    """XIII.C.0m: on paper where there is an address; else the letter goes on the list of those nobody reaches."""
    way = recipients.ways([letter.reader_id], people.today(at))[letter.reader_id]
    inside = letter.kind == "reminder"  # among colleagues; the page of clocks says the same
    paper = way.address is not None and not inside
    nobody = LetterState.STOPPED if inside else LetterState.UNREACHABLE
    with journal.atomic():
        Attempt.objects.filter(letter=letter, channel=Channel.EMAIL, state=State.SENDING).update(
            state=State.DELAYED, ended_at=at, why=why[:300]
        )
        changed = Letter.objects.filter(pk=letter.pk).exclude(channel=Channel.PAPER).update(
            state=LetterState.QUEUED if paper else nobody, channel=Channel.PAPER if paper else "",
            claim="", next_at=None, delivered_at=None, delivered_how="",
            why=why[:300] if paper else f"{why[:240]} No postal address is on record.",
        )  # fmt: skip
        if changed:
            _record(actor, "fell-back", letter, at, data={"to": "paper" if paper else "nobody"})


def also_on_paper(*, letter: Letter, why: str, at: datetime, actor: Actor = SYSTEM) -> bool:
    """XIV.D.1: an urgent notice that went by e-mail goes on paper as well, where there is an address.

    What the mail servers say about the e-mail still counts.
    """
    if recipients.ways([letter.reader_id], people.today(at))[letter.reader_id].address is None:
        return False
    with journal.atomic():
        changed = Letter.objects.filter(pk=letter.pk, state=LetterState.SENT, channel=Channel.EMAIL).update(
            state=LetterState.QUEUED, channel=Channel.PAPER, next_at=None, why=why[:300]
        )
        if changed:
            _record(actor, "fell-back", letter, at, data={"to": "paper as well"})
    return bool(changed)


def settle(*, at: datetime, actor: Actor = SYSTEM, most: int = 1000) -> int:
    """An e-mail that did not come back within its time counts as delivered, from when it was sent. The number."""
    with journal.atomic():
        due = Letter.objects.filter(state=LetterState.SENT, next_at__lte=at).order_by("next_at", "id")
        sent = dict(due.values_list("pk", "sent_at")[:most])
        ids = list(sent)
        if ids:
            Letter.objects.filter(pk__in=ids, state=LetterState.SENT).update(
                state=LetterState.DELIVERED, delivered_at=F("sent_at"), delivered_how="no-return", next_at=None
            )
            Attempt.objects.filter(letter__in=ids, channel=Channel.EMAIL, state=State.SENT).update(
                state=State.DELIVERED, ended_at=at
            )
            journal.record(
                actor=actor, verb="notices.letters.settled", subject="letters", at=at, clause="XIII.C.0m",
                data={"letters": len(ids), "first": ids[0], "last": ids[-1]},
            )  # fmt: skip
    own = Clock.objects.filter(about__in=[f"letter:{pk}" for pk in ids], met_at__isnull=True, withdrawn_at__isnull=True)
    for about in list(own.values_list("about", flat=True)):
        letter = int(about.partition(":")[2])
        meet_own(actor=actor, letter=letter, at=at, when=sent[letter])
    return len(ids)


def arrived(*, attempt: Attempt, at: datetime, actor: Actor = SYSTEM) -> None:
    """A mail service says that it handed the letter over to the reader's own server."""
    with journal.atomic():
        Attempt.objects.filter(pk=attempt.pk, state__in=(State.SENDING, State.SENT)).update(
            state=State.DELIVERED, ended_at=at
        )
        _deliver(actor, Letter.objects.get(pk=attempt.letter_id), at, "reported")


def confirm_read(*, actor: Actor, letter: Letter, at: datetime) -> Letter:
    """XI.A: the reader, signed in, says: I have read this. That is the best proof there is. Raises Refused."""
    if letter.reader_id != actor.id:
        raise Refused(_("Only the person to whom it was written can say that it was read."))
    with journal.atomic():
        changed = Letter.objects.filter(pk=letter.pk, read_at__isnull=True).update(read_at=at)
        if changed:
            _deliver(actor, letter, at, "read")
            _record(actor, "read", letter, at)
    letter.refresh_from_db()
    return letter


def hand_over(*, actor: Actor, letter: Letter, on: date, at: datetime) -> Letter:
    """XIII.C.0m: an official gave it to the reader in person on a day. Raises Refused."""
    if on > people.today(at):
        raise Refused(_("%(on)s is still to come; enter the day on which you gave it.") % {"on": on})
    if on < people.today(letter.made_at):
        made = people.today(letter.made_at)
        raise Refused(_("This letter was written on %(made)s, so nobody was given it before.") % {"made": made})
    if letter.state == LetterState.STOPPED:
        raise Refused(_("This letter was stopped, so it is not to be handed over."))
    with journal.atomic():
        number = letter.attempts.filter(channel=Channel.HAND).aggregate(last=Max("number"))["last"] or 0
        if letter.state == LetterState.DELIVERED and letter.delivered_how == "hand":
            return letter  # a second click
        Attempt.objects.create(
            letter=letter, channel=Channel.HAND, number=number + 1, state=State.DELIVERED, begun_at=at, sent_at=at,
            ended_at=at, address=f"in person, by {actor.name or actor.id}"[:600],
        )  # fmt: skip
        _deliver(actor, letter, waiting.moment(on, at), "hand")
        _record(actor, "handed-over", letter, at, data={"on": on.isoformat()})
    letter.refresh_from_db()
    return letter


def came_back(*, actor: Actor, letter: Letter, reason: str, at: datetime) -> Letter:
    """The post brought a letter back: it is not delivered, and somebody has to find another way. Raises Refused."""
    if letter.channel != Channel.PAPER or letter.sent_at is None:
        raise Refused(_("Only a letter that was mailed can come back by post."))
    if letter.delivered_how in ("hand", "read"):
        raise Refused(_("The reader has this notice already, in person or by reading it here."))
    with journal.atomic():
        letter.attempts.filter(channel=Channel.PAPER, state__in=(State.SENT, State.DELIVERED)).update(
            state=State.RETURNED, ended_at=at, why=reason[:300]
        )
        Letter.objects.filter(pk=letter.pk).update(
            state=LetterState.RETURNED, delivered_at=None, delivered_how="", why=reason[:300], next_at=None
        )
        reopening.reopen(actor=actor, letters=[letter.pk], at=at, reason=reason)
        _record(actor, "came-back", letter, at, reason=reason)
    letter.refresh_from_db()
    return letter


def try_again(*, actor: Actor, letter: Letter, at: datetime) -> Letter:
    """A letter that nobody got takes the way that is on record now. Raises Refused where there is none."""
    if letter.state not in (LetterState.UNREACHABLE, LetterState.RETURNED):
        raise Refused(_("This letter is on its way or delivered already."))
    way = recipients.ways([letter.reader_id], people.today(at))[letter.reader_id]
    if not way.channel:
        raise Refused(
            _(
                "There is still neither an e-mail nor a postal address for %(name)s. Addresses come with the roster: "
                "enter one in the student information system and try again after the next load, or hand it over."
            )
            % {"name": way.name}
        )
    with journal.atomic():
        changed = Letter.objects.filter(pk=letter.pk, state=letter.state).update(
            state=LetterState.QUEUED, channel=way.channel, why="", next_at=at if way.channel == "email" else None,
            tries=0,
        )  # fmt: skip
        if changed:
            _record(actor, "queued-again", letter, at, data={"way": way.channel})
    letter.refresh_from_db()
    return letter


def decide_held(*, actor: Actor, letter: Letter, send: bool, reason: str, at: datetime) -> Letter:
    """XIII.B: a person looked at what a court settled, and lets a held letter go out or not. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say what you looked at, for instance which order of which day."))
    way = recipients.ways([letter.reader_id], people.today(at))[letter.reader_id]
    new: dict[str, Any] = {"state": LetterState.STOPPED, "why": reason.strip()[:300]}
    if send:
        email = way.channel == "email"
        state = LetterState.QUEUED if way.channel else LetterState.UNREACHABLE
        new = {"state": state, "channel": way.channel, "why": "", "next_at": at if email else None}
    with journal.atomic():
        if Letter.objects.filter(pk=letter.pk, state=LetterState.HELD).update(**new) != 1:
            raise Refused(_("This letter is not held any more; somebody decided before you."))
        _record(actor, "released" if send else "kept-back", letter, at, reason=reason.strip())
    letter.refresh_from_db()
    return letter


def _deliver(actor: Actor, letter: Letter, when: datetime, how: str) -> None:
    """Delivered, from the first moment on that is known; a stronger proof replaces a weaker one."""
    Letter.objects.filter(pk=letter.pk).exclude(state__in=OVER).update(
        state=LetterState.DELIVERED, delivered_at=when, delivered_how=how, next_at=None, claim=""
    )
    if how in ("read", "hand"):
        Letter.objects.filter(pk=letter.pk, state=LetterState.DELIVERED).update(delivered_how=how)
    meet_own(actor=actor, letter=letter.pk, at=when, when=when)


def meet_own(*, actor: Actor, letter: int, at: datetime, when: datetime) -> None:
    """The clock of one letter, where it has its own, stops with its delivery."""
    for clock in Clock.objects.filter(about=f"letter:{letter}", met_at__isnull=True, withdrawn_at__isnull=True):
        clocks.meet_clock(actor=actor, at=at, clock=clock, how=f"Letter {letter} was delivered.", met_at=when)


def _record(
    actor: Actor, done: str, letter: Letter, at: datetime, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"notices.letter.{done}", subject=f"letter:{letter.pk}", at=at,
        clause=KINDS[letter.kind].clause, reason=reason, data=data or {},
    )  # fmt: skip
