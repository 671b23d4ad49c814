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
from homeroom.kernel.hiding import Hidden, hide
from homeroom.kernel.spoolline import HOUR
from homeroom.people import queries as people

FLOOR = 5  # a smaller number than this about one school is not shown: it would speak of few people
MOST_DAYS = 400  # a school year and a month


class TooLong(ValueError):
    """The period is longer than one question may read; the message says how long it may be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it may be shown: `n` is None where it is too small to be told exactly.

    `small` False: it is hidden so that another one is not found out by subtraction, and may be of any size.
    """

    n: int | None
    floor: int = FLOOR
    small: bool = True

    @property
    def hidden(self) -> bool:
        """Whether there is a number that is not told."""
        return self.n is None

    def __str__(self) -> str:
        if self.n is not None:
            return str(self.n)
        return f"under {self.floor}" if self.small else "not told"


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
    places, whole, part = ((), False, False) if school else _schools(schools)
    floor = FLOOR if school or whole or part else 0
    told = _told(verdicts, floor, {"block"} if part else set(), whole)
    closed = floor > 0 and told["block"].hidden
    return Summary(
        since=since, until=until, school=school,
        answers=told["total"],
        allowed=told["allow"], rewritten=told["rewrite"], blocked=told["block"],
        kinds=_shares(kinds, floor, closed), categories=_shares(categories, floor, closed), schools=places,
    )  # fmt: skip


def by_hour(at: datetime, *, hours: int = 24, school: str = "") -> tuple[Hour, ...]:
    """The last `hours` hours up to the running one, oldest first, hours without activity included."""
    last = int(at.timestamp()) // HOUR * HOUR
    first = last - (hours - 1) * HOUR
    since, until = (datetime.fromtimestamp(each, UTC) for each in (first, last + HOUR))
    found: dict[int, Counter[str]] = {first + number * HOUR: Counter() for number in range(hours)}
    for hour, verdict, kind, n in _rows(since, until, school, "hour", "verdict", "kind"):
        found[hour][kind if verdict == "block" else ""] += n
    secret = _secret_hours(found) if school else set()
    return tuple(_hour(hour, counts, secret) for hour, counts in sorted(found.items()))


def _secret_hours(found: Mapping[int, Counter[str]]) -> set[tuple[int, str]]:
    """Hours and kinds that are left out, so that the sum of a day, which is told, gives no small one away."""
    zone = people.zone()
    days: dict[object, list[int]] = {}
    for hour in sorted(found):
        days.setdefault(datetime.fromtimestamp(hour, zone).date(), []).append(hour)
    kinds = {kind for counts in found.values() for kind in counts}
    return {
        (hours[place], kind)
        for hours in days.values()
        for kind in kinds
        for place in hide([found[hour][kind] for hour in hours], FLOOR).cells
    }


def _rows(since: datetime, until: datetime, school: str, *by: str) -> list[tuple]:  # type: ignore[type-arg]
    if until - since > timedelta(days=MOST_DAYS):
        raise TooLong(f"At most {MOST_DAYS} days can be summed up at once; ask for a shorter period.")
    rows = HourCount.objects.using(ACTIVITY).filter(hour__gte=_floor(since), hour__lt=int(until.timestamp()))
    if school:
        rows = rows.filter(school=school)
    return list(rows.order_by().values_list(*by).annotate(total=Sum("n")))


def _floor(at: datetime) -> int:
    return int(at.timestamp()) // HOUR * HOUR


def _told(verdicts: Counter[str], floor: int, also: set[str], whole: bool) -> dict[str, Shown]:
    """The three verdicts, which make up the answers, and "total" for these; `whole`: none of them is told."""
    names = ("allow", "rewrite", "block")
    numbers = [verdicts[name] for name in names]
    if whole:
        return {name: Shown(None, FLOOR, small=False) for name in (*names, "total")}
    found = hide(numbers, floor, [names.index(name) for name in also])
    told = {name: _as(n, place, found, floor) for place, (name, n) in enumerate(zip(names, numbers, strict=True))}
    total = shown(sum(numbers), floor)
    return {**told, "total": Shown(None, floor, small=False) if found.total and total.n else total}


def _as(n: int, place: int, found: Hidden, floor: int) -> Shown:
    return Shown(None, floor or FLOOR, place in found.small) if place in found.cells else Shown(n, floor)


def _shares(counts: Counter[tuple[str, str]], floor: int, closed: bool) -> tuple[Share, ...]:
    """The parts of the refusals; `closed`: their sum is not told, so none of them is."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    numbers = [n for _, n in ordered]
    by_kind: dict[str, list[int]] = {}
    for place, ((_, kind), _n) in enumerate(ordered):
        by_kind.setdefault(kind, []).append(place)
    every = frozenset(range(len(numbers)))
    few = every if sum(numbers) < floor else frozenset[int]()
    found = Hidden(every, few) if closed else _within(numbers, list(by_kind.values()), floor)
    return tuple(Share(key, kind, _as(n, place, found, floor)) for place, ((key, kind), n) in enumerate(ordered))


def _within(numbers: list[int], groups: list[list[int]], floor: int) -> Hidden:
    """What to hide where the sum of each group is told as well as the sum of all."""
    if len(groups) == len(numbers):
        return hide(numbers, floor)
    cells: set[int] = set()
    small: set[int] = set()
    for group in groups:
        found = hide([numbers[place] for place in group], floor)
        cells |= {group[place] for place in found.cells}
        small |= {group[place] for place in found.small}
    return Hidden(frozenset(cells), frozenset(small))


def _schools(schools: Mapping[str, Counter[str]]) -> tuple[tuple[SchoolRow, ...], bool, bool]:
    """The rows of the schools; whether the answers of the district, and its refusals, would give a small one away."""
    names = sorted(schools)
    answers, blocked = [schools[each].total() for each in names], [schools[each]["block"] for each in names]
    whole = hide(answers, FLOOR)
    # Where few answers are left beside the refusals, these give the few away.
    near = [
        place for place in range(len(names))
        if 0 < answers[place] - blocked[place] < FLOOR and blocked[place] and place not in whole.cells
    ]  # fmt: skip
    part = hide(blocked, FLOOR, near)
    rows = tuple(
        SchoolRow(name, _as(answers[place], place, whole, FLOOR), _as(blocked[place], place, part, FLOOR))
        for place, name in enumerate(names)
    )
    return rows, whole.total, part.total


def _hour(hour: int, counts: Counter[str], secret: set[tuple[int, str]]) -> Hour:
    told = {kind: n for kind, n in counts.items() if (hour, kind) not in secret}
    others = told.pop("", 0)
    hidden = any(at == hour for at, _ in secret)
    return Hour(datetime.fromtimestamp(hour, UTC), told, others, hidden=hidden)
