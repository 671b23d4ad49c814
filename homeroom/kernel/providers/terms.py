"""Which terms a contract must hold, and whether what was found in it is enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What a reader found about one term."""

    MEETS = "meets"
    RESERVATIONS = "reservations"  # met, with something to watch
    UNCLEAR = "unclear"
    NOT_MET = "not_met"


ENOUGH = frozenset({Outcome.MEETS, Outcome.RESERVATIONS})


@dataclass(frozen=True, slots=True)
class Term:
    """One required term: what is asked, where that comes from, and since when. `law`: a statute or the policy asks."""

    id: str
    title: str
    asks: str
    clause: str
    source: str
    mark: str
    since: date
    law: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found about a term: where in which file, in which words."""

    term: str
    outcome: Outcome
    file: int
    page: str
    quotation: str


class Incomplete(ValueError):
    """A finding that proves nothing; the message says what is missing."""


def check(finding: Finding) -> None:
    """XIII.E.0: a tick proves nothing; a term that is met is shown by page and words. Raises Incomplete."""
    if finding.outcome in ENOUGH and not (
        finding.file and finding.page.strip() and len(finding.quotation.split()) >= 3
    ):
        raise Incomplete("Give the file, the page and the words of the contract that say so; a tick proves nothing.")


def asked(terms: Iterable[Term], on: date) -> tuple[Term, ...]:
    """The terms that are asked of a contract on a day."""
    return tuple(term for term in terms if term.since <= on)


def missing(terms: Iterable[Term], found: Mapping[str, Finding], on: date) -> tuple[Term, ...]:
    """XIII.E.0: the terms that nothing in the contract shows."""
    return tuple(term for term in asked(terms, on) if term.id not in found or found[term.id].outcome not in ENOUGH)
