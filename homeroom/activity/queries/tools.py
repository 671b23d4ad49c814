"""XIII.A: tools that are asked for and have no contract, by domain and in numbers; never who asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from publicsuffixlist import PublicSuffixList

from homeroom.activity.models import ToolCount
from homeroom.activity.queries.hosts import Wanted, wanted_hosts
from homeroom.base.router import ACTIVITY
from homeroom.kernel.decision.watch import watched
from homeroom.kernel.spoolline import DAY

LEAST = 50  # answers: a name that led to fewer in the whole district is not shown
LEAST_DAYS = 3  # on how many days at least


@dataclass(frozen=True, slots=True)
class Used:
    """XIII.A: a watched name that opens and is used: how often, on how many days, by which profiles."""

    domain: str
    n: int
    days: int
    profiles: tuple[str, ...]


def used_without_contract(since: datetime, until: datetime, covered: Collection[str]) -> list[Used]:
    """XIII.A, XIV.B.3: watched names that opened in a period and that no covered name stands for, most used first.

    The doors count answers for the whole district by day and profile; nobody knows how many people asked. So a name
    is shown only where it was used again and again: LEAST answers on LEAST_DAYS days.
    """
    rows = ToolCount.objects.using(ACTIVITY).filter(day__gte=int(since.timestamp()) - DAY, day__lt=until.timestamp())
    found: dict[str, list[tuple[int, str, int]]] = {}
    for domain, *row in rows.values_list("domain", "day", "profile", "n"):
        found.setdefault(domain, []).append(tuple(row))  # type: ignore[arg-type]
    used = [_used(domain, each) for domain, each in found.items() if not watched(domain, covered)]
    told = [each for each in used if each.n >= LEAST and each.days >= LEAST_DAYS]
    return sorted(told, key=lambda each: (-each.n, each.domain))


def _used(domain: str, rows: list[tuple[int, str, int]]) -> Used:
    days, profiles, numbers = zip(*rows, strict=True)
    return Used(domain, sum(numbers), len(set(days)), tuple(sorted(set(profiles))))


@dataclass(frozen=True, slots=True)
class Tool:
    """One domain: its hosts, how often it was asked for, by at least how many people, at how many schools."""

    domain: str
    category: str
    hosts: tuple[str, ...]
    n: int
    people: int
    schools: int


def without_contract(since: datetime, until: datetime, covered: Collection[str], *, limit: int = 200) -> list[Tool]:
    """XIII.A, XIV.B.3: domains asked for in a period that none of the `covered` names stands for, most asked first.

    Only what the district's own choice refused has a name in the records; what opens see `used_without_contract`.
    """
    known = {domain_of(each) for each in covered} | {each.casefold() for each in covered}
    return [tool for tool in _tools(wanted_hosts(since, until)) if not _covered(tool, known)][:limit]


def domain_of(host: str) -> str:
    """The name that somebody registered, of which a host is a part.

    >>> domain_of("app.quiz-maker.co.uk"), domain_of("quiz.test"), domain_of("com")
    ('quiz-maker.co.uk', 'quiz.test', 'com')
    """
    return _suffixes().privatesuffix(host.casefold().rstrip(".")) or host.casefold()


def _tools(rows: Iterable[Wanted]) -> list[Tool]:
    found: dict[str, list[Wanted]] = {}
    for row in rows:
        found.setdefault(domain_of(row.host), []).append(row)
    tools = [
        Tool(
            domain, max(hosts, key=lambda row: row.n).category, tuple(sorted({row.host for row in hosts})),
            sum(row.n for row in hosts), max(row.people for row in hosts), max(row.schools for row in hosts),
        )
        for domain, hosts in found.items()
    ]  # fmt: skip
    return sorted(tools, key=lambda tool: (-tool.n, tool.domain))


def _covered(tool: Tool, known: Collection[str]) -> bool:
    return tool.domain in known or all(host in known for host in tool.hosts)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
