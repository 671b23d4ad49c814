"""IV.2a: suspending or cancelling somebody's use of the network, appealing it, lifting it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.access.models import Restriction
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person, RoleName

DECIDERS = (RoleName.BUILDING_ADMINISTRATOR, RoleName.TECHNOLOGY_DIRECTOR, RoleName.SUPERINTENDENT)
LONGEST = timedelta(days=370)  # a suspension beyond a school year is a cancellation by another name


def restrict(
    *,
    actor: Actor,
    at: datetime,
    person: str | Person,
    reason: str,
    first_day: date | None = None,
    last_day: date | None = None,
    cancel: bool = False,
) -> Restriction:
    """IV.2a: suspend somebody's use up to a last day, or cancel it; in force at once. Raises Refused."""
    today = people.today(at)
    first = first_day or today
    _check(actor, reason, first, last_day, today, cancel)
    id = person.pk if isinstance(person, Person) else person
    if not Person.objects.filter(pk=id).exists():
        raise Refused(_("Nobody has the id “%(id)s”; see “homeroom people list”.") % {"id": id})
    kind = Restriction.Kind.CANCELLATION if cancel else Restriction.Kind.SUSPENSION
    with journal.atomic():
        row = Restriction.objects.create(
            person_id=id, kind=kind, first_day=first, last_day=last_day, reason=reason.strip(), decided_by=actor.id,
            decided_name=actor.name, decided_at=at,
        )  # fmt: skip
        _record(row, actor, at, "decided", row.reason, {"kind": str(kind), "first_day": first, "last_day": last_day})
    return row


def appeal(*, actor: Actor, at: datetime, restriction: int | Restriction, words: str) -> Restriction:
    """IV.2a: write down that it is contested, by whom and why. Raises Refused."""
    if not words.strip():
        raise Refused(_("Write what is said against the decision."))
    with journal.atomic():
        row = _standing(restriction)
        changed = Restriction.objects.filter(pk=row.pk, lifted_on=None, appealed_at=row.appealed_at).update(
            appeal=words.strip(), appealed_at=at, appealed_by=actor.id
        )
        if changed != 1:
            raise Refused(_("Somebody lifted it, or wrote an appeal down, in the meantime. Open the page again."))
        row.refresh_from_db()
        _record(row, actor, at, "appealed", row.appeal)
    return row


def lift(*, actor: Actor, at: datetime, restriction: int | Restriction, reason: str) -> Restriction:
    """IV.2a: end it before its time; the network opens at once, unless something else is missing. Raises Refused."""
    if not actor.holds(*DECIDERS):
        raise Refused(_("A building administrator, the technology director or the superintendent decides this."))
    if not reason.strip():
        raise Refused(_("Say why it is lifted."))
    with journal.atomic():
        row = _standing(restriction)
        changed = Restriction.objects.filter(pk=row.pk, lifted_on=None).update(
            lifted_on=people.today(at), lifted_at=at, lifted_by=actor.id, lifted_name=actor.name,
            lifted_why=reason.strip(),
        )  # fmt: skip
        if changed != 1:
            raise Refused(_("Somebody has lifted it in the meantime."))
        row.refresh_from_db()
        _record(row, actor, at, "lifted", row.lifted_why)
    return row


def _check(actor: Actor, reason: str, first: date, last: date | None, today: date, cancel: bool) -> None:
    if not actor.holds(*DECIDERS):
        raise Refused(_("A building administrator, the technology director or the superintendent decides this."))
    if not reason.strip():
        raise Refused(_("Say why; the person concerned and the parents may read it."))
    if first < today:
        raise Refused(_("It can begin today or later, not in the past."))
    if cancel and last is not None:
        raise Refused(_("A cancellation has no last day; give one only for a suspension."))
    if not cancel and (last is None or last < first):
        raise Refused(_("Give the last day of the suspension, on or after its first."))
    if last is not None and last - first > LONGEST:
        raise Refused(_("A suspension lasts a year at most; cancel the use instead, and say why."))


def _standing(restriction: int | Restriction) -> Restriction:
    pk = restriction.pk if isinstance(restriction, Restriction) else restriction
    row = Restriction.objects.filter(pk=pk).first()
    if row is None or row.lifted_on is not None:
        raise Refused(_("It was lifted already, or there is none; open the page again."))
    return row


def _record(
    row: Restriction, actor: Actor, at: datetime, done: str, reason: str, data: dict[str, Any] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"access.restriction.{done}", subject=f"person:{row.person_id}", at=at, clause="IV.2a",
        reason=reason, data={"restriction": row.pk, **(data or {})},
    )  # fmt: skip
