"""What the director enters about filter nodes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """A new node."""

    name = forms.CharField(
        label=_("Name of the node"), max_length=63,
        help_text=_("Small letters, digits and hyphens, such as north-1. It says where the machine stands."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is done, for the journal."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Goes into the journal."))
