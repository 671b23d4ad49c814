"""IX.C, XII.B.3: saying no, with a reason; it opens the way to other activities and brings nobody a disadvantage."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from homeroom.agreements.actions.alternatives import request_alternative
from homeroom.agreements.models import Alternative, Refusal, Slot
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people
from homeroom.people.models import STAFF

PLANNED_WITHIN = timedelta(days=7)  # the school's own pace; a lesson before that day has its own request


def refuse(*, actor: Actor, at: datetime, slot: int | Slot, reason: str) -> Refusal:
    """IX.C.2: the holder of a slot declines. The network closes until they sign or take it back. Raises Refused.

    An official may write it down for a holder who said so in person or on paper.
    """
    if not reason.strip():
        raise Refused(_("Say in a few words why, so that the school knows what to offer instead."))
    with journal.atomic():
        row = _slot(slot)
        if actor.id != row.holder_id and not actor.holds(*STAFF):
            raise Refused(_("Only %(name)s can decline here.") % {"name": row.holder.name})
        if row.closed_on is not None or row.agreement.closed_on is not None:
            raise Refused(_("This place to sign is closed already."))
        known = Refusal.objects.filter(slot=row, taken_back_on=None).first()
        if known is not None:
            return known
        refusal = Refusal.objects.create(
            slot=row, by_id=row.holder_id, reason=reason.strip(), on=people.today(at), at=at
        )
        journal.record(
            actor=actor, verb="agreements.refused", subject=f"person:{row.agreement.person_id}", at=at,
            clause="IX.C.2", reason=reason.strip(), data={"slot": row.pk, "part": row.part, "by": row.holder_id},
        )  # fmt: skip
        if row.part in (Part.PARENT, Part.STUDENT):
            _ask_for_other_activities(actor, at, row, reason.strip())
    return refusal


def _ask_for_other_activities(actor: Actor, at: datetime, slot: Slot, words: str) -> None:
    """C.3: whoever does not sign gets a plan of the teacher, asked for in the same act; signing later ends that."""
    due = people.today(at) + PLANNED_WITHIN
    with suppress(Refused):  # whoever is no parent any more declines all the same
        request_alternative(
            actor=actor, at=at, student=slot.agreement.person_id, asked_by=slot.holder_id,
            scope=Alternative.Scope.ALL, due_on=due, words=words,
        )  # fmt: skip


def take_back_refusal(*, actor: Actor, at: datetime, refusal: int | Refusal) -> Refusal:
    """IX.C.2: whoever declined takes it back, without signing yet. Raises Refused."""
    pk = refusal.pk if isinstance(refusal, Refusal) else refusal
    with journal.atomic():
        row = Refusal.objects.select_related("slot__agreement", "by").filter(pk=pk).first()
        if row is None or row.taken_back_on is not None:
            raise Refused(_("There is nothing to take back here any more."))
        if actor.id != row.by_id:
            raise Refused(_("Only %(name)s can take it back.") % {"name": row.by.name})
        Refusal.objects.filter(pk=pk, taken_back_on=None).update(taken_back_on=people.today(at))
        row.refresh_from_db()
        journal.record(
            actor=actor, verb="agreements.refusal-taken-back", subject=f"person:{row.slot.agreement.person_id}", at=at,
            clause="IX.C.2", data={"slot": row.slot_id, "part": row.slot.part, "by": row.by_id},
        )  # fmt: skip
    return row


def _slot(slot: int | Slot) -> Slot:
    pk = slot.pk if isinstance(slot, Slot) else slot
    row = Slot.objects.select_related("agreement", "holder").filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no place %(pk)s to sign; open the page again.") % {"pk": pk})
    return row
