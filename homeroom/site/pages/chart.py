"""Charts as plain SVG, drawn on the server: they print, need no script, and have their table beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

GAP = 0.25  # share of a column's room left free beside it
EVERY = 6  # hours between two labels


@dataclass(frozen=True, slots=True)
class Piece:
    """One rectangle, in percent of the drawing."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table beside the chart."""

    at: datetime
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns: `scale` from top to bottom, `ticks` as (x in percent, text)."""

    pieces: tuple[Piece, ...]
    scale: tuple[int, ...]
    ticks: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    total: int


def stacked(hours: Sequence[tuple[datetime, Mapping[str, int]]], kinds: Sequence[str]) -> Chart:
    """Columns of counts by kind; `hours` in order, one column each."""
    rows = tuple(
        Row(at, counts, sum(counts)) for at, by in hours for counts in (tuple(by.get(kind, 0) for kind in kinds),)
    )
    top = nice(max((row.total for row in rows), default=0))
    room = 100 / max(1, len(rows))
    pieces = tuple(piece for index, row in enumerate(rows) for piece in _column(row, kinds, index * room, room, top))
    ticks = tuple(
        (f"{(index + 0.5) * room:.3f}%", date_format(timezone.localtime(row.at), "TIME_FORMAT"))
        for index, row in enumerate(rows)
        if timezone.localtime(row.at).hour % EVERY == 0
    )
    return Chart(pieces, (top, top // 2, 0), ticks, rows, sum(row.total for row in rows))


def _column(row: Row, kinds: Sequence[str], left: float, room: float, top: int) -> list[Piece]:
    pieces, y = [], 100.0
    for kind, count in zip(kinds, row.counts, strict=True):
        height = 100 * count / top
        y -= height
        if count:
            x, width = left + room * GAP / 2, room * (1 - GAP)
            pieces.append(Piece(kind, f"{x:.3f}%", f"{y:.3f}%", f"{width:.3f}%", f"{height:.3f}%"))
    return pieces


def nice(most: int) -> int:
    """A round even number at or above the largest value, for the top of the scale.

    >>> nice(0), nice(3), nice(17), nice(230), nice(1001)
    (2, 4, 20, 400, 2000)
    """
    step = 2
    while True:
        for factor in (1, 2, 5):
            if step * factor >= most:
                return step * factor
        step *= 10
