"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Reason(forms.CharField):
    """Why somebody decided; shown to whoever asks."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        options.setdefault("help_text", _("One or two sentences. Whoever asks why will read them."))
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Minutes(forms.CharField):
    """Where the minutes are."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Minutes"))
        options.setdefault("help_text", _("Where they are, such as: Minutes of 10 November 2026, item 7."))
        super().__init__(max_length=300, **options)


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = Reason()


class MinutesForm(forms.Form):
    """Minutes alone."""

    minutes = Minutes()
