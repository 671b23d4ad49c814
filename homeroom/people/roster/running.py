"""Questions about rosters on their way in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from homeroom.kernel.roster import decoding
from homeroom.people.models import RosterConnection, RosterRun

HOWS = ("added", "changed", "ended")
CHUNK = 100_000


def runs() -> QuerySet[RosterRun]:
    """All, the newest first, without what they found."""
    return RosterRun.objects.defer("report")


def run(pk: int) -> RosterRun | None:
    """One."""
    return RosterRun.objects.filter(pk=pk).select_related("connection").first()


def connections() -> QuerySet[RosterConnection]:
    """Those that are fetched, without their secrets."""
    return RosterConnection.objects.filter(ended=None).defer("secret")


def works(run: RosterRun) -> bool:
    """Whether the worker has it, or will in a moment."""
    return run.state in (*RosterRun.WAITING, *RosterRun.WORKING)


def kinds(report: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    """For each kind of row: how many are added, changed and ended."""
    names = sorted({name for how in HOWS for name in report.get(how, {})})
    return [(name, [report[how].get(name, 0) for how in HOWS]) for name in names]


def problems(run: RosterRun) -> Iterator[Sequence[object]]:
    """Every problem as a row."""
    for each in (run.report or {}).get("problems", []):
        yield each["file"], each["line"] or "", each["column"], each["sentence"]


def header(run: RosterRun) -> list[str]:
    """The columns of a file of a district's own making; none where its format has names of its own."""
    known = (run.report or {}).get("format") or run.options.get("format") or "plain"
    files = Path(settings.HOME) / "rosters" / str(run.pk) / "files"
    inside = list(files.iterdir()) if files.is_dir() else []
    if known != "plain" or len(inside) != 1 or inside[0].suffix.casefold() == ".zip" or works(run):
        return []
    try:
        with inside[0].open("rb") as file:
            lines = decoding.lines(iter([file.read(CHUNK)]))
            first = list(islice(lines, 1))
    except (OSError, decoding.TooLong):
        return []
    return _cells(first[0]) if first else []


def _cells(line: str) -> list[str]:
    mark = max(",;\t|", key=line.count)
    cells = next(csv.reader([line], delimiter=mark), [])
    return list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))[:300]
