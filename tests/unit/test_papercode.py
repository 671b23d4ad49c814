"""The code on a printed form, typed by people and read by machines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import BadCode, PaperCode

CODES = st.builds(PaperCode, st.integers(0, papercode.AGREEMENTS - 1), st.integers(0, papercode.VERSIONS - 1))


@given(CODES)
def test_what_is_written_is_read_again(code):
    assert papercode.read(papercode.write(code)) == code


@given(CODES, st.integers(0, 9), st.sampled_from(papercode.SYMBOLS))
def test_one_wrong_character_is_noticed(code, place, other):
    plain = papercode.write(code).replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    if wrong != plain:
        with pytest.raises(BadCode, match="slip"):
            papercode.read(wrong)


@given(CODES, st.integers(0, 8))
def test_two_neighbours_in_the_wrong_order_are_noticed(code, place):
    plain = papercode.write(code).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if wrong != plain:
        with pytest.raises(BadCode, match="slip"):
            papercode.read(wrong)


@given(CODES)
def test_hurried_typing_is_forgiven(code):
    typed = papercode.write(code).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert papercode.read(f"  {typed} ") == code


@given(st.text(max_size=30))
def test_anything_typed_is_a_code_or_gets_a_sentence(text):
    try:
        papercode.read(text)
    except BadCode as error:
        assert str(error).endswith("sheet again.")


def test_numbers_that_do_not_fit_are_refused():
    for code in (PaperCode(papercode.AGREEMENTS, 1), PaperCode(1, papercode.VERSIONS), PaperCode(-1, 1)):
        with pytest.raises(BadCode, match="too large"):
            papercode.write(code)
