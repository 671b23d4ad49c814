"""Which hosts are refused most at a school, without telling of few people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from homeroom.activity.queries.counts import FLOOR
from homeroom.base.router import ACTIVITY

NEWEST = 100_000  # rows that one question reads at most


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host refused to at least FLOOR people (pseudonyms; where nobody was known, requests)."""

    host: str
    kind: str
    category: str
    n: int
    people: int


@dataclass(frozen=True, slots=True)
class TopHosts:
    """The hosts refused most, and what is not told.

    `hidden_hosts` were each asked for by fewer people than the floor. `complete` is False where
    only the newest of very many refusals were looked at.
    """

    hosts: tuple[HostRow, ...]
    hidden_hosts: int
    hidden_n: int
    complete: bool


# Without an alias a request stands for a person of its own: nothing better is known of it.
_SUMS = (
    "SELECT host, kind, category, SUM(n),"
    " COUNT(DISTINCT NULLIF(alias, '')) + SUM(CASE alias WHEN '' THEN n ELSE 0 END), COUNT(*)"
    " FROM (SELECT host, kind, category, n, alias FROM activity_blockedrequest"
    " WHERE school = %s AND at >= %s AND at < %s ORDER BY at DESC LIMIT %s) AS newest"
    " GROUP BY host, kind, category"
)


def top_hosts(school: str, since: datetime, until: datetime, *, limit: int = 20) -> TopHosts:
    """XIV.B.3: the hosts refused most at a school in a period, each to FLOOR people or more."""
    period = (int(since.timestamp()), int(until.timestamp()))
    with connections[ACTIVITY].cursor() as cursor:
        cursor.execute(_SUMS, [school, *period, NEWEST + 1])
        found = cursor.fetchall()
    rows = [HostRow(*row[:-1]) for row in found]
    told = sorted((row for row in rows if row.people >= FLOOR), key=lambda row: (-row.n, row.host))
    hidden = [row for row in rows if row.people < FLOOR]
    return TopHosts(
        hosts=tuple(told[:limit]),
        hidden_hosts=len(hidden),
        hidden_n=sum(row.n for row in hidden),
        complete=sum(row[-1] for row in found) <= NEWEST,
    )


# The same of the whole district, of what the district itself chose to block.
_CHOSEN = (
    "SELECT host, category, SUM(n),"
    " COUNT(DISTINCT NULLIF(alias, '')) + SUM(CASE alias WHEN '' THEN n ELSE 0 END), COUNT(DISTINCT school)"
    " FROM (SELECT host, category, school, n, alias FROM activity_blockedrequest"
    " WHERE kind = 'district' AND at >= %s AND at < %s ORDER BY at DESC LIMIT %s) AS newest"
    " GROUP BY host, category"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A host that the district's choice refused: how often, to how many people, at how many schools."""

    host: str
    category: str
    n: int
    people: int
    schools: int


def wanted_hosts(since: datetime, until: datetime) -> list[Wanted]:
    """XIV.B.3: what the district's own choices refused in a period, each host to FLOOR people or more."""
    with connections[ACTIVITY].cursor() as cursor:
        cursor.execute(_CHOSEN, [int(since.timestamp()), int(until.timestamp()), NEWEST])
        return [Wanted(*row) for row in cursor.fetchall() if row[3] >= FLOOR]
