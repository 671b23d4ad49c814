"""Who answers for which clause: an app says how it keeps it, by which acts, and which probes look for breaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from homeroom.kernel import clauses


class How(StrEnum):
    """How a clause is kept."""

    GATE = "gate"  # looked at on each request
    CLOCK = "clock"  # a deadline runs
    RECORD = "record"  # people do it, the proof is kept
    WORDS = "words"  # shown or explained
    OPEN = "open"  # not kept by Homeroom yet


@dataclass(frozen=True, slots=True)
class Looked:
    """What a probe saw: `broken` of `looked_at` things were not as the clause demands. `summary` names no person."""

    looked_at: int
    broken: int = 0
    summary: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.broken <= self.looked_at:
            raise ValueError(f"A probe cannot find {self.broken} breaches among {self.looked_at} things.")


Probe = Callable[[datetime], Looked]


class BadClaim(ValueError):
    """A claim that proves nothing, or a clause for which nobody or more than one answers; the message says which."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An app answers for clauses: how, in a sentence, by which functions, shown by which probes.

    `missing` is what of these clauses is not kept yet, in a sentence: they count as open until it is empty.
    Raises BadClaim, and clauses.BadClause for an id that does not exist.
    """

    clauses: tuple[str, ...]
    how: How
    sentence: str
    actions: tuple[Callable[..., Any], ...] = ()
    probes: tuple[Probe, ...] = ()
    missing: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        for id in self.clauses:
            clauses.check(id)
        named = ", ".join(self.clauses) or "a claim"
        if not self.clauses or not self.sentence.endswith("."):
            raise BadClaim(f"Say for {named} in a sentence how it is kept.")
        if self.how is not How.OPEN and not (self.actions and self.probes):
            raise BadClaim(f"Name for {named} the functions that keep it and a probe that looks for breaches.")

    @property
    def open(self) -> bool:
        """Whether something of it is not kept yet."""
        return self.how is How.OPEN or bool(self.missing)


def gather(claims: Iterable[Claim]) -> dict[str, Claim]:
    """The one claim for each clause, in the policy's order. Raises BadClaim for a clause claimed twice or never."""
    found: dict[str, Claim] = {}
    for claim in claims:
        for id in claim.clauses:
            if id in found:
                raise BadClaim(f"{id} is claimed twice: “{found[id].sentence}” and “{claim.sentence}”")
            found[id] = claim
    nobody = [id for id in clauses.TITLES if id not in found]
    if nobody:
        raise BadClaim(
            f"Nobody answers for {', '.join(nobody)}; claim them, or say in clauses_open that they are open."
        )
    return {id: found[id] for id in clauses.TITLES}


def name(function: Callable[..., Any]) -> str:
    """A function as the ledger names it: "filtering.clauses.reviews_late"."""
    return f"{function.__module__.removeprefix('homeroom.')}.{function.__qualname__}"
