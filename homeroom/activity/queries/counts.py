"""How much was answered, how much refused and by whose choice.

Every question reads one range of hours, so its cost depends on the period asked for and never on
how much was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Sum

from homeroom.activity.models import HourCount
from homeroom.base.router import ACTIVITY
from homeroom.kernel.spoolline import HOUR
from homeroom.people import queries as people

FLOOR = 5  # a smaller number than this about one school is not shown: it would speak of few people
MOST_DAYS = 400  # a school year and a month


class TooLong(ValueError):
    """The period is longer than one question may read; the message says how long it may be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it may be shown: `n` is None where it is too small to be told exactly."""

    n: int | None
    floor: int = FLOOR

    @property
    def hidden(self) -> bool:
        """Whether there is a number that is not told."""
        return self.n is None

    def __str__(self) -> str:
        return f"under {self.floor}" if self.n is None else str(self.n)


def shown(n: int, floor: int = FLOOR) -> Shown:
    """XIV.B.3: small numbers about small groups are hidden; zero is no secret.

    >>> str(shown(0)), str(shown(4)), str(shown(5))
    ('0', 'under 5', '5')
    """
    return Shown(None if 0 < n < floor else n, floor)


@dataclass(frozen=True, slots=True)
class Share:
    """One kind or category of refusals; `kind` is whose choice it was (statutory, district, ...)."""

    key: str
    kind: str
    n: Shown


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school in short; "" is where the place was not known."""

    school: str
    answers: Shown
    blocked: Shown


@dataclass(frozen=True, slots=True)
class Summary:
    """What was answered from `since` up to `until`, whole hours; `school` is "" for the whole district.

    `kinds` and `categories` are refusals, largest first. `schools` is empty in the summary of one school.
    """

    since: datetime
    until: datetime
    school: str
    answers: Shown
    allowed: Shown
    rewritten: Shown
    blocked: Shown
    kinds: tuple[Share, ...]
    categories: tuple[Share, ...]
    schools: tuple[SchoolRow, ...]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: refusals by kind, and everything else that was answered.

    `hidden` says that something was left out because it was under the floor.
    """

    at: datetime
    blocked: Mapping[str, int]
    others: int
    hidden: bool = False


def today(at: datetime, *, school: str = "") -> Summary:
    """The summary of the district's day so far."""
    midnight = at.astimezone(people.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return summary(midnight, at + timedelta(seconds=1), school=school)


def summary(since: datetime, until: datetime, *, school: str = "") -> Summary:
    """What was answered in the hours that begin in this period; raises TooLong beyond MOST_DAYS."""
    rows = _rows(since, until, school, "school", "verdict", "kind", "category")
    floor = FLOOR if school else 0
    verdicts: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    categories: Counter[tuple[str, str]] = Counter()
    schools: dict[str, Counter[str]] = {}
    for place, verdict, kind, category, n in rows:
        verdicts[verdict] += n
        schools.setdefault(place, Counter())[verdict] += n
        if verdict == "block":
            kinds[kind, kind] += n
            categories[category, kind] += n
    return Summary(
        since=since, until=until, school=school,
        answers=shown(verdicts.total(), floor), allowed=shown(verdicts["allow"], floor),
        rewritten=shown(verdicts["rewrite"], floor), blocked=shown(verdicts["block"], floor),
        kinds=_shares(kinds, floor), categories=_shares(categories, floor),
        schools=() if school else tuple(_school(place, schools[place]) for place in sorted(schools)),
    )  # fmt: skip


def by_hour(at: datetime, *, hours: int = 24, school: str = "") -> tuple[Hour, ...]:
    """The last `hours` hours up to the running one, oldest first, hours without activity included."""
    last = int(at.timestamp()) // HOUR * HOUR
    first = last - (hours - 1) * HOUR
    since, until = (datetime.fromtimestamp(each, UTC) for each in (first, last + HOUR))
    found: dict[int, Counter[str]] = {first + number * HOUR: Counter() for number in range(hours)}
    for hour, verdict, kind, n in _rows(since, until, school, "hour", "verdict", "kind"):
        found[hour][kind if verdict == "block" else ""] += n
    return tuple(_hour(hour, counts, FLOOR if school else 0) for hour, counts in sorted(found.items()))


def _rows(since: datetime, until: datetime, school: str, *by: str) -> list[tuple]:  # type: ignore[type-arg]
    if until - since > timedelta(days=MOST_DAYS):
        raise TooLong(f"At most {MOST_DAYS} days can be summed up at once; ask for a shorter period.")
    rows = HourCount.objects.using(ACTIVITY).filter(hour__gte=_floor(since), hour__lt=int(until.timestamp()))
    if school:
        rows = rows.filter(school=school)
    return list(rows.order_by().values_list(*by).annotate(total=Sum("n")))


def _floor(at: datetime) -> int:
    return int(at.timestamp()) // HOUR * HOUR


def _shares(counts: Counter[tuple[str, str]], floor: int) -> tuple[Share, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(key, kind, shown(n, floor)) for (key, kind), n in ordered)


def _school(school: str, verdicts: Counter[str]) -> SchoolRow:
    return SchoolRow(school, shown(verdicts.total()), shown(verdicts["block"]))


def _hour(hour: int, counts: Counter[str], floor: int) -> Hour:
    told = {kind: n for kind, n in counts.items() if n >= floor}
    others = told.pop("", 0)
    return Hour(datetime.fromtimestamp(hour, UTC), told, others, hidden=told.keys() | {""} < counts.keys() | {""})
