"""Tickets: what was sealed comes back; nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.doors.ticket import GOOD_FOR, MOST, BadTicket, seal, unseal

KEY = b"k" * 32
AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
FACTS = {"host": "games.test", "path": "/chess", "kind": "district", "line": 7, "text": "Ajedrez «ñ»"}

words = st.dictionaries(st.text(max_size=10), st.none() | st.integers() | st.text(max_size=40), max_size=8)


@given(words)
def test_what_was_sealed_comes_back(values: dict[str, object]) -> None:
    assert unseal(KEY, seal(KEY, values, AT), AT) == values


def test_a_ticket_is_safe_in_a_path() -> None:
    assert set(seal(KEY, {"x": "?/&=%#" * 40}, AT)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


@given(st.data())
def test_a_changed_ticket_is_refused(data: st.DataObject) -> None:
    text = seal(KEY, FACTS, AT)
    place = data.draw(st.integers(0, len(text) - 2))  # the last character holds unused bits
    other = data.draw(st.sampled_from("AZaz09-_").filter(lambda letter: letter != text[place]))
    with pytest.raises(BadTicket):
        unseal(KEY, text[:place] + other + text[place + 1 :], AT)


@given(st.text(max_size=200))
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadTicket, match=r"Open the blocked page again"):
        unseal(KEY, text, AT)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(BadTicket):
        unseal(b"l" * 32, seal(KEY, FACTS, AT), AT)


def test_it_is_good_for_seven_days_and_not_a_second_longer() -> None:
    text = seal(KEY, FACTS, AT)
    assert unseal(KEY, text, AT + GOOD_FOR) == FACTS
    with pytest.raises(BadTicket, match="older than 7 days"):
        unseal(KEY, text, AT + GOOD_FOR + timedelta(seconds=1))


def test_a_ticket_from_the_future_is_refused() -> None:
    with pytest.raises(BadTicket):
        unseal(KEY, seal(KEY, FACTS, AT + timedelta(hours=1)), AT)


def test_a_ticket_has_a_bound() -> None:
    with pytest.raises(BadTicket, match="shorten"):
        seal(KEY, {"path": "x" * MOST}, AT)
    with pytest.raises(BadTicket):
        unseal(KEY, "A" * 10_000_000, AT)
