"""A claim proves something, and exactly one answers for each clause."""

from __future__ import annotations

from datetime import datetime

import pytest

from homeroom.kernel.clauses import TITLES, BadClause
from homeroom.kernel.policytext.claims import BadClaim, Claim, How, Looked, gather


def probe(at: datetime) -> Looked:
    return Looked(1)


def claim(*ids: str, how: How = How.GATE, **more: object) -> Claim:
    given = {"actions": (gather,), "probes": (probe,)} | more
    return Claim(ids, how, "It is looked at.", **given)  # type: ignore[arg-type]


REST = Claim(tuple(id for id in TITLES if id != "XIV.C.4"), How.OPEN, "It is not kept yet.")


def test_all_clauses_are_answered_for_in_the_order_of_the_policy() -> None:
    assert list(gather([claim("XIV.C.4"), REST])) == list(TITLES)


def test_a_clause_claimed_twice_is_refused_with_both_sentences() -> None:
    with pytest.raises(BadClaim, match=r"XIV\.C\.4 is claimed twice"):
        gather([claim("XIV.C.4"), claim("XIV.C.4"), REST])


def test_a_clause_that_nobody_claims_is_named() -> None:
    with pytest.raises(BadClaim, match=r"Nobody answers for XIV\.C\.4"):
        gather([REST])


@pytest.mark.parametrize("missing", ["actions", "probes"])
def test_a_claim_without_act_or_probe_proves_nothing(missing: str) -> None:
    with pytest.raises(BadClaim, match="a probe that looks for breaches"):
        claim("XIV.C.4", **{missing: ()})


def test_a_claim_about_a_clause_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadClause, match="too coarse"):
        claim("XIV.C")


def test_a_clause_of_which_something_is_missing_counts_as_open() -> None:
    assert claim("XIV.C.4", missing="Not on Sundays.").open and not claim("XIV.C.4").open


@pytest.mark.parametrize("seen", [(0, 1), (3, 4), (3, -1)])
def test_a_probe_cannot_see_more_breaches_than_things(seen: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot find"):
        Looked(*seen)
