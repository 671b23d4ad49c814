"""VIII.D.1: a parent asks at any time; a clock runs; what is shown, and what a law keeps back, is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices import actions as notices
from homeroom.people import queries as people
from homeroom.people.models import Person
from homeroom.requests.models import DataRequest, Part, Wanted
from homeroom.requests.queries import data as queries

RULE = "data-request"  # the shortest of the clocks that run for it (T16)
SIGNED_IN = "Signed in with an own account."


def ask(*, actor: Actor, student: str, wants: Sequence[str], words: str, at: datetime) -> DataRequest:
    """VIII.D.1: somebody who is signed in asks about a child, or about themselves once of age. Raises Refused."""
    on = people.today(at)
    child = _person(student)
    if actor.id == student and not queries.of_age(child, on):
        raise Refused(
            _("Until you are of age your parents ask for you. You may ask your teacher to show you your files.")
        )
    if actor.id != student and not queries.is_parent(actor.id, student, on):
        raise Refused(
            _("Only a parent may ask about a child. If a parent is missing on record, tell the school office.")
        )
    if actor.id != student and queries.of_age(child, on):
        raise Refused(
            _("%(given_name)s is of age, so the right is theirs now. They may ask themselves.")
            % {"given_name": child.given_name}
        )
    return _open(actor, child, actor.id, wants, words, SIGNED_IN, at)


def enter(
    *, actor: Actor, student: str, asked_by: str, wants: Sequence[str], words: str, identity: str, at: datetime
) -> DataRequest:
    """VIII.D.1: an official enters what was asked on paper, by phone or at the counter. Raises Refused."""
    if len(identity.split()) < 2:
        raise Refused(_("Say how you know who asks, for instance by which card or call back."))
    return _open(actor, _person(student), _person(asked_by).pk, wants, words, identity.strip(), at)


def check(*, actor: Actor, request: DataRequest, authority: str, at: datetime) -> DataRequest:
    """VIII.D.1: an official looked at the relationship, the age and any order, and at what. Raises Refused."""
    if len(authority.split()) < 3:
        raise Refused(_("Say what you looked at: the relationship on record, the student’s age, an order and its day."))
    if request.asked_by_id == actor.id:
        raise Refused(_("You asked for this yourself; somebody else must look at it."))
    with journal.atomic():
        changed = DataRequest.objects.filter(pk=request.pk, authority_at__isnull=True, closed_at__isnull=True).update(
            authority=authority.strip(), authority_at=at, authority_by_name=actor.name
        )
        if changed != 1:
            raise Refused(_("Somebody looked at this already, or it is closed. Open it again."))
        _record(actor, "checked", request, at, reason=authority)
    return _again(request)


def settle(
    *, actor: Actor, request: DataRequest, kind: str, state: str, how: str, at: datetime, citation: str = ""
) -> Part:
    """VIII.D.1: one thing that was asked for is shown, is not there, or is kept back by a law. Raises Refused."""
    if request.authority_at is None:
        raise Refused(_("First look at who asks and with which right; then show anything."))
    if kind not in queries.open_kinds(request):
        raise Refused(_("This was not asked for, or is settled already."))
    if state not in Part.State.values or len(how.split()) < 3:
        raise Refused(
            _("Say in a sentence how it was shown, or why not. Say too what about other students was covered.")
        )
    if state == Part.State.WITHHELD and not citation.strip():
        raise Refused(_("Only a law keeps it back. Name the statute and subdivision."))
    with journal.atomic():
        if DataRequest.objects.filter(pk=request.pk, closed_at__isnull=True).count() != 1:
            raise Refused(_("This request is closed."))
        row, new = Part.objects.get_or_create(
            request=request, kind=kind,
            defaults={"state": state, "how": how.strip(), "citation": citation.strip(), "at": at,
                      "by_name": actor.name},
        )  # fmt: skip
        if not new:
            raise Refused(_("Somebody was quicker: this is settled already. Open it again."))
        _record(actor, f"part-{state}", request, at, reason=how, data={"kind": kind, "citation": citation.strip()})
    return row


def close(*, actor: Actor, request: DataRequest, answer: str, at: datetime) -> DataRequest:
    """VIII.D.1: all is shown or settled, and whoever asked was answered; the clock is met. Raises Refused."""
    row = _again(request)
    left = queries.open_kinds(row)
    if left:
        raise Refused(_("Something that was asked for is still open: show it, or name the law that keeps it back."))
    if len(answer.split()) < 3:
        raise Refused(_("Write what you answered, in a sentence that whoever asked can read here."))
    kept_back = [part for part in row.parts.all() if part.state == Part.State.WITHHELD]  # type: ignore[attr-defined]
    return _close(actor, row, "partly" if kept_back else "given", answer, "", at)


def refuse(*, actor: Actor, request: DataRequest, answer: str, citation: str, at: datetime) -> DataRequest:
    """VIII.D.1: who asked has no right to it; a law is named, and who asked reads it. Raises Refused."""
    if not citation.strip() or len(answer.split()) < 3:
        raise Refused(_("Name the law or the order, and say in a sentence why there is no right to see it."))
    return _close(actor, _again(request), "refused", answer, citation.strip(), at)


def look_at(*, actor: Actor, request: DataRequest, at: datetime) -> DataRequest:
    """VIII.D.1: open a request; who looked at it stands in the journal too."""
    with journal.atomic():
        _record(actor, "seen", request, at)
    return request


def _open(
    actor: Actor, student: Person, asked_by: str, wants: Sequence[str], words: str, identity: str, at: datetime
) -> DataRequest:
    kinds = [kind for kind in Wanted.values if kind in wants]
    if not kinds:
        raise Refused(_("Choose at least one thing to see."))
    with journal.atomic():
        open_ones = DataRequest.objects.filter(student=student, asked_by=asked_by, closed_at__isnull=True)
        known = next((row for row in open_ones if set(kinds) <= set(row.wants)), None)
        if known is not None:
            return known  # a second click, or the same question while the first one is open
        row = DataRequest.objects.create(
            student=student, asked_by_id=asked_by, wants=kinds, words=words.strip(), asked_at=at, entered_by=actor.id,
            entered_by_name=actor.name, identity=identity,
        )  # fmt: skip
        owner, above = queries.owner(people.today(at))
        notices.start_clock(
            actor=actor, at=at, rule=RULE, about=row.about, since=at, owner=owner, escalate_to=above,
        )  # fmt: skip
        _record(actor, "asked", row, at, data={"wants": kinds})
    return row


def _close(actor: Actor, row: DataRequest, outcome: str, answer: str, citation: str, at: datetime) -> DataRequest:
    with journal.atomic():
        changed = DataRequest.objects.filter(pk=row.pk, closed_at__isnull=True).update(
            closed_at=at, closed_by_name=actor.name, outcome=outcome, answer=answer.strip(), citation=citation
        )
        if changed != 1:
            raise Refused(_("This request was answered already. Open it again to see the answer."))
        clock = queries.clock_of(row)
        if clock is not None:
            notices.meet_clock(actor=actor, at=at, clock=clock, how=f"Answered: {outcome}")
        _record(actor, f"closed-{outcome}", row, at, reason=answer, data={"citation": citation})
    return _again(row)


def _person(id: str) -> Person:
    row = Person.objects.filter(pk=id).first()
    if row is None:
        raise Refused(_("Nobody here has the id “%(id)s”.") % {"id": id})
    return row


def _again(row: DataRequest) -> DataRequest:
    return queries.requests().get(pk=row.pk)


def _record(
    actor: Actor, done: str, row: DataRequest, at: datetime, *, reason: str = "", data: dict[str, object] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"requests.data.{done}", subject=f"person:{row.student_id}", at=at, clause="VIII.D.1",
        reason=reason.strip(), data={"request": row.pk, **(data or {})},
    )  # fmt: skip
