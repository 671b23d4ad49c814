"""The district's calendar: its zone, the legal holidays, the days on which school is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE = timedelta(days=1)
CENTRAL = ZoneInfo("America/Chicago")
MONDAY, SATURDAY, OCTOBER = 0, 5, 10
INDIGENOUS_PEOPLES_DAY_SINCE = 2023  # Laws of Minnesota 2023, amending 645.44 subd. 5; the library does not know it yet


@lru_cache(maxsize=200)
def legal_holidays(year: int) -> dict[date, str]:
    """Minn. Stat. 645.44 subd. 5: the legal holidays of one year, those moved from a weekend included.

    >>> legal_holidays(2026)[date(2026, 10, 12)]
    'Indigenous Peoples Day'
    """
    import holidays  # takes a quarter of a second, which no process should pay that counts no days

    named = dict(holidays.country_holidays("US", subdiv="MN", years=(year,), observed=True))
    if year >= INDIGENOUS_PEOPLES_DAY_SINCE:
        first = date(year, OCTOBER, 1)
        named[first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7)] = "Indigenous Peoples Day"
    return named


@dataclass(frozen=True, slots=True)
class Calendar:
    """How days count for one district.

    `closed` are further days that count as holidays here, `open` legal holidays that do not.
    `sessions` are the first and last days of terms, `closings` days within them without school.
    """

    zone: ZoneInfo = CENTRAL
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    sessions: tuple[tuple[date, date], ...] = ()
    closings: frozenset[date] = frozenset()

    def holiday(self, day: date) -> str:
        """The holiday's name, or "" on any other day."""
        if day in self.closed:
            return "a day on which the district is closed"
        return "" if day in self.open else legal_holidays(day.year).get(day, "")

    def business(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a legal holiday."""
        return day.weekday() < SATURDAY and not self.holiday(day)

    def school(self, day: date) -> bool:
        """A day on which school is held: within a session, a weekday, not closed."""
        within = any(first <= day <= last for first, last in self.sessions)
        return within and self.business(day) and day not in self.closings

    def end_of(self, day: date) -> datetime:
        """The last second of a day in the district's zone."""
        return datetime.combine(day, time(23, 59, 59), self.zone)

    def day_of(self, at: datetime) -> date:
        """The district's day at an instant."""
        return at.astimezone(self.zone).date()


def calendar(*, zone: str = "America/Chicago", closed: Iterable[date] = ()) -> Calendar:
    """A calendar without sessions; raises KeyError or ValueError for a zone that does not exist."""
    return Calendar(zone=ZoneInfo(zone), closed=frozenset(closed))
