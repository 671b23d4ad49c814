"""Ten thousand random starts, each due moment held against a calculation that shares nothing with ours."""

from __future__ import annotations

import calendar as months
import random
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from homeroom.kernel.deadlines.calendar import Calendar, legal_holidays
from homeroom.kernel.deadlines.clock import due
from homeroom.kernel.deadlines.rules import RULES, Unit, rule

STARTS = 10_000
ON = date(2026, 11, 6)
TERMS = tuple((date(year, 9, 8), date(year + 1, 6, 4)) for year in range(2019, 2037))
CLOSED = frozenset(date(year, 12, day) for year in range(2019, 2037) for day in range(23, 32))
CALENDAR = Calendar(sessions=TERMS, closings=CLOSED)
COUNTED = [each for each in RULES if each.unit is not Unit.DATE]


def sunday(year: int, month: int, which: int) -> date:
    """The first or a later Sunday of a month."""
    days = [week[6] for week in months.monthcalendar(year, month) if week[6]]
    return date(year, month, days[which - 1])


def offset(at: datetime) -> timezone:
    """Central time by the rule of 15 U.S.C. 260a itself: daylight time from 2:00 standard to 2:00 daylight time."""
    begins = datetime.combine(sunday(at.year, 3, 2), datetime.min.time(), UTC) + timedelta(hours=8)
    ends = datetime.combine(sunday(at.year, 11, 1), datetime.min.time(), UTC) + timedelta(hours=7)
    return timezone(timedelta(hours=-5 if begins <= at < ends else -6))


def local(at: datetime) -> datetime:
    return at.astimezone(offset(at))


def free(day: date) -> bool:
    return months.weekday(day.year, day.month, day.day) > 4 or day in legal_holidays(day.year)


def school(day: date) -> bool:
    return any(first <= day <= last for first, last in TERMS) and not free(day) and day not in CLOSED


def expected(found, start: datetime) -> datetime:
    """When it is due, counted day by day."""
    if found.unit is Unit.HOURS:
        return start + timedelta(seconds=found.length * 3600)
    day, left = local(start).date(), found.length
    if found.unit is Unit.MONTHS:
        total = day.year * 12 + day.month - 1 + left
        last = months.monthrange(total // 12, total % 12 + 1)[1]
        day = date(total // 12, total % 12 + 1, min(day.day, last))
    else:
        counts = {Unit.CALENDAR: lambda _day: True, Unit.BUSINESS: lambda each: not free(each), Unit.SCHOOL: school}
        if found.counting.first_counts and counts[found.unit](day):
            left -= 1
        while left:
            day += timedelta(days=1)
            left -= counts[found.unit](day)
    while found.counting.drops and free(day):
        day += timedelta(days=1)
    # The last second of the day: the first moment of the next, less one second.
    for hours in (5, 6):
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=hours, seconds=-1)
        if local(end).date() == day and local(end + timedelta(seconds=1)).date() > day:
            return end
    raise AssertionError(day)


def starts() -> list[datetime]:
    """Random moments, a third of them within two days of a night in which the clocks change."""
    choice = random.Random(645)
    found = []
    for number in range(STARTS):
        year = choice.randint(2020, 2034)
        if number % 3 == 0:
            night = sunday(year, 3, 2) if number % 2 else sunday(year, 11, 1)
            at = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(hours=choice.uniform(-96, 48))
        else:
            at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=choice.randrange(365 * 86400))
        found.append(at.replace(microsecond=0))
    return found


@pytest.mark.clause("XIV.D.1", "XIII.C.0")
def test_the_right_moment_over_ten_thousand_random_starts():
    wrong = []
    for number, start in enumerate(starts()):
        found = COUNTED[number % len(COUNTED)]
        ours, theirs = due(found, start, CALENDAR).at, expected(found, start)
        # Moments, not readings of a clock: within the hour that comes twice, readings in two zones never compare equal.
        if ours.timestamp() != theirs.timestamp():
            wrong.append((found.id, start, ours, theirs))
    assert wrong == []


@pytest.mark.parametrize("night", [sunday(2026, 3, 2), sunday(2026, 11, 1)], ids=["23 hours", "25 hours"])
def test_each_minute_around_both_nights(night):
    found = rule("device-emergency-notice", ON)
    begin = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(hours=80)
    for minute in range(0, 100 * 60, 7):
        start = begin + timedelta(minutes=minute)
        at = due(found, start, CALENDAR).at
        assert at.timestamp() - start.timestamp() == 72 * 3600
        assert at.utcoffset() == local(at.astimezone(UTC)).utcoffset()


def test_the_calculation_itself_knows_a_case_by_heart():
    start = datetime(2026, 11, 6, 23, 0, tzinfo=UTC)  # Friday 17:00 in Minnesota
    assert local(expected(rule("device-emergency-notice", ON), start)).isoformat() == "2026-11-09T17:00:00-06:00"
