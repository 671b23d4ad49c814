"""Forms of a person's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RestrictForm(forms.Form):
    """IV.2a: suspend up to a day, or cancel."""

    kind = forms.ChoiceField(
        label=_("What is decided"), widget=forms.RadioSelect, initial="suspend",
        choices=[("suspend", _("Suspend for a time")), ("cancel", _("Cancel"))],
    )  # fmt: skip
    last_day = forms.DateField(
        label=_("Last day of the suspension"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The student and the parents may read it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A suspension has an end."""
        said = super().clean() or {}
        if said.get("kind") == "suspend" and not said.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Give the last day of the suspension."))
        return said


class LiftForm(forms.Form):
    """IV.2a: why a restriction ends before its time."""

    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class WordsForm(forms.Form):
    """IV.2a: what is said against a restriction."""

    words = forms.CharField(
        label=_("What is said against it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
