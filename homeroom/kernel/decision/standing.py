"""Standing: may this person use the network on this day? Derived from facts, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person for their standing: roles held, as (role, first day, last day or None)."""

    person: str
    roles: tuple[tuple[str, date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason why the network is closed, with the clause it rests on."""

    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Open when nothing is missing."""

    missing: tuple[Missing, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the person may use the network."""
        return not self.missing


def standing(facts: Facts, on: date) -> Standing:
    """IV.1: use is a privilege of those who belong to the district on that day.

    >>> ben = Facts("ben", (("student", date(2026, 9, 1), date(2027, 6, 4)),))
    >>> standing(ben, date(2027, 6, 4)).open, standing(ben, date(2027, 6, 5)).open
    (True, False)
    """
    held = [role for role, first, last in facts.roles if first <= on and (last is None or on <= last)]
    if held:
        return Standing()
    return Standing((Missing("IV.1", "You hold no role in the district today, so the network is closed."),))
