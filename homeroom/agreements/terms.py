"""T13: from when to when an agreement counts."""

from __future__ import annotations

from datetime import date, timedelta

from homeroom.agreements.models import Choice, FormVersion, Term
from homeroom.kernel.agreements.values import Choices

DEFAULTS = Choice()


def choice(on: date) -> Choice:
    """What the district chose, as of a day; the defaults before it chose."""
    return Choice.objects.filter(from_day__lte=on).first() or DEFAULTS


def as_values(row: Choice) -> Choices:
    """A choice as the kernel judges by it."""
    return Choices(
        guardians=row.guardians,
        teachers=row.teachers,
        grown_alone=row.grown_alone,
        grace=timedelta(days=row.grace_days),
        renewal=timedelta(days=row.renewal_days),
    )


def term(version: FormVersion, begins: str, on: date) -> tuple[date, date | None]:
    """The first and last day of the term of a form in which a day lies; None where it has no end."""
    if version.term == Term.UNTIL_LEAVING:
        return on, None
    month, day = (int(each) for each in begins.split("-"))
    first = date(on.year, month, day)
    if on < first:
        first = date(on.year - 1, month, day)
    return first, date(first.year + 1, month, day) - timedelta(days=1)
