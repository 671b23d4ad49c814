"""What is done with texts of the policy, addenda, choices, numbers and the yearly review."""

from homeroom.board.actions.addenda import (
    approve_addendum,
    draft_addendum,
    end_addendum,
    return_addendum,
    submit_addendum,
)
from homeroom.board.actions.adopting import answer_funding, choose, hold_hearing, open_words_again, publish_notice
from homeroom.board.actions.correcting import add_clause, correct_clause, remove_clause, set_line_aside
from homeroom.board.actions.numbers import set_parameter
from homeroom.board.actions.reviewing import check_source, close_review, open_review, reread, take_packet
from homeroom.board.actions.texts import discard_text, import_text, put_in_force, take_day_back

__all__ = [
    "add_clause",
    "answer_funding",
    "approve_addendum",
    "check_source",
    "choose",
    "close_review",
    "correct_clause",
    "discard_text",
    "draft_addendum",
    "end_addendum",
    "hold_hearing",
    "import_text",
    "open_review",
    "open_words_again",
    "publish_notice",
    "put_in_force",
    "remove_clause",
    "reread",
    "return_addendum",
    "set_line_aside",
    "set_parameter",
    "submit_addendum",
    "take_day_back",
    "take_packet",
]
