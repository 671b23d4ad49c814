"""VI.Alt3.note.b: words of which the public was told stand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.board.models import AdoptedText

CHANGED = (
    "The words are not those of which the public was told. Open them again on the page of the text; then a new notice "
    "and a new hearing are needed."
)


def refuse_frozen(row: AdoptedText) -> None:
    """VI.Alt3.note.b: what the public was told of, or has heard, is not changed any more. Raises Refused."""
    if row.told_on:
        raise Refused(
            _(
                "The public was told of these very words on %(when)s, so they stand. To change them, "
                "open the words again on the page of the text; then a new notice and a new hearing "
                "are needed."
            )
            % {"when": row.told_on}
        )
