"""What is done with texts of the policy and with addenda."""

from homeroom.board.actions.addenda import (
    approve_addendum,
    draft_addendum,
    end_addendum,
    return_addendum,
    submit_addendum,
)
from homeroom.board.actions.texts import import_text, put_in_force

__all__ = [
    "approve_addendum",
    "draft_addendum",
    "end_addendum",
    "import_text",
    "put_in_force",
    "return_addendum",
    "submit_addendum",
]
