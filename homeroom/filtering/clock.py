"""When an answer is due: day-counted clocks in the district's time. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

SATURDAY = 5


def due(asked_at: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of the last of so many school days after the day of asking; weekends do not count.

    Whoever asks on a weekend is treated as having asked on the Friday before, so that Monday is the first day.

    >>> from zoneinfo import ZoneInfo
    >>> chicago = ZoneInfo("America/Chicago")
    >>> due(datetime(2026, 10, 2, 15, 0, tzinfo=chicago), 1, chicago).isoformat()
    '2026-10-05T23:59:59-05:00'
    >>> due(datetime(2026, 10, 5, 7, 0, tzinfo=chicago), 0, chicago).isoformat()
    '2026-10-05T23:59:59-05:00'
    """
    day = asked_at.astimezone(zone).date()
    while days > 0 or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            days -= 1
            if days <= 0:
                break
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)
