"""How long each class of activity is kept: dated numbers with their source, in the board's table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from homeroom.board import parameters

CLASSES = ("blocked_requests", "hour_counts", "tool_counts", "quarantine", "spool_files")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long one class is kept: so many `days`; or `years` after the end of the year it falls in, and `more_days`.

    `year_ends` is that end as (month, day).
    """

    source: str
    why: str
    days: int = 0
    years: int = 0
    year_ends: tuple[int, int] = (12, 31)
    more_days: int = 0

    def before(self, at: datetime) -> int:
        """What began before this instant (seconds since 1970) is no longer kept at `at`.

        >>> datetime.fromtimestamp(Keep("", "", days=30).before(datetime(2026, 10, 1, tzinfo=UTC)), UTC).date()
        datetime.date(2026, 9, 1)
        """
        if not self.years:
            return max(0, int((at - timedelta(days=self.days)).timestamp()))
        return max(0, int(datetime.combine(self._year_start(at), datetime.min.time(), UTC).timestamp()))

    def _year_start(self, at: datetime) -> date:
        """The first day of the oldest year that is still kept."""
        day = (at - timedelta(days=self.more_days)).astimezone(UTC).date()
        end = date(day.year - self.years, *self.year_ends)
        last_over = end if (day.month, day.day) > self.year_ends else date(end.year - 1, *self.year_ends)
        return last_over + timedelta(days=1)


def keep(name: str, on: date) -> Keep:
    """How long a class is kept under the rule in force on a day; before the first rule, the first one counts."""
    rows = _rows()[name]
    held = [row for row in rows if row["from"] <= on.isoformat()] or rows[:1]
    values = {key: value for key, value in held[-1].items() if key != "from"}
    if "year_ends" in values:
        month, _, day = values["year_ends"].partition("-")
        values["year_ends"] = (int(month), int(day))
    return Keep(**values)


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    rows = parameters.retention_rows()
    return {name: sorted(rows[name], key=lambda row: row["from"]) for name in CLASSES}
