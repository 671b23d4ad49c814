"""How long a letter may wait, and when something happened of which only the day is known."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings

from homeroom.notices import parameters
from homeroom.notices.models import Attempt, Channel, Letter
from homeroom.people import queries as people

NOWHERE = "django.core.mail.backends.console.EmailBackend"
FIRST_HOURS = timedelta(hours=2)  # a server that was busy once is no reason for paper


def can_mail() -> bool:
    """Whether a mail server is set; without one letters wait, and nothing is tried in vain."""
    return settings.EMAIL_BACKEND != NOWHERE


def out_of_time(letter: Letter, at: datetime) -> bool:
    """Whether e-mail was tried for long enough, or the clock leaves no time to go on trying."""
    first = Attempt.objects.filter(letter=letter, channel=Channel.EMAIL).order_by("number").first()
    if first is None:
        return False
    tried = at - first.begun_at
    near = letter.due_at is not None and letter.due_at - at < timedelta(days=parameters.value("fallback_days"))
    return tried >= parameters.hours("give_up_hours") or (near and tried >= FIRST_HOURS)


def moment(on: date, at: datetime) -> datetime:
    """Noon of a day, or now where it is today and not noon yet."""
    return min(at, datetime.combine(on, time(12), people.zone()))
