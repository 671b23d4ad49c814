"""T14: the four ages, each computed from the birth date when somebody asks; nobody is ever marked a minor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ALWAYS = date(1900, 1, 1)


class Age(StrEnum):
    """Ages on which a rule of law turns."""

    COPPA = "under 13"
    CIPA = "under 17"
    MINOR = "under 18"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The years somebody must have completed, from a day on, and where that is written."""

    age: Age
    years: int
    source: str
    since: date = ALWAYS


THRESHOLDS = (
    Threshold(Age.COPPA, 13, "16 CFR 312.2"),
    Threshold(Age.CIPA, 17, "47 USC 254(h)(7)(D)"),
    Threshold(Age.MINOR, 18, "Minn. Stat. 13.02 subd. 8"),
    Threshold(Age.MAJORITY, 18, "Minn. Stat. 645.451; 34 CFR 99.3"),
)


def birthday(born: date, years: int) -> date:
    """The day on which somebody completes so many years.

    A child of 29 February has the birthday of a common year on 1 March: the year is not complete before.

    >>> birthday(date(2012, 2, 29), 13), birthday(date(2012, 2, 29), 16)
    (datetime.date(2025, 3, 1), datetime.date(2028, 2, 29))
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def years_old(born: date, on: date) -> int:
    """Completed years on a day.

    >>> years_old(date(2012, 2, 29), date(2025, 2, 28)), years_old(date(2012, 2, 29), date(2025, 3, 1))
    (12, 13)
    """
    years = on.year - born.year
    return years if birthday(born, years) <= on else years - 1


def threshold(age: Age, on: date) -> Threshold:
    """The rule about an age as it stands on a day."""
    return max((each for each in THRESHOLDS if each.age is age and each.since <= on), key=lambda each: each.since)


def under(age: Age, born: date | None, on: date) -> bool:
    """Whether somebody has not reached an age on a day; whoever has no birth date on record counts as too young.

    >>> [under(Age.COPPA, date(2013, 11, 26), date(2026, 11, day)) for day in (25, 26)]
    [True, False]
    """
    return born is None or on < birthday(born, threshold(age, on).years)


def grown(born: date | None, on: date) -> bool:
    """Whether somebody has come of age on a day, and so signs for themselves."""
    return not under(Age.MAJORITY, born, on)
