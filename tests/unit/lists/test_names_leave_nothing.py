"""Names that are refused leave nothing behind for the collector of circles, which doors run only every few minutes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress

import pytest

from homeroom.kernel.lists.names import BadName, canonical, from_wire
from tests.bench import fuzz
from tests.doors.dns_scene import Scene


def circles(act: Callable[[int], object]) -> int:
    """How many objects are held by nothing but each other after `act` was done 300 times."""
    for number in range(20):
        act(number)
    gc.collect()
    gc.disable()
    try:
        for number in range(20, 320):
            act(number)
        return gc.collect()
    finally:
        gc.enable()


@pytest.mark.parametrize("wrong", [b"\x03a", b"\x02\xff\xfe\0", b"\0", b"\x03a.b\0", b"\x01a\0rest"])
def test_a_refused_name_of_the_wire(wrong):
    def act(number: int) -> None:
        with suppress(BadName):
            from_wire(wrong[:1] + wrong[1:] + b"\0" * number)

    assert circles(act) == 0


@pytest.mark.parametrize("wrong", ["", "a..b", "a b", "xn--\u00fc.test", "\u200d.test", "-" * 300])
def test_a_refused_name_in_words(wrong):
    def act(number: int) -> None:
        with suppress(BadName):
            canonical(wrong + " " * number)

    assert circles(act) == 0


def test_mutated_questions_at_the_door():
    """In two minutes of fuzzing the door once grew from 46 to 427 MB by such circles."""
    scene, mutator = Scene(), fuzz.Mutator(524)
    scene.dead = True
    assert circles(lambda number: scene.talk.datagram(mutator.one_of(fuzz.QUESTIONS), b"\x0a\1\0\5")) < 50
