"""XIV.D.1: the clock of a notice by e-mail stops when it arrived, and runs on when it comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.devices.actions import outgoing
from homeroom.devices.models import TellDuty
from homeroom.devices.queries import delivery
from homeroom.journal import actions as journal
from homeroom.kernel.devices import telling
from homeroom.notices.models import Letter


@dataclass(frozen=True, slots=True)
class Followed:
    """How many duties a look found told, and how many it had to open again."""

    told: int = 0
    reopened: int = 0


def follow(*, actor: Actor, at: datetime) -> Followed:
    """XIV.D.1: look at what became of the notices that went out by e-mail; as often as wanted."""
    waiting = list(delivery.on_its_way())
    wanted = [duty.notice.outgoing for duty in waiting if duty.notice]
    letters = {letter.notice_id: letter for letter in Letter.objects.filter(notice__in=wanted)}
    told = sum(_told(actor, duty, letters.get(duty.notice.outgoing), at) for duty in waiting if duty.notice)
    reopened = sum(_open_again(actor, duty, at) for duty in delivery.taken_back())
    return Followed(told, reopened)


def _told(actor: Actor, duty: TellDuty, letter: Letter | None, at: datetime) -> bool:
    when = delivery.told_at(letter, duty.due_at)
    if letter is None or when is None:
        return False
    with journal.atomic():
        if TellDuty.objects.filter(pk=duty.pk, told_at__isnull=True).update(told_at=when, next_at=None) != 1:
            return False
        outgoing.meet(actor=actor, duty=duty, how=f"Letter {letter.pk}: {letter.delivered_how}", when=when, at=at)
        late = duty.late_already or when > duty.due_at
        _record(actor, "told", duty, at, {"letter": letter.pk, "how": letter.delivered_how, "late": late})
    return True


def _open_again(actor: Actor, duty: TellDuty, at: datetime) -> bool:
    """What came back was not told. The time it had is the time it has: it may be late from this moment on."""
    ahead = telling.next_moment(duty.counted_from, duty.due_at, at)
    with journal.atomic():
        changed = TellDuty.objects.filter(pk=duty.pk, told_at=duty.told_at).update(
            told_at=None, next_at=ahead if ahead > at else None
        )
        if changed != 1:
            return False
        outgoing.run_on(actor=actor, duty=duty, at=at)
        _record(actor, "opened-again", duty, at, {"held": duty.told_at.isoformat() if duty.told_at else ""})
    return True


def _record(actor: Actor, done: str, duty: TellDuty, at: datetime, data: dict[str, object]) -> None:
    subject = f"device-access:{duty.access_id}"
    journal.record(actor=actor, verb=f"devices.duty.{done}", subject=subject, at=at, clause="XIV.D.1", data=data)
