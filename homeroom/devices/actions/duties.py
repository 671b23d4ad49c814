"""XIV.D: the clock after an emergency: begin it, put the notice off, look again, let it run once the threat is over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.devices.actions import outgoing
from homeroom.devices.models import Access, TellDuty
from homeroom.devices.queries import gate as queries
from homeroom.journal import actions as journal
from homeroom.kernel.devices import telling
from homeroom.people import queries as people
from homeroom.people.models import Role, RoleName

APPROVERS = (RoleName.TECHNOLOGY_DIRECTOR, RoleName.BUILDING_ADMINISTRATOR)


def begin(*, actor: Actor, access: Access, first_access: datetime, at: datetime) -> TellDuty:
    """XIV.D.1, T11: start the clock at the first access; an earlier one that is told later moves it back."""
    with journal.atomic():
        duty = TellDuty.objects.filter(access=access).first()
        if duty is not None and duty.first_access_at <= first_access:
            return duty
        due = telling.due_at(first_access, queries.days(), board.rule)
        times = {"first_access_at": first_access, "counted_from": first_access, "due_at": due,
                 "next_at": telling.next_moment(first_access, due, at)}  # fmt: skip
        if duty is not None and (duty.review_by or duty.told_at or duty.ceased_at):
            times = {"first_access_at": first_access}
        duty, _ = TellDuty.objects.update_or_create(access=access, defaults=times)
        if len(times) > 1:
            outgoing.show_clock(actor=actor, duty=duty, at=at)
        journal.record(
            actor=actor, verb="devices.duty.begun", subject=f"device-access:{access.pk}", at=at, clause="XIV.D.1",
            data={"first": first_access.isoformat(), "due": duty.due_at.isoformat()},
        )  # fmt: skip
    return duty


def ask_to_defer(*, actor: Actor, access: int, why: str, at: datetime) -> TellDuty:
    """XIV.D.3: ask that a notice waits because it would itself be a threat to life or safety. Raises Refused.

    The clock runs on until another official has approved; an e-mail that is not out yet stays here meanwhile.
    """
    if len(why.split()) < 3:
        raise Refused(_("Say in a sentence why telling them now would itself endanger somebody."))
    _official(actor, at)
    with journal.atomic():
        duty = _waiting(access)
        if duty.review_by is not None:
            raise Refused(_("This notice is put off already. Look again, or record that the threat is over."))
        if duty.put_off_asked_at is not None:
            raise Refused(_("Somebody asked for this already; another administrator must answer."))
        outgoing.take_back(actor=actor, notice=duty.notice, at=at, why=why.strip())
        _change(duty, put_off_asked_at=at, put_off_asked_by=actor.id, deferred_why=why.strip(),
                deferred_by_name=actor.name, approved_by="", approved_by_name="")  # fmt: skip
        _record(actor, "devices.duty.deferral-asked", duty, at, "XIV.D.3", why, {})
    return _waiting(access)


def answer_deferral(*, actor: Actor, access: int, grant: bool, words: str, at: datetime) -> TellDuty:
    """XIV.D.3: another official, signed in as themselves, lets the notice wait or not. Raises Refused.

    Only now the clock stands still, and somebody looks again within a day each time. Whoever asked may take it back.
    """
    if len(words.split()) < 3:
        raise Refused(_("Say in a sentence why."))
    _official(actor, at)
    with journal.atomic():
        duty = _waiting(access)
        if duty.put_off_asked_at is None:
            raise Refused(_("Nobody asks any more that this notice waits. Open the page again."))
        if grant and duty.put_off_asked_by == actor.id:
            raise Refused(_("Somebody else must approve this: another administrator or the technology director."))
        asked = {"asked_by": duty.put_off_asked_by}
        if grant:
            _put_off(actor, duty, at)
            _record(actor, "devices.duty.deferred", duty, at, "XIV.D.3", words, asked)
        else:
            _change(duty, put_off_asked_at=None)
            _record(actor, "devices.duty.deferral-refused", duty, at, "XIV.D.3", words, asked)
    return _waiting(access)


def _put_off(actor: Actor, duty: TellDuty, at: datetime) -> None:
    review = telling.review_by(at, queries.days(), board.rule)
    _change(
        duty, put_off_asked_at=None, deferred_at=at, approved_by=actor.id, approved_by_name=actor.name,
        review_by=review, next_at=review, ceased_at=None, late_already=duty.late_already or at > duty.due_at,
    )  # fmt: skip
    outgoing.stop_clock(actor=actor, duty=duty, why=duty.deferred_why, at=at)


def look_again(*, actor: Actor, access: int, words: str, at: datetime) -> TellDuty:
    """XIV.D.3: telling is still a threat; the next look is due within a day. Raises Refused."""
    if len(words.split()) < 3:
        raise Refused(_("Say in a sentence what makes telling still dangerous."))
    with journal.atomic():
        duty = _deferred(access)
        review = telling.review_by(at, queries.days(), board.rule)
        late = duty.review_by is not None and at > duty.review_by
        _change(duty, review_by=review, next_at=review)
        _record(actor, "devices.duty.looked-again", duty, at, "XIV.D.3", words, {"late": late})
    return _waiting(access)


def threat_ceased(*, actor: Actor, access: int, when: datetime, words: str, at: datetime) -> TellDuty:
    """XIV.D.4: telling is no threat any more since `when`; 72 hours run from there. Raises Refused."""
    with journal.atomic():
        duty = _deferred(access)
        if when > at or (duty.deferred_at and when < duty.deferred_at):
            raise Refused(
                _("Give the moment when the threat ended: after the notice was put off, and not in the future.")
            )
        due = telling.due_after(when, queries.days(), board.rule)
        _change(duty, ceased_at=when, counted_from=when, due_at=due, review_by=None,
                next_at=telling.next_moment(when, due, at))  # fmt: skip
        outgoing.run_again(actor=actor, duty=duty, when=when, at=at)
        _record(actor, "devices.duty.threat-ceased", duty, at, "XIV.D.4", words, {"due": due.isoformat()})
    return _waiting(access)


def move_on(*, actor: Actor, at: datetime) -> int:
    """XIV.D.1: set the next moment of duties whose last one has passed; late ones look at the clock no more."""
    moved = 0
    for duty in TellDuty.objects.filter(told_at__isnull=True, next_at__lte=at):
        with journal.atomic():
            later = telling.next_moment(duty.counted_from, duty.due_at, at) if duty.review_by is None else None
            following = later if later and later > at else None
            moved += TellDuty.objects.filter(pk=duty.pk, next_at=duty.next_at).update(next_at=following)
            status = duty.status(at)
            _record(actor, "devices.duty.warned", duty, at, "XIV.D.1", "", {"status": status})
    return moved


def _official(actor: Actor, at: datetime) -> None:
    held = Role.objects.on(people.today(at)).filter(person_id=actor.id, role__in=APPROVERS)
    if not actor.holds(*APPROVERS) or not held.exists():
        raise Refused(_("The technology director or a building administrator decides this, signed in as themselves."))


def _waiting(access: int) -> TellDuty:
    duty = TellDuty.objects.select_related("access").filter(access_id=access, told_at__isnull=True).first()
    if duty is None:
        raise Refused(_("No notice is owed about this access, or it was given already."))
    return duty


def _deferred(access: int) -> TellDuty:
    duty = _waiting(access)
    if duty.review_by is None:
        raise Refused(_("This notice is not put off."))
    return duty


def _change(duty: TellDuty, **new: object) -> None:
    same = {"pk": duty.pk, "told_at": None, "review_by": duty.review_by, "due_at": duty.due_at,
            "put_off_asked_at": duty.put_off_asked_at}  # fmt: skip
    if TellDuty.objects.filter(**same).update(**new) != 1:
        raise Refused(_("Somebody else changed this just now. Open it again."))


def _record(
    actor: Actor, verb: str, duty: TellDuty, at: datetime, clause: str, reason: str, data: dict[str, object]
) -> None:
    subject = f"device-access:{duty.access_id}"
    journal.record(actor=actor, verb=verb, subject=subject, at=at, clause=clause, reason=reason.strip(), data=data)
