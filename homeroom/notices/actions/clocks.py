"""Clocks are started, met, paused, resumed, withdrawn; and as time passes they warn and are late."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.journal import actions as journal
from homeroom.kernel.deadlines import clock as counting
from homeroom.kernel.deadlines import rules
from homeroom.notices.models import Clock, Feed
from homeroom.notices.queries import clocks as queries
from homeroom.notices.queries import days
from homeroom.people import queries as people
from homeroom.people.models import Person


def start_clock(
    *,
    actor: Actor,
    at: datetime,
    rule: str,
    about: str,
    since: datetime,
    owner: Person | str | None = None,
    escalate_to: Person | str | None = None,
    title: str = "",
    due_at: datetime | None = None,
    school: str | None = None,
) -> Clock:
    """XIV.D.1, XIII.C.0: a duty begins to run; `since` is the event itself, which may lie before `at`.

    The same rule about the same thing runs once: a second start gives back the first. Where nobody is named, the
    technology director answers for it and the superintendent hears when it is late. Raises Refused.
    """
    director, above = queries.answerable(people.today(at))
    found = _rule(rule, since)
    due = due_at or _due(found, since, school)
    row = Clock(
        rule=found.id, title=(title or found.title)[:200], clause=found.clause, about=about,
        owner_id=_id(owner) or director, escalate_to_id=_id(escalate_to) or above, since=since, due_at=due,
        next_at=since, started_at=at, started_by=actor.id,
    )  # fmt: skip
    row.next_at, row.stage = _next(found, row, at)
    with journal.atomic():
        known = Clock.objects.filter(rule=rule, about=about, met_at__isnull=True, withdrawn_at__isnull=True).first()
        if known:
            return known
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            # Another process started it between our look and our write.
            return Clock.objects.get(rule=rule, about=about, met_at__isnull=True, withdrawn_at__isnull=True)
        _record(actor, "started", row, at, data={"rule": rule, "since": since.isoformat(), "due": due.isoformat()})
    return row


def meet_clock(*, actor: Actor, at: datetime, clock: int | Clock, how: str, met_at: datetime | None = None) -> Clock:
    """The duty is done; `met_at` is when, where that was before now. Done late stays late. Raises Refused."""
    row = _get(clock)
    done = met_at or at
    with journal.atomic():
        changed = Clock.objects.filter(pk=row.pk, met_at__isnull=True, withdrawn_at__isnull=True).update(
            met_at=done, met_how=how[:300], next_at=None, paused_at=None, paused_reason=""
        )
        row.refresh_from_db()
        if changed != 1:
            if row.met_at:
                return row  # somebody was first; done is done
            raise Refused(
                _("“%(title)s” was withdrawn: %(withdrawn_reason)s")
                % {"title": row.title, "withdrawn_reason": row.withdrawn_reason}
            )
        _record(actor, "met", row, at, data={"how": how, "late": done > row.due_at})
    return row


def reopen_clock(*, actor: Actor, at: datetime, clock: int | Clock, reason: str) -> Clock:
    """XIV.D.1: what was held to be done was not, so the clock runs on as if it had never been met. Raises Refused."""
    row = _get(clock)
    next_at, stage = _next(_rule(row.rule, row.since), row, at)
    with journal.atomic():
        changed = Clock.objects.filter(pk=row.pk, met_at__isnull=False, withdrawn_at__isnull=True).update(
            met_at=None, met_how="", next_at=max(next_at or at, at), stage=stage
        )
        if changed != 1:
            raise Refused(_("“%(title)s” was not met, so there is nothing to open again.") % {"title": row.title})
        row.refresh_from_db()
        _record(actor, "reopened", row, at, reason=reason.strip())
    return row


def pause_clock(*, actor: Actor, at: datetime, clock: int | Clock, reason: str) -> Clock:
    """XIV.D.3: a clock stands still, with a reason. Raises Refused where it does not run or is late already."""
    if not reason.strip():
        raise Refused(_("Say why the clock is paused; whoever looks at it later must understand it."))
    row = _get(clock)
    if at > row.due_at:
        said = _("“%(title)s” was due %(when)s and is late; it can only be met now.")
        raise Refused(said % {"title": row.title, "when": people.local(row.due_at).strftime("%Y-%m-%d %H:%M %Z")})
    with journal.atomic():
        changed = Clock.objects.filter(
            pk=row.pk, met_at__isnull=True, withdrawn_at__isnull=True, paused_at__isnull=True
        ).update(paused_at=at, paused_reason=reason.strip(), next_at=None)
        if changed != 1:
            raise Refused(_("“%(title)s” does not run, so it cannot be paused.") % {"title": row.title})
        row.refresh_from_db()
        _record(actor, "paused", row, at, reason=reason.strip())
    return row


def resume_clock(*, actor: Actor, at: datetime, clock: int | Clock, reason: str = "") -> Clock:
    """XIV.D.4: a paused clock runs on; where its rule says so it starts anew under another rule. Raises Refused."""
    row = _get(clock)
    if row.paused_at is None or not row.runs:
        raise Refused(_("“%(title)s” is not paused, so it cannot be resumed.") % {"title": row.title})
    found = _rule(row.rule, at)
    after = _rule(found.after_pause, at) if found.after_pause else None
    due = counting.resumed(found, after, row.due_at, row.paused_at, at, days.calendar())
    held = row.paused_at
    # The rule it runs by from now on counts warnings from now; a rule that runs on keeps the warnings it gave.
    since = at if after else row.since
    row.rule, row.since, row.due_at = (after or found).id, since, due.at
    next_at, stage = _next(after or found, row, at)
    with journal.atomic():
        changed = Clock.objects.filter(pk=row.pk, paused_at=held, met_at__isnull=True).update(
            rule=row.rule, since=since, due_at=due.at, next_at=next_at, stage=stage, paused_at=None, paused_reason="",
        )  # fmt: skip
        if changed != 1:
            raise Refused(_("“%(title)s” is not paused any more; look at it again.") % {"title": row.title})
        row.refresh_from_db()
        _record(actor, "resumed", row, at, reason=reason, data={"rule": row.rule, "due": due.at.isoformat()})
    return row


def withdraw_clock(*, actor: Actor, at: datetime, clock: int | Clock, reason: str) -> Clock:
    """A clock that should never have run is taken back, with a reason; it stays on file. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why nothing is owed here."))
    row = _get(clock)
    with journal.atomic():
        changed = Clock.objects.filter(pk=row.pk, met_at__isnull=True, withdrawn_at__isnull=True).update(
            withdrawn_at=at, withdrawn_reason=reason.strip(), next_at=None
        )
        if changed != 1:
            raise Refused(_("“%(title)s” has ended already.") % {"title": row.title})
        row.refresh_from_db()
        _record(actor, "withdrawn", row, at, reason=reason.strip())
    return row


def hand_clock(
    *, actor: Actor, at: datetime, clock: int | Clock, owner: Person | str, escalate_to: Person | str | None = None,
    reason: str = "",
) -> Clock:  # fmt: skip
    """Another person answers for a clock from now on, and another hears of it when it is late."""
    row = _get(clock)
    with journal.atomic():
        Clock.objects.filter(pk=row.pk).update(owner_id=_id(owner), escalate_to_id=_id(escalate_to))
        row.refresh_from_db()
        data = {"owner": row.owner_id or "", "escalate_to": row.escalate_to_id or ""}
        _record(actor, "handed", row, at, reason=reason, data=data)
    return row


def take_clock(*, actor: Actor, at: datetime, clock: int | Clock) -> Clock:
    """Whoever works here answers for a running clock themselves from now on; a second click adds nothing."""
    row = _get(clock)
    if not row.runs:
        raise Refused(_("“%(title)s” has ended already.") % {"title": row.title})
    if row.owner_id == actor.id:
        return row
    return hand_clock(actor=actor, at=at, clock=row, owner=actor.id, escalate_to=row.escalate_to_id)


def adopt_clocks(*, at: datetime, actor: Actor = SYSTEM) -> list[Clock]:
    """XIV.D.1, XIII.C.0: running clocks for which nobody who works here answers get whoever answers today.

    The technology director, else the superintendent; where neither is named they wait on. Those that were handed on.
    """
    director, above = queries.answerable(people.today(at))
    if director is None:
        return []
    return [
        hand_clock(actor=actor, at=at, clock=row, owner=director, escalate_to=row.escalate_to_id or above,
                   reason="Nobody who works here answered for it.")
        for row in list(queries.nobodys(people.today(at)))
    ]  # fmt: skip


def look_at_clock(*, at: datetime, clock: Clock, actor: Actor = SYSTEM) -> str:
    """What a moment brings to one clock: "warned", "late" or "" where somebody else was first.

    A warning and the end of the time are told once each: the row is changed by asking for the moment it had.
    """
    found = board.rule(clock.rule, days.calendar().day_of(clock.since))
    late = at > clock.due_at
    next_at, stage = _next(found, clock, at)
    new: dict[str, Any] = {"next_at": None if late else next_at, "stage": stage}
    if late:
        new |= {"late_at": at, "escalated_at": at if clock.escalate_to_id else None}
    with journal.atomic():
        changed = Clock.objects.filter(pk=clock.pk, next_at=clock.next_at, met_at__isnull=True).update(**new)
        if changed != 1:
            return ""
        told = [each for each in (clock.owner_id, clock.escalate_to_id if late else None) if each]
        verb = "late" if late else "warned"
        _record(actor, verb, clock, at, data={"told": told, "due": clock.due_at.isoformat(), "stage": stage})
    return verb


def make_feed(*, actor: Actor, person: Person, at: datetime) -> str:
    """A new secret for somebody's calendar feed; it is shown once, and the one before stops working."""
    secret = secrets.token_urlsafe(32)
    with journal.atomic():
        Feed.objects.update_or_create(person=person, defaults={"digest": digest(secret), "made_at": at})
        journal.record(actor=actor, verb="notices.feed.made", subject=f"person:{person.pk}", at=at)
    return secret


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _rule(id: str, on: datetime) -> rules.Rule:
    """XVII.D: the clock with the length that the board set for that day, else the one that ships."""
    try:
        return board.rule(id, days.calendar().day_of(on))
    except rules.NoSuchRule as error:
        raise Refused(_(str(error))) from error


def _due(rule: rules.Rule, since: datetime, school: str | None) -> datetime:
    try:
        return counting.due(rule, since, days.calendar(school)).at
    except counting.NoDueDay as error:
        raise Refused(_(str(error))) from error


def _next(rule: rules.Rule, row: Clock, at: datetime) -> tuple[datetime | None, int]:
    """The next moment that matters after `at`, and how many warnings lie behind it.

    The moment after the last warning is the one just past the due moment, so that "late" is told when it is true.
    """
    told = counting.warnings(rule, row.since, row.due_at)
    ahead = [moment for moment in told if moment > at]
    return (ahead[0] if ahead else row.due_at), len(told) - len(ahead)


def _id(person: Person | str | None) -> str | None:
    return person.pk if isinstance(person, Person) else (person or None)


def _get(clock: int | Clock) -> Clock:
    row = Clock.objects.filter(pk=clock.pk if isinstance(clock, Clock) else clock).first()
    if row is None:
        raise Refused(_("There is no such clock."))
    return row


def _record(
    actor: Actor, done: str, row: Clock, at: datetime, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"notices.clock.{done}", subject=f"clock:{row.pk}", at=at, clause=row.clause, reason=reason,
        data={"about": row.about, **(data or {})},
    )  # fmt: skip
