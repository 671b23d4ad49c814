"""When a clock is due, and why then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from homeroom.kernel.deadlines.calendar import ONE, SATURDAY, Calendar
from homeroom.kernel.deadlines.rules import Rule, Unit

LONGEST_SEARCH = 4000  # days; a calendar without a single school day must end the search


class NoDueDay(ValueError):
    """The calendar cannot give a due day; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last instant at which the duty is kept in time, in the district's zone, and how it was counted."""

    at: datetime
    why: tuple[str, ...]


def due(rule: Rule, start: datetime, calendar: Calendar) -> Due:
    """Count a clock from an instant with its zone; raises NoDueDay.

    Hours are elapsed hours. Days exclude the first and include the last (Minn. Stat. 645.15)
    and end with the last second of that day.
    """
    if start.tzinfo is None:
        raise NoDueDay("The start needs a time zone, for instance 2026-11-06T17:00-06:00.")
    begun = start.astimezone(calendar.zone)
    opening = f"The clock starts with {rule.starts}: {begun:%A, %Y-%m-%d %H:%M %Z}."
    if rule.unit is Unit.HOURS:
        at = (start.astimezone(UTC) + timedelta(hours=rule.length)).astimezone(calendar.zone)
        return Due(
            at, (opening, f"{rule.length} elapsed hours; nights, weekends and holidays count.", *_shift(begun, at))
        )
    last, counted = _last_day(rule, begun.date(), calendar)
    rolled, moved = _rolled(rule, last, calendar)
    return Due(calendar.end_of(rolled), (opening, counted, *moved))


def warnings(rule: Rule, start: datetime, due_at: datetime) -> tuple[datetime, ...]:
    """The instants at which somebody is warned, by the rule's shares of the time."""
    span = due_at.astimezone(UTC) - start.astimezone(UTC)
    return tuple((start.astimezone(UTC) + span * share).astimezone(due_at.tzinfo) for share in rule.warn)


def _last_day(rule: Rule, first: date, calendar: Calendar) -> tuple[date, str]:
    if rule.unit is Unit.MONTHS:
        return _months_later(first, rule.length), f"{rule.length} months later, on the same day of the month."
    if rule.unit is Unit.CALENDAR:
        return (
            first + ONE * rule.length,
            f"{rule.length} calendar days, the first day not counted, the last one counted.",
        )
    counts = calendar.school if rule.unit is Unit.SCHOOL else calendar.business
    last = _counted(first, rule.length, counts)
    return last, f"{rule.length} {rule.unit}, the first day not counted."


def _counted(day: date, length: int, counts: Callable[[date], bool]) -> date:
    for _ in range(LONGEST_SEARCH):
        if length == 0:
            return day
        day += ONE
        length -= counts(day)
    raise NoDueDay("The calendar has no school days to count. Bring in the roster's sessions first.")


def _rolled(rule: Rule, last: date, calendar: Calendar) -> tuple[date, tuple[str, ...]]:
    day, why = last, []
    while rule.roll and not calendar.business(day):
        name = calendar.holiday(day) or ("Saturday" if day.weekday() == SATURDAY else "Sunday")
        why.append(f"{day} is {name}, so the last day moves on (Minn. Stat. 645.15).")
        day += ONE
    return day, tuple(why)


def _shift(begun: datetime, at: datetime) -> tuple[str, ...]:
    if begun.utcoffset() == at.utcoffset():
        return ()
    return ("The clocks change in between, so the hour on the wall differs; the elapsed time does not.",)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - ONE).day))
