"""XIV.D: the shared clocks, where every owner looks, and the e-mail by which a notice goes out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.speech import in_each_language
from homeroom.devices import titles
from homeroom.devices.models import DeviceNotice, TellDuty
from homeroom.devices.queries import delivery
from homeroom.journal import actions as journal
from homeroom.kernel.devices import telling
from homeroom.notices.actions import clocks, letters, notices
from homeroom.notices.models import Clock, LetterState
from homeroom.notices.queries import clocks as running
from homeroom.people import queries as people
from homeroom.people.models import Person, Role

KIND = delivery.KIND


def show_clock(*, actor: Actor, duty: TellDuty, at: datetime) -> None:
    """XIV.D.1: the duty stands among all clocks, owned by whoever wrote it down, brought to the superintendent."""
    known = _running(duty)
    if known is not None and known.since <= duty.counted_from:
        return
    if known is not None:
        clocks.withdraw_clock(actor=actor, at=at, clock=known, reason="An earlier access became known.")
    clocks.start_clock(
        actor=actor, at=at, rule=telling.EMERGENCY, about=_about(duty), since=duty.counted_from, due_at=duty.due_at,
        owner=actor.id if Person.objects.filter(pk=actor.id).exists() else None, escalate_to=_above(at),
    )  # fmt: skip


def stop_clock(*, actor: Actor, duty: TellDuty, why: str, at: datetime) -> None:
    """XIV.D.3: the clock stands still while telling would endanger somebody; one that is late is not stopped."""
    known = _running(duty)
    if known is not None and at <= known.due_at:
        clocks.pause_clock(actor=actor, at=at, clock=known, reason=why)


def run_again(*, actor: Actor, duty: TellDuty, when: datetime, at: datetime) -> None:
    """XIV.D.4: the clock runs anew from the moment at which the danger was over."""
    known = _running(duty)
    if known is not None and known.paused_at is not None:
        clocks.resume_clock(actor=actor, at=max(when, known.paused_at), clock=known)


def meet(*, actor: Actor, duty: TellDuty, how: str, when: datetime, at: datetime) -> None:
    """XIV.D.1: the family is told."""
    known = _running(duty)
    if known is not None:
        clocks.meet_clock(actor=actor, at=at, clock=known, how=how, met_at=when)


def run_on(*, actor: Actor, duty: TellDuty, at: datetime, why: str = "The e-mail came back.") -> None:
    """XIV.D.1: the notice came back, or was never given, so the clock runs on with the time it had."""
    known = running.of(_about(duty)).filter(met_at__isnull=False, withdrawn_at__isnull=True).last()
    if known is not None and _running(duty) is None:
        clocks.reopen_clock(actor=actor, at=at, clock=known, reason=why)


def take_back(*, actor: Actor, notice: DeviceNotice | None, at: datetime, why: str) -> None:
    """XIV.D.3: an e-mail that has not gone out yet stays here. Raises Refused where it is out already."""
    letter = delivery.letter_of(notice)
    if letter is None:
        return
    if letter.state not in (LetterState.QUEUED, LetterState.HELD, LetterState.UNREACHABLE) or letter.sent_at:
        raise Refused(_("The e-mail is out already, so it cannot be held back any more."))
    with journal.atomic():
        notices.stop_notice(actor=actor, at=at, notice=letter.notice_id, reason=why)
        DeviceNotice.objects.filter(outgoing=letter.notice_id).update(outgoing=None, way="", sent_at=None)
        journal.record(
            actor=actor, verb="devices.notice.held-back", subject=f"notice:{letter.notice_id}", at=at, clause="XIV.D.3",
            reason=why,
        )  # fmt: skip


def settle(*, actor: Actor, notice: DeviceNotice, way: str, at: datetime) -> None:
    """XIV.D.1: told by another way after an e-mail was tried; nobody is sent the same thing twice."""
    letter = delivery.letter_of(notice)
    if letter is None:
        return
    if way == DeviceNotice.Way.HAND:
        letters.hand_over(actor=actor, letter=letter, on=people.today(at), at=at)
    else:
        let_go(actor=actor, notice=notice, at=at)


def let_go(*, actor: Actor, notice: DeviceNotice, at: datetime) -> None:
    """XIV.D.1: an e-mail that nobody needs any more is not sent, where it is not out already."""
    letter = delivery.letter_of(notice)
    if letter is not None and letter.sent_at is None:
        notices.stop_notice(actor=actor, at=at, notice=letter.notice_id, reason="The family is told another way.")


def hand_over(*, actor: Actor, notice: DeviceNotice, due_at: datetime, at: datetime) -> int | None:
    """XIV.D.1: send a notice by e-mail; its id among the notices. None for what was given by hand or by letter."""
    if notice.way != DeviceNotice.Way.EMAIL:
        return None
    first = min(duty.first_access_at for duty in notice.duties.all())
    said = in_each_language(
        lambda: {"accessed_at": titles.moment(people.local(first)), "features": titles.named(notice.features)}
    )
    facts = {"description": notice.description, "threat": notice.threat, **said}
    row = notices.open_notice(
        actor=actor, at=at, kind=KIND, about=f"device-notice:{notice.pk}", facts=facts, due_at=due_at,
        recipients=[(notice.recipient_id, [notice.student_id])],
    )  # fmt: skip
    return int(row.pk)


def _about(duty: TellDuty) -> str:
    return f"device-access:{duty.access_id}"


def _running(duty: TellDuty) -> Clock | None:
    return running.of(_about(duty)).filter(met_at__isnull=True, withdrawn_at__isnull=True).first()


def _above(at: datetime) -> str | None:
    held = Role.objects.on(people.today(at)).filter(role__in=("superintendent", "technology_director"))
    return held.order_by("role", "id").values_list("person_id", flat=True).first()
