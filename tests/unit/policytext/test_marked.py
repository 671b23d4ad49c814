"""Two wordings side by side: what is marked differs, what is not is the same, and no word is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.policytext.clauses import bare
from homeroom.kernel.policytext.marked import MOST, Parts, marked

SAID = st.lists(
    st.sampled_from(["users", "shall", "not", "72", "24", "hours;", "“tell”", '"tell"', "Users"]), max_size=12
)


def joined(parts: Parts, *, same: bool = False) -> str:
    return " ".join(words for words, differs in parts if not (same and differs))


@given(SAID.map(" ".join), SAID.map(" ".join))
def test_no_word_is_lost_and_what_is_unmarked_stands_in_both(before, after):
    was, now = marked(before, after)
    assert joined(was) == before and joined(now) == after
    assert bare(joined(was, same=True)) == bare(joined(now, same=True))


def test_quotes_and_case_alone_are_no_difference():
    assert marked("The “Board” says", 'the "board"  says') == (
        (("The “Board” says", False),), (('the "board" says', False),)
    )  # fmt: skip


def test_what_is_very_long_is_shown_unmarked():
    long = "word " * (MOST + 1)
    assert marked(long, "word") == (((long, False),), (("word", False),))
    assert marked("", "new") == ((), (("new", True),))
