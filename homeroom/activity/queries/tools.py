"""XIII.A: tools that are asked for and have no contract, by domain and in numbers; never who asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from publicsuffixlist import PublicSuffixList

from homeroom.activity.queries.hosts import Wanted, wanted_hosts


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

    Only what the district's own choice refused has a name in the records; of what opens only counts are kept, so
    such a tool is not seen here.
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
