"""Each number and word that law, policy or Homeroom states: dated, with its source. Read once, pure.

A row's values hold from a day on until the next one. `mark` says how a source was read: S in the policy, L in a
public copy of the law, M general knowledge that the district's counsel should confirm, D the district's or
Homeroom's own choice. `pending` are values that a bill would bring: kept ready, in force for nobody until the
district switches one on from a day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from homeroom.kernel.deadlines.rules import RULES

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Stated:
    """One value, from which day it holds, and where it was read; `since` None: pending."""

    value: int | str
    since: date | None
    source: str
    mark: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or word. `group` is "clock", "law", "filter" or "retention"; `words` are all it may be."""

    name: str
    group: str
    about: str
    unit: str
    clause: str
    values: tuple[Stated, ...]
    pending: tuple[Stated, ...] = ()
    least: int = 0
    most: int = 100_000
    words: tuple[str, ...] = ()


@cache
def table() -> tuple[Parameter, ...]:
    """All of them: clocks, law, filter, retention."""
    return (*_clocks(), *_law(), *_filter(), *_retention())


@cache
def by_name() -> dict[str, Parameter]:
    """All of them by name."""
    return {each.name: each for each in table()}


@cache
def filter_rows() -> dict[str, dict[str, Any]]:
    """What the filter may be told: name to default, bounds, unit, source."""
    rows: dict[str, dict[str, Any]] = json.loads((DATA / "filter.json").read_text(encoding="utf-8"))
    return rows


@cache
def retention_rows() -> dict[str, list[dict[str, Any]]]:
    """How long each class of records is kept, by day from which it holds."""
    rows: dict[str, list[dict[str, Any]]] = json.loads((DATA / "retention.json").read_text(encoding="utf-8"))
    return rows


def _clocks() -> list[Parameter]:
    found: dict[str, Parameter] = {}
    for rule in RULES:
        stated = Stated(rule.length, rule.since, rule.source, rule.mark, f"from {rule.starts}")
        before = found[rule.id].values if rule.id in found else ()
        found[rule.id] = Parameter(
            rule.id, "clock", rule.title, str(rule.unit), rule.clause, (*before, stated), least=0, most=4000
        )
    return list(found.values())


def _law() -> list[Parameter]:
    rows: list[dict[str, Any]] = json.loads((DATA / "law.json").read_text(encoding="utf-8"))
    return [
        Parameter(
            row["name"], "law", row["about"], row.get("unit", ""), row["clause"],
            tuple(_stated(each) for each in row["values"]), tuple(_stated(each) for each in row.get("pending", ())),
            row.get("least", 0), row.get("most", 100_000), tuple(row.get("words", ())),
        )
        for row in rows
    ]  # fmt: skip


def _stated(row: dict[str, Any]) -> Stated:
    since = date.fromisoformat(row["since"]) if "since" in row else None
    return Stated(row["value"], since, row["source"], row["mark"], row.get("note", ""))


def _filter() -> list[Parameter]:
    return [
        Parameter(
            name, "filter", row["about"], row.get("unit", ""), row.get("in", "III.2"),
            (Stated(row["default"], date.min, row["source"], "D"),), (), row.get("least", 0), row.get("most", 0),
            tuple(row.get("words", ())),
        )
        for name, row in filter_rows().items()
    ]  # fmt: skip


def _retention() -> list[Parameter]:
    marks = {"Homeroom's default": "D", "47 CFR 54.516(a)": "L"}
    return [
        Parameter(
            f"keep_{name}", "retention", each[-1]["why"], "years" if "years" in each[-1] else "days", "XIV.B.3",
            tuple(
                Stated(
                    row.get("years", row.get("days", 0)), date.fromisoformat(row["from"]), row["source"],
                    marks.get(row["source"].partition(";")[0], "S"),
                )
                for row in each
            ),
        )
        for name, each in retention_rows().items()
    ]  # fmt: skip
