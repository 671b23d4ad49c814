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
    if rule.unit is Unit.DATE and rule.day:
        return Due(calendar.end_of(rule.day), (f"The day is set by law: {rule.day}.",))
    if rule.unit is Unit.HOURS:
        at = (start.astimezone(UTC) + timedelta(hours=rule.length)).astimezone(calendar.zone)
        return Due(
            at, (opening, f"{rule.length} elapsed hours; nights, weekends and holidays count.", *_shift(begun, at))
        )
    last, counted = _last_day(rule, begun.date(), calendar)
    rolled, moved = _rolled(rule, last, calendar)
    return Due(calendar.end_of(rolled), (opening, counted, *moved))


def resumed(
    rule: Rule, after: Rule | None, due_at: datetime, paused_at: datetime, at: datetime, calendar: Calendar
) -> Due:
    """Count on after a pause: `after` starts anew where the rule has one, else what was left of the time is left.

    A clock in days ends with the last second of a day again, and that day is one on which it may end.
    """
    if after is not None:
        return due(after, at, calendar)
    later = (due_at.astimezone(UTC) + (at.astimezone(UTC) - paused_at.astimezone(UTC))).astimezone(calendar.zone)
    why = f"It was paused for {_length(at - paused_at)}; that time is added."
    if rule.unit is Unit.HOURS:
        return Due(later, (why,))
    rolled, moved = _rolled(rule, later.date(), calendar)
    return Due(calendar.end_of(rolled), (why, *moved))


def _length(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def warnings(rule: Rule, start: datetime, due_at: datetime) -> tuple[datetime, ...]:
    """The instants at which somebody is warned, by the rule's shares of the time."""
    span = due_at.astimezone(UTC) - start.astimezone(UTC)
    return tuple((start.astimezone(UTC) + span * share).astimezone(due_at.tzinfo) for share in rule.warn)


def _last_day(rule: Rule, first: date, calendar: Calendar) -> tuple[date, str]:
    if rule.unit is Unit.MONTHS:
        return months_later(first, rule.length), f"{rule.length} months later, on the same day of the month."
    if rule.unit is Unit.CALENDAR:
        return (
            first + ONE * rule.length,
            f"{rule.length} calendar days, the first day not counted, the last one counted.",
        )
    counts = calendar.school if rule.unit is Unit.SCHOOL else calendar.business
    if rule.counting.first_counts:
        return _counted(first - ONE, rule.length, counts), f"{rule.length} {rule.unit}, the first day counted."
    return _counted(first, rule.length, counts), f"{rule.length} {rule.unit}, the first day not counted."


def _counted(day: date, length: int, counts: Callable[[date], bool]) -> date:
    for _ in range(LONGEST_SEARCH):
        if length == 0:
            return day
        day += ONE
        length -= counts(day)
    raise NoDueDay("The calendar has no school days to count. Bring in the roster's sessions first.")


def _rolled(rule: Rule, last: date, calendar: Calendar) -> tuple[date, tuple[str, ...]]:
    day, why = last, []
    while name := _dropped(rule, day, calendar):
        why.append(f"{day} is {name}, so the last day moves on ({rule.counting.source}).")
        day += ONE
    return day, tuple(why)


def _dropped(rule: Rule, day: date, calendar: Calendar) -> str:
    """What a last day is that the rule of counting drops; "" where it may stay."""
    drops = rule.counting.drops
    if "holiday" in drops and (name := calendar.holiday(day)):
        return name
    weekday = {SATURDAY: "Saturday", SATURDAY + 1: "Sunday"}.get(day.weekday(), "")
    return weekday if weekday.lower() in drops else ""


def _shift(begun: datetime, at: datetime) -> tuple[str, ...]:
    if begun.utcoffset() == at.utcoffset():
        return ()
    return ("The clocks change in between, so the hour on the wall differs; the elapsed time does not.",)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or earlier for a negative number; the last of a month that lacks it."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - ONE).day))
