"""Spools as doors would leave them, and what must be in the tables afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homeroom.doors.spool import Spool
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Block, Cited, Kind

AT = datetime(2026, 9, 1, 15, 30, tzinfo=UTC)


def block(category="games", kind=Kind.DISTRICT, clause="III.2", line=7):
    return Block(
        kind=kind, clause=clause, category=category, reason="A reason.", person="person-ben", profile="student",
        bundle="b1", at=AT, rule=Cited("ut1", "2026-08-01", line, "games.test"),
    )  # fmt: skip


def who(alias="a1b2", school="birch"):
    return Who(person="person-ben", profile="student", school=school, alias=alias)


def write(home: Path, *, door="dns", files=3, requests=40, at=AT, school="birch") -> None:
    """`files` files of one door; every third answer is a refusal, hosts count on from file to file."""
    for number in range(files):
        spool = Spool(home, door)
        for each in range(requests):
            verdict = "block" if each % 3 == 0 else "allow"
            spool.cell(school, "student", verdict, "district", "games" if verdict == "block" else "")[0] += 1
            if verdict == "block":
                spool.blocked(at, who(f"alias{each % 7}", school), f"h{number}-{each}.test", block())
            if each % 10 == 9:
                spool.flush(at + timedelta(hours=each // 20))
        spool.close(at + timedelta(hours=3))


def tables() -> tuple[Counter, Counter]:
    """What is in the tables: counts by (hour, door, verdict) and refused hosts with their `n`."""
    from homeroom.activity.models import BlockedRequest, HourCount

    counts: Counter = Counter()
    for row in HourCount.objects.using("activity"):
        counts[row.hour, row.door, row.verdict] += row.n
    blocked: Counter = Counter()
    for row in BlockedRequest.objects.using("activity"):
        blocked[row.host] += row.n
    return counts, blocked


def expected(home: Path) -> tuple[Counter, Counter]:
    """The same from the files themselves, read plainly."""
    from homeroom.kernel import spoolline

    counts: Counter = Counter()
    blocked: Counter = Counter()
    for path in (home / "spool").glob("*.log"):
        for line in path.read_bytes().splitlines():
            read = spoolline.read(line)
            if isinstance(read, spoolline.Counts):
                for count in read.counts:
                    counts[count.hour, read.door, count.verdict] += count.n
            elif isinstance(read, spoolline.Blocked):
                blocked[read.host] += read.n
    return counts, blocked
