"""No small number is found out: everything that fits what is told is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.hiding import Hidden, hide
from homeroom.ledger.queries import seen_in_public

pytestmark = pytest.mark.clause("XIV.B.3")
FLOOR = 4  # small, so that everything can be tried
NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def could_be(numbers: list[int], told: Hidden) -> Iterator[tuple[int, ...]]:
    """Every way to fill the hidden places that fits what is told, also for whoever knows how it was hidden."""
    places = sorted(told.cells)
    most = sum(numbers[place] for place in places)
    shown = min((n for place, n in enumerate(numbers) if n and place not in told.cells), default=most)
    larger = range(FLOOR, max(FLOOR, shown) + 1) if told.small else range(most + 1)
    for filled in product(*(range(1, FLOOR) if place in told.small else larger for place in places)):
        if told.total or sum(filled) == most:
            yield filled


@settings(max_examples=400, deadline=None)
@given(NUMBERS)
def test_no_small_number_is_found_out_by_subtraction(numbers: list[int]):
    told = hide(numbers, FLOOR)
    small = {place for place, n in enumerate(numbers) if 0 < n < FLOOR}
    assert small <= told.cells
    ways = list(could_be(numbers, told))
    for at, place in enumerate(sorted(told.cells)):
        if place in small:
            assert len({way[at] for way in ways}) > 1, (numbers, told)


@given(NUMBERS)
def test_nothing_is_hidden_where_nothing_is_small(numbers: list[int]):
    small = [n for n in numbers if 0 < n < FLOOR]
    told = hide(numbers, FLOOR)
    assert bool(told.cells) == bool(small)
    assert len(told.cells) <= len(small) + 1, "one more at most"
    assert all(0 < numbers[place] < FLOOR for place in told.small), "what is called small is small"


@given(NUMBERS, st.data())
def test_what_is_hidden_for_another_reason_stays_hidden(numbers: list[int], data: st.DataObject):
    also = data.draw(st.sets(st.integers(0, len(numbers) - 1)))
    told = hide(numbers, FLOOR, also)
    assert also <= told.cells
    assert not told.cells or told.total or len(told.cells) > 1
    assert not also or told.small <= told.cells


@pytest.mark.parametrize(
    ("numbers", "cells", "total"),
    [
        ([1, 1], {0, 1}, True),
        ([3, 3, 20], {0, 1, 2}, False),
        ([0, 2], {1}, True),
        ([0, 2, 9], {1, 2}, False),
        ([2, 2], {0, 1}, False),
    ],
)
def test_sums_that_give_themselves_away(numbers, cells, total):
    told = hide(numbers, FLOOR)
    assert (set(told.cells), told.total) == (cells, total)


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ([(0, 10), (0, 2)], ("0", "≥10")),  # 12 less 10 would tell
        ([(0, 10), (0, 2), (0, 1)], ("0", "13")),
        ([(2, 10)], ("<5", "10")),
        ([(98, 100)], (">95", "100")),
        ([(0, 1)], ("0", "<5")),
    ],
)
def test_the_sum_of_several_looks_tells_no_single_look(looks, said):
    seen = [SimpleNamespace(broken=broken, looked_at=looked_at) for broken, looked_at in looks]
    sums = {"broken": sum(each for each, _ in looks), "looked_at": sum(each for _, each in looks)}
    assert seen_in_public(SimpleNamespace(seen=seen, **sums)) == said
