"""IX.B.1, IX.C.5: the staff's permission, and the file in the school office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.agreements import completing
from homeroom.agreements.models import Agreement, Permission
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person, RoleName

MAY_PERMIT = (RoleName.TEACHER, RoleName.BUILDING_ADMINISTRATOR)


def permit(*, actor: Actor, at: datetime, agreement: int | Agreement, scope: str = "") -> Permission:
    """IX.B.1: a teacher or administrator permits a student's use. The same twice changes nothing. Raises Refused."""
    if not actor.holds(*MAY_PERMIT) or not Person.objects.filter(pk=actor.id).exists():
        raise Refused(_("A teacher or the building administrator gives this permission."))
    with journal.atomic():
        row = _agreement(agreement)
        known = Permission.objects.filter(agreement=row, by_id=actor.id, withdrawn_on=None).first()
        if known is not None:
            return known
        permission = Permission.objects.create(
            agreement=row, by_id=actor.id, scope=scope.strip() or completing.SCOPE, on=people.today(at), at=at
        )
        _record(actor, at, row, "permitted", "IX.B.1", permission.scope)
    return permission


def withdraw_permission(*, actor: Actor, at: datetime, agreement: int | Agreement, reason: str) -> int:
    """IX.B.1: take back every permission for an agreement; the network closes. Raises Refused."""
    if not actor.holds(*MAY_PERMIT):
        raise Refused(_("A teacher or the building administrator takes this permission back."))
    if not reason.strip():
        raise Refused(_("Say why, so that the student and the parents can be told."))
    with journal.atomic():
        row = _agreement(agreement)
        count = Permission.objects.filter(agreement=row, withdrawn_on=None).update(
            withdrawn_on=people.today(at), withdrawn_by=actor.id, withdrawn_why=reason.strip()
        )
        if not count:
            raise Refused(_("No permission stands that could be taken back."))
        _record(actor, at, row, "permission-withdrawn", "IX.B.1", reason.strip())
    return count


def file(*, actor: Actor, at: datetime, agreements: Sequence[Agreement]) -> int:
    """IX.C.5: put complete agreements on file in their school; says how many were not there yet."""
    with journal.atomic():
        filed = completing.file_complete(actor, at, {row.pk: row for row in agreements})
        by_pk = {row.pk: row for row in agreements}
        acts = [
            journal.Act(
                verb="agreements.filed", subject=f"person:{by_pk[pk].person_id}", clause="IX.C.5",
                data={"agreement": pk},
            )
            for pk in filed
        ]  # fmt: skip
        if acts:
            journal.record_all(actor=actor, acts=acts, at=at)
    return len(filed)


def _agreement(agreement: int | Agreement) -> Agreement:
    pk = agreement.pk if isinstance(agreement, Agreement) else agreement
    row = Agreement.objects.filter(pk=pk, closed_on=None).first()
    if row is None:
        raise Refused(_("This agreement is closed, or there is none; open the page again."))
    return row


def _record(actor: Actor, at: datetime, row: Agreement, done: str, clause: str, reason: str) -> None:
    journal.record(
        actor=actor, verb=f"agreements.{done}", subject=f"person:{row.person_id}", at=at, clause=clause, reason=reason,
        data={"agreement": row.pk},
    )  # fmt: skip
