"""What the doors answered, as numbers for pages and reports. Nothing here names or finds a person."""

from homeroom.activity.queries.counts import (
    FLOOR,
    Hour,
    SchoolRow,
    Share,
    Shown,
    Summary,
    TooLong,
    by_hour,
    shown,
    summary,
    today,
)
from homeroom.activity.queries.hosts import HostRow, TopHosts, top_hosts
from homeroom.activity.queries.spool import Gaps, Lag, gaps, lag

__all__ = [
    "FLOOR",
    "Gaps",
    "HostRow",
    "Hour",
    "Lag",
    "SchoolRow",
    "Share",
    "Shown",
    "Summary",
    "TooLong",
    "TopHosts",
    "by_hour",
    "gaps",
    "lag",
    "shown",
    "summary",
    "today",
    "top_hosts",
]
