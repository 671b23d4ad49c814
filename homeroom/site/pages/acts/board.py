"""Acts about the policy’s text, its addenda and the yearly review."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_board() -> dict[str, str]:
    """Acts about the policy’s text, its addenda and the yearly review."""
    return {
        "board.addendum.approved": _("wrote down that the board approved an addendum"),
        "board.addendum.drafted": _("drafted an addendum"),
        "board.addendum.ended": _("ended an addendum"),
        "board.addendum.returned": _("wrote down that the board returned an addendum"),
        "board.addendum.submitted": _("handed an addendum to the board"),
        "board.funding.answered": _("said which money is sought"),
        "board.parameter.set": _("set a parameter from a day on"),
        "board.reread": _("read a notice again after a change"),
        "board.review.held": _("wrote down the yearly review"),
        "board.review.opened": _("began the yearly review"),
        "board.review.packet-taken": _("took the packet of the yearly review"),
        "board.source.checked": _("looked whether a source still says the same"),
        "board.text.chosen": _("chose the alternative and options of a text"),
        "board.text.corrected": _("corrected a text by hand"),
        "board.text.discarded": _("discarded a draft text"),
        "board.text.heard": _("wrote down the hearing on a text"),
        "board.text.imported": _("read in a text of the policy"),
        "board.text.in-force": _("put a text of the policy in force"),
        "board.text.day-taken-back": _("took back the first day of a text that had not begun"),
        "board.text.opened-again": _("opened the words of a text again after notice or hearing"),
        "board.text.noticed": _("wrote down the public notice of a text"),
    }
