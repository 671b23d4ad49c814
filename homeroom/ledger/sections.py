"""The parts of a paper for the board or an auditor: a heading, sentences, a table; the same for PDF and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from homeroom.base import words
from homeroom.base.listing import cell

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """One part. `missing` says what the district must add itself; `short` rows go on paper, all of them into CSV."""

    id: str
    title: str
    clause: str = ""
    says: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    missing: str = ""
    short: int = 60

    def as_data(self) -> dict[str, Any]:
        """For the paper."""
        shown = [[_on_paper(value) for value in row] for row in self.rows[: self.short]]
        says = list(self.says)
        if self.head and not self.rows and not self.missing:
            says.append("Nothing of the kind is on record for this time.")
        if len(self.rows) > self.short:
            says.append(f"The first {self.short} of {len(self.rows)} rows; the file {self.id}.csv has them all.")
        return {
            "title": self.title, "clause": self.clause, "says": says, "head": list(self.head), "rows": shown,
            "missing": self.missing,
        }  # fmt: skip

    def as_csv(self) -> bytes:
        """For a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.head)
        writer.writerows([cell(value) for value in row] for row in self.rows)
        return ("\ufeff" + out.getvalue()).encode()


def _on_paper(value: object) -> str:
    """As in a spreadsheet, but an instant without the seconds and the zone, which the paper's head names."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else cell(value)


def length(n: int, unit: str) -> str:
    """How long, as people say it.

    >>> length(120, "months"), length(12, "months"), length(30, "days"), length(1, "days")
    ('10 years', '1 year', '30 days', '1 day')
    """
    if unit == "months" and n % MONTHS == 0:
        n, unit = n // MONTHS, "years"
    return words.counted(n, unit.removesuffix("s"), unit)


def counted(rows: Sequence[object], one: str, many: str) -> str:
    """A sentence's number: "1 entry", "3 entries"."""
    return words.counted(len(rows), one, many)
