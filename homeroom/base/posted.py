"""What a button sends along: a few words or a day, where a form class would be too much."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused


def words(request: Any, name: str, longest: int = 2000) -> str:
    """What somebody wrote. Raises Refused where it is no text, or too much of it."""
    typed = request.POST.get(name, "").replace("\r\n", "\n")  # browsers count a line's end as one character
    try:
        return str(forms.CharField(required=False, max_length=longest).clean(typed))
    except ValidationError:
        raise Refused(_("Write plain text, with at most %d characters.") % longest) from None


def day(request: Any, name: str) -> date | None:
    """The day that somebody wrote; None where the field is empty. Raises Refused for what is no day.

    What cannot be read must not count as today: a clock could stop by it.
    """
    try:
        return forms.DateField(required=False).clean(request.POST.get(name))
    except ValidationError:
        raise Refused(_("“%s” is not a day. Write it such as 2026-11-06.") % request.POST[name][:40]) from None
