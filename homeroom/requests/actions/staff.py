"""VIII.E.1: an employee's files or e-mail are looked into: the reason and the bounds stand before the look."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.requests.models import StaffReview
from homeroom.requests.queries import others


def begin(*, actor: Actor, person: str, reason: str, scope: str, at: datetime) -> StaffReview:
    """VIII.E.1: write down why and how far, before anything is opened. Raises Refused.

    Somebody who is also a student is not reviewed here: their things are behind the gate of XIV.
    """
    if person == actor.id:
        raise Refused(_("Nobody reviews their own files; ask the superintendent."))
    if not others.staff(actor, people.today(at)).filter(pk=person).exists():
        raise Refused(_("Only an employee you work with, who is no student, can be reviewed here."))
    if len(reason.split()) < 4:
        raise Refused(_("Say in a sentence which work makes this look necessary."))
    if len(scope.split()) < 2:
        raise Refused(_("Say how far the look goes: which files or mailbox, of which time."))
    with journal.atomic():
        open_ones = StaffReview.objects.filter(person=person, by=actor.id, ended_at__isnull=True)
        known = open_ones.filter(reason=reason.strip(), scope=scope.strip()).first()
        if known is not None:
            return known
        row = StaffReview.objects.create(
            person_id=person, reason=reason.strip(), scope=scope.strip(), begun_at=at, by=actor.id, by_name=actor.name
        )
        _record(actor, "begun", row, at, reason)
    return row


def end(*, actor: Actor, review: StaffReview, result: str, at: datetime) -> StaffReview:
    """VIII.E.1: what came of it. Raises Refused."""
    if len(result.split()) < 2:
        raise Refused(_("Say in a sentence what came of it, also where nothing did."))
    with journal.atomic():
        changed = StaffReview.objects.filter(pk=review.pk, ended_at__isnull=True).update(
            ended_at=at, result=result.strip()
        )
        if changed != 1:
            raise Refused(_("This review has ended already."))
        _record(actor, "ended", review, at, result)
    review.refresh_from_db()
    return review


def _record(actor: Actor, done: str, row: StaffReview, at: datetime, reason: str) -> None:
    journal.record(
        actor=actor, verb=f"requests.review.{done}", subject=f"person:{row.person_id}", at=at, clause="VIII.E.1",
        reason=reason.strip(), data={"review": row.pk, "scope": row.scope},
    )  # fmt: skip
