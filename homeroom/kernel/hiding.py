"""XIV.B.3: which numbers to hide so that no small one is found out from the others and their total. Pure.

A number under the floor speaks of few people. Hiding it alone is not enough: whoever has the total and the other
numbers subtracts. So a second number is hidden beside it where needed, and where there is none, the total.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not told: the places of `cells`, and whether the `total` is not told either.

    Those in `small` may be called "under the floor"; the others are only called hidden, so that nobody knows which of
    them is small.
    """

    cells: frozenset[int] = frozenset()
    small: frozenset[int] = frozenset()
    total: bool = False


def hide(numbers: Sequence[int], floor: int, also: Collection[int] = ()) -> Hidden:
    """What to hide of numbers that make up a total which is told; `also`: places that are hidden for another reason.

    Zero is no secret, unless it is needed to hide something else. A total under the floor is not told anyway.

    >>> found = hide([3, 20, 9], 5)
    >>> sorted(found.cells), sorted(found.small), found.total
    ([0, 2], [0], False)
    >>> sorted(hide([3, 2, 9], 5).cells), hide([3], 5).total
    ([0, 1], True)
    """
    under = frozenset(place for place, n in enumerate(numbers) if 0 < n < floor)
    kept = under | frozenset(also)
    if not kept:
        return Hidden()
    if not also and sum(numbers) < floor:
        return Hidden(under, under, total=True)
    total = sum(numbers[place] for place in kept)
    # Each of them is between 1 and the floor: their sum must leave more than one way to make it up.
    if kept == under and len(kept) > 1 and len(kept) < total < len(kept) * (floor - 1):
        return Hidden(kept, under)
    second = _second(numbers, kept)
    if second is not None:
        return Hidden(kept | {second}, under if _leaves_room(numbers, kept, second, floor, also) else frozenset())
    if len(kept) > 1 and total > len(kept):
        return Hidden(kept)
    return Hidden(kept, under if kept == under else frozenset(), total=True)


def _second(numbers: Sequence[int], kept: Collection[int]) -> int | None:
    """The place that costs least: the smallest number that is told, a zero only where there is nothing else."""
    left = [(n == 0, n, place) for place, n in enumerate(numbers) if place not in kept]
    return min(left)[2] if left else None


def _leaves_room(numbers: Sequence[int], kept: Collection[int], second: int, floor: int, also: Collection[int]) -> bool:
    """Whether the small ones may be called small: also for whoever knows that the smallest other number was taken."""
    if also or not numbers[second]:
        return False
    sum_of_all = sum(numbers[place] for place in kept) + numbers[second]
    others = [n for place, n in enumerate(numbers) if n and place not in kept and place != second]
    least = max(len(kept), sum_of_all - min(others, default=sum_of_all))
    most = min(len(kept) * (floor - 1), sum_of_all - floor)
    return most > least
