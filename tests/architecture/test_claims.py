"""Somebody answers for every clause, nobody twice, and what is said to be kept is tested and looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.kernel import clauses
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import catalogue, manifest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def marked() -> dict[str, list[str]]:
    """The tests of each clause, read from the markers once."""
    return manifest.scan(ROOT)


def test_every_clause_has_exactly_one_claim():
    """`gather` refuses a clause that is claimed twice or never."""
    assert list(catalogue.claims()) == list(clauses.TITLES)


@pytest.mark.parametrize("id", [id for id, claim in catalogue.claims().items() if not claim.open])
def test_what_is_said_to_be_kept_is_shown_by_a_test(marked, id):
    assert marked.get(id), f"{id} is claimed; mark the tests that show it with @pytest.mark.clause"


def test_probes_have_names_of_their_own_and_say_what_a_breach_is():
    for probe in catalogue.probes().values():
        assert probe.__doc__ and probe.__doc__.partition(":")[0] in clauses.TITLES, name(probe)


def test_what_a_clause_points_to_exists_and_is_no_test():
    for claim in catalogue.claims().values():
        for action in claim.actions:
            assert action.__module__.startswith("homeroom."), name(action)


def test_the_manifest_names_only_tests_that_exist_and_one_for_whatever_is_kept(marked):
    """A release writes it anew; until then it may lack a test, but never names one that is gone."""
    told = "The markers in the tests changed; run: homeroom ledger --write-tests ."
    shipped = manifest.shipped()
    assert all(set(tests) <= set(marked.get(id, ())) for id, tests in shipped.items()), told
    assert all(shipped.get(id) for id, claim in catalogue.claims().items() if not claim.open), told
