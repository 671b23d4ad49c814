"""How a form, guideline or procedure becomes part of the policy: drafted, submitted, approved or returned."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board.models import Addendum, AddendumState
from homeroom.journal import actions as journal
from homeroom.people import queries as people

HASH = re.compile(r"\A[0-9a-f]{64}\Z")


def draft_addendum(*, actor: Actor, at: datetime, subject: str, kind: str, title: str, sha256: str) -> Addendum:
    """XVII.A.1: put a form, guideline or procedure on file, to be submitted to the board.

    The same words of the same subject are kept once; one that was returned may be drafted anew. Raises Refused.
    """
    _check_draft(subject, title, sha256)
    with journal.atomic():
        known = Addendum.objects.filter(subject=subject, sha256=sha256).exclude(state=AddendumState.RETURNED).first()
        if known:
            return known
        row = Addendum.objects.create(
            subject=subject, kind=kind.strip()[:30], title=title.strip()[:300], sha256=sha256, drafted_at=at,
            by=actor.id, by_name=actor.name,
        )  # fmt: skip
        _record(actor, "drafted", row, at, "XVII.A.1", data={"subject": subject, "sha256": sha256})
    return row


def submit_addendum(*, actor: Actor, at: datetime, addendum: int | Addendum) -> Addendum:
    """XVII.A.1: hand a draft to the board. Raises Refused."""
    with journal.atomic():
        row = _moved(addendum, (AddendumState.DRAFTED,), state=AddendumState.SUBMITTED, submitted_at=at)
        _record(actor, "submitted", row, at, "XVII.A.1")
    return row


def approve_addendum(
    *, actor: Actor, at: datetime, addendum: int | Addendum, approved_on: date, minutes: str, effective_on: date
) -> Addendum:
    """XVII.A.2: write down that the board approved it; from `effective_on` it is part of the policy. Raises Refused."""
    _check_approval(approved_on, minutes, effective_on, people.today(at))
    with journal.atomic():
        row = _moved(
            addendum, (AddendumState.SUBMITTED,), state=AddendumState.APPROVED, approved_on=approved_on,
            minutes=minutes.strip()[:300], effective_on=effective_on, number=_number(approved_on),
        )  # fmt: skip
        days = {"approved_on": approved_on.isoformat(), "effective_on": effective_on.isoformat()}
        _record(actor, "approved", row, at, "XVII.A.2", row.minutes, {**days, "number": row.number})
    return row


def return_addendum(*, actor: Actor, at: datetime, addendum: int | Addendum, reason: str) -> Addendum:
    """XVII.A.2: the board did not approve it and says why. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why the board returned it, so that whoever wrote it can mend it."))
    with journal.atomic():
        row = _moved(
            addendum, (AddendumState.SUBMITTED,), state=AddendumState.RETURNED, returned_at=at, reason=reason.strip()
        )
        _record(actor, "returned", row, at, "XVII.A.2", row.reason)
    return row


def end_addendum(*, actor: Actor, at: datetime, addendum: int | Addendum, last_day: date, reason: str) -> Addendum:
    """XVII.A.2: an addendum leaves the policy; `last_day` is the last on which it counts. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it leaves the policy, and where the minutes are."))
    if last_day < people.today(at) - timedelta(days=1):
        raise Refused(_("It counted until today; its last day cannot lie further back than yesterday."))
    with journal.atomic():
        row = _moved(addendum, (AddendumState.APPROVED,), until_day=last_day)
        _record(actor, "ended", row, at, "XVII.A.2", reason.strip(), {"last_day": last_day.isoformat()})
    return row


def _moved(addendum: int | Addendum, old: tuple[AddendumState, ...], **new: Any) -> Addendum:
    """The addendum in its new state; refused where it is not in the old one, for instance since somebody was first."""
    pk = addendum.pk if isinstance(addendum, Addendum) else addendum
    changed = Addendum.objects.filter(pk=pk, state__in=old).update(**new)
    row = Addendum.objects.filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no addendum %(pk)s; the page of addenda shows those that there are.") % {"pk": pk})
    if changed != 1:
        raise Refused(
            _("“%(title)s” is %(state)s, and this is done only with what is %(needed)s. Look at it again.")
            % {"title": row.title, "state": row.state, "needed": old[0]}
        )
    return row


def _check_draft(subject: str, title: str, sha256: str) -> None:
    if not subject.strip() or len(subject) > 200:
        raise Refused(_("Say of what it is an addendum, in at most 200 letters."))
    if not title.strip():
        raise Refused(_("Give the addendum a title by which the board knows it."))
    if not HASH.match(sha256):
        raise Refused(_("The hash of the addendum's words is 64 hex digits (SHA-256)."))


def _check_approval(approved_on: date, minutes: str, effective_on: date, today: date) -> None:
    if approved_on > today:
        raise Refused(
            _("The board cannot have approved it on %(approved_on)s, which is still to come.")
            % {"approved_on": approved_on}
        )
    if not minutes.strip():
        raise Refused(_("Say where the minutes of the approval are."))
    if effective_on < approved_on:
        raise Refused(_("It can be part of the policy only from the day of its approval on."))


def _number(approved_on: date) -> str:
    """The next number of the year: "2026-4"."""
    used = Addendum.objects.filter(number__startswith=f"{approved_on.year}-").values_list("number", flat=True)
    return f"{approved_on.year}-{max((int(each.partition('-')[2]) for each in used), default=0) + 1}"


def _record(
    actor: Actor, done: str, row: Addendum, at: datetime, clause: str, reason: str = "", data: Any = None
) -> None:
    journal.record(
        actor=actor, verb=f"board.addendum.{done}", subject=f"addendum:{row.pk}", at=at, clause=clause, reason=reason,
        data=data or {},
    )  # fmt: skip
