"""Questions about people; they never write."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from homeroom.people.models import District


def district() -> District | None:
    """The district of this installation; None before it is set up."""
    return District.objects.filter(id=1).first()


def zone() -> ZoneInfo:
    """The district's time zone; that of the settings where no district is set up or its zone is unknown here."""
    name = District.objects.filter(id=1).values_list("time_zone", flat=True).first()
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def today(at: datetime) -> date:
    """The district's day at an instant."""
    return at.astimezone(zone()).date()
