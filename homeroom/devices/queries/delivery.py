"""XIV.D.1: how far a notice is that goes out by e-mail. Handed to a mail server is not told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from homeroom.devices.models import DeviceNotice, TellDuty
from homeroom.notices.models import Attempt, Channel, Letter, LetterState
from homeroom.notices.queries import progress

KIND = progress.EMERGENCY


def letter_of(notice: DeviceNotice | None) -> Letter | None:
    """The letter behind a notice that goes by e-mail; None for what was given by hand or by letter."""
    if notice is None or notice.outgoing is None or notice.way != DeviceNotice.Way.EMAIL:
        return None
    return Letter.objects.filter(notice=notice.outgoing).exclude(state=LetterState.STOPPED).first()


def on_its_way() -> QuerySet[TellDuty]:
    """Duties whose notice went out by e-mail and is not known to have arrived."""
    rows = TellDuty.objects.select_related("notice", "access").filter(told_at__isnull=True, review_by__isnull=True)
    return rows.filter(notice__way=DeviceNotice.Way.EMAIL, notice__outgoing__isnull=False)


def taken_back() -> QuerySet[TellDuty]:
    """Duties that were held to be done, and whose e-mail came back afterwards."""
    undone = Letter.objects.filter(kind=KIND).exclude(state=LetterState.DELIVERED).values("notice_id")
    rows = TellDuty.objects.select_related("notice", "access").filter(told_at__isnull=False)
    return rows.filter(notice__way=DeviceNotice.Way.EMAIL, notice__outgoing__in=undone)


def told_at(letter: Letter | None, due_at: datetime) -> datetime | None:
    """When a letter counts as told; None while it does not.

    That an e-mail merely did not come back counts only where this was known before the time was over: late never
    closes by itself.
    """
    if letter is None or letter.state != LetterState.DELIVERED or letter.delivered_at is None:
        return None
    if letter.delivered_how == "no-return" and not _known_by(letter, due_at):
        return None
    return letter.delivered_at


def _known_by(letter: Letter, due_at: datetime) -> bool:
    quiet = letter.attempts.filter(channel=Channel.EMAIL, state=Attempt.State.DELIVERED)  # type: ignore[attr-defined]
    return bool(quiet.filter(ended_at__lte=due_at).exists())
