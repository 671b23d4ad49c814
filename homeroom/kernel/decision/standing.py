"""Standing: may this person use the network on this day? Derived from facts, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from homeroom.kernel.agreements.needed import Gap, gaps
from homeroom.kernel.agreements.values import Around, Choices, Held, Wanted
from homeroom.kernel.decision import reasons


@dataclass(frozen=True, slots=True)
class Restriction:
    """IV.2a: a suspension from a first day to a last, or a cancellation, which has no last day."""

    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What stands of somebody's agreement, where a form is in effect for them."""

    around: Around
    held: Held | None
    wanted: Wanted
    choices: Choices


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person for their standing: roles held, as (role, first day, last day or None).

    `agreed` is None where no form is in effect for what they are. `noticed` is None where no notice is demanded,
    else whether it was delivered. `ended_by_parent` and `alternative` are days since when.
    """

    person: str
    roles: tuple[tuple[str, date, date | None], ...] = ()
    agreed: Agreed | None = None
    restrictions: tuple[Restriction, ...] = ()
    ended_by_parent: date | None = None
    alternative: date | None = None
    noticed: bool | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason why the network is closed, with the clause it rests on; `code` is one of kernel.decision.reasons."""

    clause: str
    code: str

    @property
    def sentence(self) -> str:
        """What is missing, in English."""
        return reasons.sentence(self.code)

    @property
    def step(self) -> str:
        """What to do about it, in English."""
        return reasons.step(self.code)


@dataclass(frozen=True, slots=True)
class Standing:
    """Open when nothing is missing."""

    missing: tuple[Missing, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the person may use the network."""
        return not self.missing


def standing(facts: Facts, on: date) -> Standing:
    """IV.1, IX, VIII.D.2, XI: use is a privilege of those who belong to the district, signed, and are not barred.

    Every reason is named, the weightiest first, so that nobody mends one to meet the next.

    >>> ben = Facts("ben", (("student", date(2026, 9, 1), date(2027, 6, 4)),))
    >>> standing(ben, date(2027, 6, 4)).open, standing(ben, date(2027, 6, 5)).open
    (True, False)
    """
    held = [role for role, first, last in facts.roles if first <= on and (last is None or on <= last)]
    if not held:
        return Standing((Missing("IV.1", "no-role"),))
    return Standing(tuple(_missing(facts, on)))


def _missing(facts: Facts, on: date) -> Iterator[Missing]:
    yield from _restricted(facts.restrictions, on)
    ended = facts.ended_by_parent is not None and facts.ended_by_parent <= on
    if ended:
        yield Missing("VIII.D.2", "ended-by-parent")
    if facts.alternative is not None and facts.alternative <= on:
        yield Missing("XII.B.0b", "alternative")
    if facts.agreed is not None and not ended:
        for gap in _gaps(facts.agreed, on):
            yield Missing(gap.clause, f"{gap.code} {gap.value}".strip())
    if facts.noticed is False:
        yield Missing("XI.A", "notice")


def _restricted(restrictions: tuple[Restriction, ...], on: date) -> Iterator[Missing]:
    """IV.2a: of several restrictions that hold, the one that lasts longest is named."""
    holding = [each for each in restrictions if each.first <= on and (each.last is None or on <= each.last)]
    if holding:
        ends = [each.last for each in holding if each.last is not None]
        code = f"suspended {max(ends)}" if len(ends) == len(holding) else "cancelled"
        yield Missing("IV.2a", code)


def _gaps(agreed: Agreed, on: date) -> tuple[Gap, ...]:
    return gaps(agreed.around, agreed.held, agreed.wanted, agreed.choices, on)
