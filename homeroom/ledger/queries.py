"""Questions to the ledger: for each clause how it is kept, and what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Max, QuerySet

from homeroom.board import queries as board
from homeroom.board.models import AdoptedText
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.hiding import hide
from homeroom.kernel.policytext.claims import Claim, name
from homeroom.kernel.policytext.rows import Row, place
from homeroom.ledger import catalogue, manifest
from homeroom.ledger.duties import Duty, duties
from homeroom.ledger.models import Binder, Observation
from homeroom.people import queries as people

ALTERNATIVES = ("VI.Alt1", "VI.Alt2", "VI.Alt3")
FLOOR = 5  # a smaller number might speak of one child


class State(StrEnum):
    """What can truthfully be said of a clause."""

    KEPT = "kept"
    BROKEN = "broken"
    NOTHING = "nothing"  # there was nothing to look at yet
    STALE = "stale"  # nobody looked lately, or the look failed
    OPEN = "open"  # not, or not wholly, kept by Homeroom yet


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause. `observed` is the oldest of its probes' last looks; `looked_at` and `broken` are their sums.

    `text` is the place of the adopted text where it stands, None where no text is in force or it has none. `holds`
    is False for what stands in an alternative or an optional paragraph that the board did not choose.
    """

    id: str
    title: str
    claim: Claim
    state: State
    looked_at: int
    broken: int
    observed: datetime | None
    good_until: datetime | None
    seen: tuple[Observation, ...]
    tests: tuple[str, ...]
    text: Row | None
    holds: bool = True

    @property
    def duty(self) -> Duty:
        """What it asks, in words of our own."""
        return duties()[self.id]

    @property
    def article(self) -> str:
        """The article it belongs to."""
        return self.id.partition(".")[0]

    @property
    def how(self) -> str:
        """How it is kept: "gate", "clock", "record", "words" or "open"."""
        return str(self.claim.how)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every clause, and the text in force that their words come from."""

    entries: tuple[Entry, ...]
    text: AdoptedText | None


def ledger(at: datetime) -> Ledger:
    """XVII.C: every clause with its state; the same few questions to the database however much there is."""
    text = board.in_force(people.today(at))
    rows: dict[str, Row] = {}
    for row in board.rows(text) if text else ():
        rows.setdefault(row.id, row)
    seen, aside = _last_looks(), not_chosen(text, rows)
    entries = (_entry(id, claim, seen, rows, at, aside) for id, claim in catalogue.claims().items())
    return Ledger(tuple(entries), text)


def not_chosen(text: AdoptedText | None, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """VI.note1.c: the alternatives and optional paragraphs that the text in force offers and the board did not take."""
    if text is None:
        return ()
    options = (id for id, row in rows.items() if row.optional and id not in text.options)
    chosen = text.alternative
    return (*options, *(each for each in ALTERNATIVES if chosen in ALTERNATIVES and each != chosen))


def stands_in(id: str, places: Iterable[str]) -> bool:
    """Whether a clause is one of these places or stands below one."""
    return any(id == each or id.startswith((f"{each}.", f"{each}(")) for each in places)


def entry(id: str, at: datetime) -> Entry | None:
    """XVII.C: one clause; None for an id that does not exist."""
    return next((each for each in ledger(at).entries if each.id == id), None)


def history(entry: Entry, limit: int = 30) -> list[Observation]:
    """What the probes of a clause saw, newest first."""
    names = [name(probe) for probe in entry.claim.probes]
    return list(Observation.objects.filter(probe__in=names)[:limit])


def due(probe: str, at: datetime, after: timedelta, hours: Iterable[int]) -> bool:
    """Whether a probe should look again: by night once a day, at once when its last look is stale or missing."""
    last = Observation.objects.filter(probe=probe).first()
    if last is None:
        return True
    if last.failed:
        return at >= last.at + timedelta(hours=1)
    if at >= last.good_until:
        return True
    return at >= last.at + after and at.astimezone(people.zone()).hour in hours


def binders() -> QuerySet[Binder]:
    """All binders, the newest first."""
    return Binder.objects.all()


def binders_wanted() -> list[int]:
    """Those that were asked for and are not built yet."""
    return list(Binder.objects.filter(done_at=None, failed="").order_by("id").values_list("pk", flat=True))


def state_of(claim: Claim, seen: Iterable[Observation | None], at: datetime) -> State:
    """The state that these last looks allow; None stands for a probe that never looked."""
    looks = list(seen)
    if any(each and each.broken for each in looks):
        return State.BROKEN  # also where the rest is open: what is known to be amiss is said first
    if claim.open:
        return State.OPEN
    if any(each is None or each.failed or each.good_until <= at for each in looks):
        return State.STALE
    return State.KEPT if any(each and each.looked_at for each in looks) else State.NOTHING


def shown(n: int) -> str:
    """XIV.B.3: a number as everybody may see it; "<5" where it might speak of one child.

    >>> shown(0), shown(1), shown(4), shown(5)
    ('0', '<5', '<5', '5')
    """
    return f"<{FLOOR}" if 0 < n < FLOOR else str(n)


def of(part: int, whole: int) -> tuple[str, str]:
    """XIV.B.3: a part and the whole it belongs to; a part that leaves few others is not told exactly either.

    >>> of(3, 100), of(98, 100), of(100, 100), of(2, 3)
    (('<5', '100'), ('>95', '100'), ('100', '100'), ('<5', '<5'))
    """
    few_left = part >= FLOOR and 0 < whole - part < FLOOR
    return (f">{whole - FLOOR}" if few_left else shown(part)), shown(whole)


def parts(numbers: Sequence[int]) -> list[str]:
    """XIV.B.3: numbers whose sum is told as well; where hiding the small ones is not enough, more are hidden ("…").

    >>> parts([3, 20, 9]), parts([3, 2, 9])
    (['<5', '20', '…'], ['<5', '<5', '9'])
    """
    found = hide(numbers, FLOOR)
    signs = {place: f"<{FLOOR}" if place in found.small else "…" for place in found.cells}
    return [signs.get(place, str(n)) for place, n in enumerate(numbers)]


def seen_in_public(entry: Entry) -> tuple[str, str]:
    """XIV.B.3: what was not as it should be, of how much; each look is told as well, so the sums give none away."""
    sums = [
        _sum([each.broken for each in entry.seen]) if entry.seen else shown(entry.broken),
        _sum([each.looked_at for each in entry.seen]) if entry.seen else shown(entry.looked_at),
    ]
    exact = of(entry.broken, entry.looked_at)
    return (exact[0] if sums[0] == shown(entry.broken) else sums[0]), sums[1]


def _sum(numbers: Sequence[int]) -> str:
    """The sum of numbers that are told one by one; only at least how much where it would tell what is hidden."""
    found, total = hide(numbers, FLOOR), sum(numbers)
    enough = not found.total and not any(numbers[place] == 0 or numbers[place] >= FLOOR for place in found.cells)
    if total < FLOOR or enough:
        return shown(total)
    return f"≥{sum(n for n in numbers if n >= FLOOR)}"


def as_json(entry: Entry, *, public: bool = False) -> dict[str, Any]:
    """A clause as plain values. For the public small numbers are hidden, and so is what probes say in words."""
    broken, looked_at = seen_in_public(entry) if public else (entry.broken, entry.looked_at)
    told: dict[str, Any] = {
        "clause": entry.id,
        "title": entry.title,
        "who": entry.duty.who,
        "what": entry.duty.what,
        "when": entry.duty.when,
        "clock": entry.duty.clock,
        "proof": entry.duty.proof,
        "law": entry.duty.law,
        "state": str(entry.state),
        "how": entry.how,
        "sentence": entry.claim.sentence,
        "missing": entry.claim.missing,
        "looked_at": looked_at,
        "broken": broken,
        "observed": entry.observed and entry.observed.isoformat(),
        "good_until": entry.good_until and entry.good_until.isoformat(),
        "actions": [name(action) for action in entry.claim.actions],
        "probes": [name(probe) for probe in entry.claim.probes],
        "tests": list(entry.tests),
        "holds": entry.holds,
        "text": entry.text and {"id": entry.text.id, "fingerprint": entry.text.fingerprint},
    }
    if not public:
        told["seen"] = [look_as_json(each) for each in entry.seen]
    return told


def look_as_json(seen: Observation) -> dict[str, Any]:
    """What one look saw, as plain values."""
    return {
        "probe": seen.probe,
        "at": seen.at.isoformat(),
        "looked_at": seen.looked_at,
        "broken": seen.broken,
        "summary": seen.summary,
        "failed": seen.failed,
        "good_until": seen.good_until.isoformat(),
    }


def _last_looks() -> dict[str, Observation]:
    newest = Observation.objects.order_by().values("probe").annotate(newest=Max("id")).values("newest")
    return {each.probe: each for each in Observation.objects.filter(pk__in=newest)}


def _entry(
    id: str, claim: Claim, last: Mapping[str, Observation], rows: Mapping[str, Row], at: datetime, aside: Iterable[str]
) -> Entry:
    looks = [last.get(name(probe)) for probe in claim.probes]
    seen = tuple(each for each in looks if each)
    return Entry(
        id=id, title=TITLES[id], claim=claim, state=state_of(claim, looks, at),
        looked_at=sum(each.looked_at for each in seen), broken=sum(each.broken for each in seen),
        observed=min((each.at for each in seen), default=None),
        good_until=min((each.good_until for each in seen), default=None),
        seen=seen, tests=tuple(manifest.shipped().get(id, ())), text=rows.get(place(id, rows)),
        holds=not stands_in(id, aside),
    )  # fmt: skip
