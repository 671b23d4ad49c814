"""VIII.D.2: a parent asks to end the child's account; it ends at once, and nothing is held against the child."""

from __future__ import annotations

from datetime import date, datetime

from homeroom.agreements.actions.opening import follow_roster
from homeroom.agreements.models import Agreement, Termination
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Guardianship

RECORD = "On record as parent or guardian; no court order is noted."


def request_termination(*, actor: Actor, at: datetime, child: str, guardian: str, reason: str = "") -> Termination:
    """VIII.D.2: a parent, or an official for them, asks to end a child's account.

    It ends in the same moment where the roster shows the parent's authority. Where a court order about the child is
    noted, an official looks at it first (`check_authority`). The same request twice is one. Raises Refused.
    """
    if actor.id != guardian and not actor.holds(*STAFF):
        raise Refused("Only a parent or guardian can ask for this, or the school office for them.")
    on = people.today(at)
    with journal.atomic():
        _bond(child, guardian, on)
        waiting = Termination.objects.filter(child=child, guardian=guardian, reversed_on=None, declined_at=None).first()
        if waiting is not None:
            return waiting
        row = Termination.objects.create(
            child_id=child, guardian_id=guardian, reason=reason.strip(), requested_at=at, requested_by=actor.id
        )
        if not Guardianship.objects.on(on).filter(child=child, court_order=True).exists():
            _execute(row, actor, at, RECORD)
        _record(row, actor, at, row.state, row.reason)
    return row


def check_authority(*, actor: Actor, at: datetime, termination: int | Termination, authority: str) -> Termination:
    """VIII.D.2: an official has looked at the court order: the parent may ask for this, and the account ends."""
    if not actor.holds(*STAFF) or not authority.strip():
        raise Refused("An official says what shows the parent's authority, such as the order and its date.")
    with journal.atomic():
        row = _requested(termination)
        _execute(row, actor, at, authority.strip())
        _record(row, actor, at, "executed", authority.strip())
    return row


def decline_termination(*, actor: Actor, at: datetime, termination: int | Termination, reason: str) -> Termination:
    """VIII.D.2: the order does not let this person ask for it. Raises Refused."""
    if not actor.holds(*STAFF) or not reason.strip():
        raise Refused("An official says why this person cannot ask for it.")
    with journal.atomic():
        row = _requested(termination)
        row.declined_at, row.declined_why, row.checked_at, row.checked_by = at, reason.strip(), at, actor.id
        row.save()
        _record(row, actor, at, "declined", reason.strip())
    return row


def reverse_termination(*, actor: Actor, at: datetime, child: str, guardian: str) -> Termination:
    """C.2: a parent asks for the account again. A fresh agreement opens, to be signed anew by all. Raises Refused."""
    if actor.id != guardian and not actor.holds(*STAFF):
        raise Refused("Only a parent or guardian can ask for this, or the school office for them.")
    on = people.today(at)
    with journal.atomic():
        _bond(child, guardian, on)
        row = Termination.objects.filter(child=child, reversed_on=None).exclude(executed_on=None).first()
        if row is None:
            raise Refused("No account was ended here, so there is nothing to ask for again.")
        standing = Termination.objects.filter(child=child, reversed_on=None, declined_at=None)
        standing.exclude(checked_at=None).update(reversed_on=on, reversed_by=guardian)
        row.refresh_from_db()
        follow_roster(actor=actor, at=at, ids=[child])
        _record(row, actor, at, "reversed", "")
    return row


def _bond(child: str, guardian: str, on: date) -> Guardianship:
    held = Guardianship.objects.on(on).filter(child=child, guardian=guardian)
    bond = held.filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False).order_by("id").first()
    if bond is None:
        raise Refused("Only a parent or guardian with custody can ask for this; the school office has the record.")
    return bond


def _requested(termination: int | Termination) -> Termination:
    pk = termination.pk if isinstance(termination, Termination) else termination
    row = Termination.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.state != "requested":
        raise Refused("This request is settled already, or there is none; open the page again.")
    return row


def _execute(row: Termination, actor: Actor, at: datetime, authority: str) -> None:
    """The account ends: with it the agreements, whose records stay."""
    on = people.today(at)
    other = Termination.objects.filter(child=row.child_id, reversed_on=None).exclude(executed_on=None)
    row.authority, row.checked_at, row.checked_by = authority, at, actor.id
    if not other.exists():
        row.executed_on, row.executed_at = on, at
    row.save()
    Agreement.objects.filter(person=row.child_id, form="student", closed_on=None).update(
        closed_on=on, closed_why="ended_by_parent"
    )


def _record(row: Termination, actor: Actor, at: datetime, done: str, reason: str) -> None:
    journal.record(
        actor=actor, verb=f"agreements.termination.{done}", subject=f"person:{row.child_id}", at=at,
        clause="VIII.D.2", reason=reason, data={"termination": row.pk, "guardian": row.guardian_id},
    )  # fmt: skip
