"""What a number of law, policy or district was on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from homeroom.board import parameters as stated
from homeroom.board.models import ParameterValue
from homeroom.board.parameters import Parameter
from homeroom.kernel.deadlines import rules
from homeroom.kernel.deadlines.rules import Rule


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter on a day: its value, since when, where it was read; `by` is who set it, "" for what ships."""

    parameter: Parameter
    value: int | str
    since: date
    source: str
    mark: str
    note: str
    by: str


def parameter(name: str, on: date) -> int | str:
    """A number or word as it stands on a day. Raises KeyError for an unknown name."""
    return held(name, on).value


def kept(name: str, at: datetime) -> timedelta:
    """XIV.B.3: how long a class of records is kept that is kept by days; KeyError for an unknown name."""
    return timedelta(days=int(parameter(f"keep_{name}", at.date())))


def held(name: str, on: date) -> Held:
    """A number or word on a day, with its source."""
    row = stated.by_name()[name]
    mine = ParameterValue.objects.filter(name=name, from_day__lte=on).order_by("-from_day", "-id").first()
    return _held(row, [mine] if mine else [], on)


def parameters(on: date) -> list[Held]:
    """Every number and word as it stands on a day; one question to the database."""
    mine: dict[str, list[ParameterValue]] = {}
    for row in ParameterValue.objects.filter(from_day__lte=on).order_by("-from_day", "-id"):
        mine.setdefault(row.name, []).append(row)
    return [_held(row, mine.get(row.name, []), on) for row in stated.table()]


def rule(id: str, on: date) -> Rule:
    """A clock as it stands on a day, with the length that the district set; raises rules.NoSuchRule."""
    found = rules.rule(id, on)
    return replace(found, length=int(parameter(id, on)))


def history(name: str) -> list[ParameterValue]:
    """What the district set, the newest first; days to come included."""
    return list(ParameterValue.objects.filter(name=name).order_by("-from_day", "-id"))


def _held(row: Parameter, mine: Iterable[ParameterValue], on: date) -> Held:
    """The newest value that has begun; before the first day the first one counts."""
    begun = [each for each in row.values if each.since and each.since <= on] or list(row.values[:1])
    shipped = max(begun, key=lambda each: each.since or date.min)
    since = shipped.since or date.min
    for each in mine:
        if each.from_day >= since:
            return Held(row, each.value, each.from_day, each.source or shipped.source, "D", each.reason, each.by_name)
    return Held(row, shipped.value, since, shipped.source, shipped.mark, shipped.note, "")
