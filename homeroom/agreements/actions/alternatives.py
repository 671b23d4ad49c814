"""XII.B.0b, C.3: activities without the Internet: asked for, planned and offered, answered, in effect, ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.agreements.models import Alternative
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Guardianship, RoleName

NEUTRAL = "Taking part in this instead does not lower any grade and is no disadvantage in class."


def request_alternative(
    *, actor: Actor, at: datetime, student: str, asked_by: str, scope: str, due_on: date, words: str = ""
) -> Alternative:
    """XII.B.0b: a parent asks; the teacher gets a plan to write, due before the lesson. Raises Refused."""
    on = people.today(at)
    if scope not in Alternative.Scope.values:
        raise Refused(_("Say whether it is about all use of the Internet, some tools, or some assignments."))
    if scope != Alternative.Scope.ALL and not words.strip():
        raise Refused(_("Say which tools or which assignments it is about."))
    if due_on < on:
        raise Refused(_("The day by which it is needed has passed; choose one to come."))
    if actor.id != asked_by and not actor.holds(*STAFF):
        raise Refused(_("Only a parent or guardian can ask for this, or the school office for them."))
    parents = Guardianship.objects.on(on).filter(relationship__in=Guardianship.PARENTS).exclude(legal_custody=False)
    if asked_by != student and not parents.filter(child=student, guardian=asked_by).exists():
        raise Refused(_("Only a parent or guardian of this student can ask for this."))
    with journal.atomic():
        known = Alternative.objects.filter(student=student, scope=scope, words=words.strip(), ended_on=None).first()
        if known is not None:
            return known
        if scope == Alternative.Scope.ALL and (
            other := Alternative.objects.filter(student=student, scope=scope, ended_on=None).first()
        ):
            return other
        teachers = sorted(people.supervising_teachers(student, on), key=lambda each: each.pk)
        row = Alternative.objects.create(
            student_id=student, asked_by_id=asked_by, scope=scope, words=words.strip(), requested_at=at, due_on=due_on,
            teacher=teachers[0] if teachers else None,
        )  # fmt: skip
        _record(row, actor, at, "requested", row.words, {"due_on": due_on, "scope": scope})
    return row


def offer_alternative(*, actor: Actor, at: datetime, alternative: int | Alternative, plan: str) -> Alternative:
    """C.3: the teacher's plan goes to the parent, with the promise that no grade suffers. Raises Refused."""
    if not plan.strip():
        raise Refused(_("Write what the student does instead."))
    with journal.atomic():
        row = _of(alternative, "requested", "explained", "disputed")
        _may_plan(actor, row)
        row.plan, row.neutrality, row.offered_at = plan.strip(), NEUTRAL, at
        row.answer, row.answer_words, row.answered_at = "", "", None
        row.save()
        _record(row, actor, at, "offered", row.plan)
    return row


def explain_alternative(*, actor: Actor, at: datetime, alternative: int | Alternative, explanation: str) -> Alternative:
    """C.3: nothing can be offered, and the parent is told why in writing. Raises Refused."""
    if not explanation.strip():
        raise Refused(_("Write why nothing can be offered, so that the parent can answer."))
    with journal.atomic():
        row = _of(alternative, "requested")
        _may_plan(actor, row)
        row.explanation, row.explained_at = explanation.strip(), at
        row.save()
        _record(row, actor, at, "explained", row.explanation)
    return row


def answer_alternative(
    *, actor: Actor, at: datetime, alternative: int | Alternative, accepted: bool, words: str = ""
) -> Alternative:
    """C.3: the parent accepts the plan, or says what is wrong with it. Raises Refused."""
    if not accepted and not words.strip():
        raise Refused(_("Say what should be different."))
    with journal.atomic():
        row = _of(alternative, "offered")
        if actor.id != row.asked_by_id and not actor.holds(*STAFF):
            raise Refused(_("Whoever asked for it answers, or the school office for them."))
        row.answer, row.answer_words, row.answered_at = "accepted" if accepted else "disputed", words.strip(), at
        row.save()
        _record(row, actor, at, row.answer, row.answer_words)
    return row


def start_alternative(*, actor: Actor, at: datetime, alternative: int | Alternative, from_day: date) -> Alternative:
    """C.3: an accepted plan takes effect from a day on, today or later. Raises Refused."""
    if from_day < people.today(at):
        raise Refused(_("That day has passed; nothing counts backwards. Choose today or a later day."))
    with journal.atomic():
        row = _of(alternative, "accepted")
        _may_plan(actor, row, parent=True)
        row.from_day = from_day
        row.save()
        _record(row, actor, at, "started", "", {"from_day": from_day, "scope": row.scope})
    return row


def end_alternative(*, actor: Actor, at: datetime, alternative: int | Alternative, reason: str = "") -> Alternative:
    """C.3: it ends, at the word of whoever asked, or as the office notes. Raises Refused."""
    with journal.atomic():
        row = _of(alternative, "requested", "explained", "offered", "accepted", "disputed", "in_effect")
        if actor.id != row.asked_by_id and not actor.holds(*STAFF):
            raise Refused(_("Whoever asked for it ends it, or the school office for them."))
        row.ended_on, row.ended_why = people.today(at), reason.strip()
        row.save()
        _record(row, actor, at, "ended", row.ended_why, {"scope": row.scope})
    return row


def _of(alternative: int | Alternative, *states: str) -> Alternative:
    pk = alternative.pk if isinstance(alternative, Alternative) else alternative
    row = Alternative.objects.select_for_update(of=("self",)).select_related("student").filter(pk=pk).first()
    if row is None:
        raise Refused(_("There is no such request; open the page again."))
    if row.state not in states:
        raise Refused(_("Somebody has taken the next step here already; look at it again."))
    return row


def _may_plan(actor: Actor, row: Alternative, *, parent: bool = False) -> None:
    office = actor.holds(RoleName.BUILDING_ADMINISTRATOR, RoleName.TECHNOLOGY_DIRECTOR, RoleName.CLERK)
    if not office and actor.id != row.teacher_id and not (parent and actor.id == row.asked_by_id):
        raise Refused(_("The student's teacher does this, or the school office."))


def _record(
    row: Alternative, actor: Actor, at: datetime, done: str, reason: str, data: dict[str, Any] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"agreements.alternative.{done}", subject=f"person:{row.student_id}", at=at,
        clause="XII.B.0b", reason=reason, data={"alternative": row.pk, **(data or {})},
    )  # fmt: skip
