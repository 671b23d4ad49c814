"""Clocks a principal could check, and the right moment for any start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.deadlines.calendar import Calendar, legal_holidays
from homeroom.kernel.deadlines.clock import NoDueDay, due, warnings
from homeroom.kernel.deadlines.rules import RULES, NoSuchRule, Unit, rule

CHICAGO = ZoneInfo("America/Chicago")
TERM = Calendar(
    sessions=((date(2026, 9, 8), date(2027, 6, 4)),),
    closings=frozenset({date(2026, 11, 25), date(2026, 11, 27)}),
)
ON = date(2026, 11, 6)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("device-emergency-notice", "2026-11-06T17:00", "2026-11-09T17:00:00-06:00"),  # Friday to Monday
        ("device-emergency-notice", "2026-10-30T17:00", "2026-11-02T16:00:00-06:00"),  # the night that has 25 hours
        ("device-emergency-notice", "2026-03-06T17:00", "2026-03-09T18:00:00-05:00"),  # the night that has 23 hours
        ("device-deferred-notice", "2026-12-24T09:30", "2026-12-27T09:30:00-06:00"),  # over Christmas
        ("provider-notice", "2026-09-08T08:00", "2026-10-08T23:59:59-05:00"),
        ("provider-notice", "2026-09-01T08:00", "2026-10-01T23:59:59-05:00"),
        ("provider-notice", "2026-09-03T08:00", "2026-10-05T23:59:59-05:00"),  # day 30 is a Saturday
        ("provider-notice", "2026-09-12T08:00", "2026-10-13T23:59:59-05:00"),  # day 30 is Indigenous Peoples Day
        ("data-request", "2026-11-20T10:00", "2026-12-07T23:59:59-06:00"),  # Thanksgiving does not count
        ("bullying-investigation", "2026-11-23T10:00", "2026-12-01T23:59:59-06:00"),  # nor do closings
        ("suspension-notice", "2026-11-06T15:00", "2026-11-08T15:00:00-06:00"),
        ("policy-review", "2024-02-29T19:00", "2025-02-28T23:59:59-06:00"),  # a leap day
    ],
)
def test_the_due_moment(name: str, start: str, expected: str) -> None:
    begun = at(start)
    assert due(rule(name, begun.date()), begun, TERM).at.isoformat() == expected


def test_a_clock_without_school_days_says_what_it_lacks() -> None:
    with pytest.raises(NoDueDay, match="sessions"):
        due(rule("bullying-investigation", ON), at("2026-11-23T10:00"), Calendar())


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(NoDueDay, match="zone"):
        due(rule("data-request", ON), datetime(2026, 11, 6, 10), TERM)  # noqa: DTZ001


def test_an_unknown_clock_names_those_there_are() -> None:
    with pytest.raises(NoSuchRule, match="suspension-notice"):
        rule("tea-time", ON)


def test_each_clock_cites_a_clause_a_source_and_how_sure_it_is() -> None:
    assert len({each.id for each in RULES}) == len(RULES)
    assert all(each.clause and each.source and each.mark in "SLMD" for each in RULES)


def test_legal_holidays_on_a_weekend_are_kept_on_the_weekday_beside_it() -> None:
    assert date(2026, 7, 3) in legal_holidays(2026)
    assert date(2027, 7, 5) in legal_holidays(2027)


EARLIEST, LATEST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
moments = st.integers(int(EARLIEST.timestamp()), int(LATEST.timestamp())).map(lambda n: datetime.fromtimestamp(n, UTC))


@given(start=moments)
def test_hours_are_elapsed_hours_whatever_the_clocks_on_the_wall_do(start: datetime) -> None:
    found = due(rule("device-emergency-notice", ON), start, TERM)
    assert found.at.timestamp() - start.timestamp() == 72 * 3600


@given(start=moments)
def test_a_rolled_last_day_is_the_first_business_day_from_day_thirty_on(start: datetime) -> None:
    found = due(rule("provider-notice", ON), start, TERM).at.date()
    thirtieth = start.astimezone(CHICAGO).date() + timedelta(days=30)
    between = [thirtieth + timedelta(days=n) for n in range((found - thirtieth).days)]
    assert found >= thirtieth and TERM.business(found) and not any(TERM.business(day) for day in between)


@given(start=moments)
def test_ten_business_days_lie_between_request_and_due_day(start: datetime) -> None:
    first, last = start.astimezone(CHICAGO).date(), due(rule("data-request", ON), start, TERM).at.date()
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert sum(day.weekday() < 5 and day not in legal_holidays(day.year) for day in days) == 10


@given(start=moments, name=st.sampled_from([each.id for each in RULES if each.unit not in (Unit.SCHOOL, Unit.DATE)]))
def test_warnings_come_in_order_between_start_and_due(start: datetime, name: str) -> None:
    found = rule(name, ON)
    until = due(found, start, TERM).at
    told = [start, *warnings(found, start, until), until]
    assert told == sorted(told)
