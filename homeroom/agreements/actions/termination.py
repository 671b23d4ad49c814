"""VIII.D.2: a parent asks to end the child's account; it ends at once, and nothing is held against the child."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.agreements.actions.opening import follow_roster
from homeroom.agreements.actions.telling import tell_overruled
from homeroom.agreements.models import Agreement, Termination
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Guardianship, RoleName

OFFICE = (RoleName.CLERK, RoleName.BUILDING_ADMINISTRATOR, RoleName.TECHNOLOGY_DIRECTOR)
OVERRULE = (RoleName.BUILDING_ADMINISTRATOR, RoleName.TECHNOLOGY_DIRECTOR)
RECORD = "On record as parent or guardian; no court order is noted."


def request_termination(*, actor: Actor, at: datetime, child: str, guardian: str, reason: str = "") -> Termination:
    """VIII.D.2: a parent, or an official for them, asks to end a child's account.

    It ends in the same moment where the roster shows the parent's authority. Where a court order about the child is
    noted, an official looks at it first (`check_authority`). The same request twice is one. Raises Refused.
    """
    if actor.id != guardian and not actor.holds(*STAFF):
        raise Refused(_("Only a parent or guardian can ask for this, or the school office for them."))
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
        raise Refused(_("An official says what shows the parent's authority, such as the order and its date."))
    with journal.atomic():
        row = _requested(termination)
        _execute(row, actor, at, authority.strip())
        _record(row, actor, at, "executed", authority.strip())
    return row


def decline_termination(*, actor: Actor, at: datetime, termination: int | Termination, reason: str) -> Termination:
    """VIII.D.2: the order does not let this person ask for it. Raises Refused."""
    if not actor.holds(*STAFF) or not reason.strip():
        raise Refused(_("An official says why this person cannot ask for it."))
    with journal.atomic():
        row = _requested(termination)
        row.declined_at, row.declined_why, row.checked_at, row.checked_by = at, reason.strip(), at, actor.id
        row.save()
        _record(row, actor, at, "declined", reason.strip())
    return row


def reverse_termination(*, actor: Actor, at: datetime, child: str, guardian: str) -> Termination:
    """VIII.D.2, C.2: the parent who ended the account takes their own word back, never another parent's.

    It opens, with a fresh agreement to be signed anew by all, once no parent's word to end it stands. Raises Refused.
    """
    if actor.id != guardian and not actor.holds(*OFFICE):
        raise Refused(_("Only a parent or guardian can ask for this, or the school office for them."))
    on = people.today(at)
    with journal.atomic():
        _bond(child, guardian, on)
        standing = _standing(child)
        if not standing:
            raise Refused(_("No account was ended here, so there is nothing to ask for again."))
        mine = [each for each in standing if each.guardian_id == guardian]
        if not mine:
            raise Refused(
                _(
                    "Another parent ended this account, so only that parent can ask for it again. Talk to the school "
                    "office: an administrator can open it with a reason on record."
                )
            )
        _take_back(mine, on, guardian, "")
        _open_or_stay(actor, child, at)
        _record(mine[0], actor, at, "reversed", "")
    mine[0].refresh_from_db()
    return mine[0]


def overrule_termination(*, actor: Actor, at: datetime, child: str, reason: str) -> Termination:
    """VIII.D.2: the school opens an account that parents ended, with a reason that these parents read, also by letter.

    For where a parent's word has lost its ground: an order says so, or the parent cannot be asked any more. Raises
    Refused.
    """
    if not actor.holds(*OVERRULE):
        raise Refused(_("A building administrator or the technology director decides this."))
    if len(reason.split()) < 3:
        raise Refused(_("Say in a sentence why, such as the order and its date. The parents read it."))
    with journal.atomic():
        standing = _standing(child)
        if not standing:
            raise Refused(_("No account is ended here; open the page again."))
        _take_back(standing, people.today(at), actor.id, reason.strip())
        _open_or_stay(actor, child, at)
        for row in standing:
            row.refresh_from_db()
            tell_overruled(actor=actor, at=at, termination=row)
        _record(standing[0], actor, at, "overruled", reason.strip())
    return standing[0]


def _standing(child: str) -> list[Termination]:
    """The parents' words that ended the account and stand, the first one first."""
    rows = Termination.objects.select_for_update().filter(child=child, reversed_on=None, declined_at=None)
    return list(rows.exclude(checked_at=None).order_by("id"))


def _take_back(rows: list[Termination], on: date, by: str, why: str) -> None:
    ids = [each.pk for each in rows]
    changed = Termination.objects.filter(pk__in=ids, reversed_on=None).update(
        reversed_on=on, reversed_by=by, reversed_why=why
    )
    if changed != len(ids):
        raise Refused(_("Somebody changed this just now. Open the page again."))


def _open_or_stay(actor: Actor, child: str, at: datetime) -> None:
    """Open a fresh agreement; or, where another parent's word stands, let the account rest on that one."""
    left = _standing(child)
    if not left:
        follow_roster(actor=actor, at=at, ids=[child])
    elif all(each.executed_on is None for each in left):
        Termination.objects.filter(pk=left[0].pk).update(executed_on=people.today(at), executed_at=at)


def _bond(child: str, guardian: str, on: date) -> Guardianship:
    held = Guardianship.objects.on(on).filter(child=child, guardian=guardian)
    bond = held.filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False).order_by("id").first()
    if bond is None:
        raise Refused(_("Only a parent or guardian with custody can ask for this; the school office has the record."))
    return bond


def _requested(termination: int | Termination) -> Termination:
    pk = termination.pk if isinstance(termination, Termination) else termination
    row = Termination.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.state != "requested":
        raise Refused(_("This request is settled already, or there is none; open the page again."))
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
