"""Forms about the district's choices within Article VI."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.filtering import tables
from homeroom.filtering.forms.fields import Reason
from homeroom.filtering.models import YouTube

ALTERNATIVES = (
    ("1", _("Alternative 1: no state or federal technology money is sought")),
    ("2", _("Alternative 2: state technology revenue is sought")),
    ("3", _("Alternative 3: E-Rate or other federal money is sought")),
)


class AlternativeForm(forms.Form):
    """VI.note1.c: which alternative is in force."""

    alternative = forms.ChoiceField(label=_("In force"), choices=ALTERNATIVES, widget=forms.RadioSelect)
    reason = Reason(help_text=_("Which money is sought, and when the board decided."))


class AudienceForm(forms.Form):
    """III.2: how search engines and video sites answer an audience."""

    safe_search = forms.BooleanField(label=_("Lock safe search on"), required=False)
    youtube = forms.ChoiceField(
        label=_("YouTube"),
        widget=forms.RadioSelect,
        choices=(
            (YouTube.OFF, _("As it is")),
            (YouTube.MODERATE, _("Moderate: hides most mature videos")),
            (YouTube.STRICT, _("Strict: shows only reviewed videos")),
        ),
    )
    only_named = forms.BooleanField(
        label=_("Open only what a rule names"),
        required=False,
        help_text=_("Everything else is blocked for this audience. Meant for the youngest."),
    )
    reason = Reason()


class EssentialForm(forms.Form):
    """XII.B.3: a name that stays reachable for people without standing."""

    host = forms.CharField(label=_("Name"), max_length=253, help_text=_("For example forms.example.org."))
    reason = Reason()


class ParameterForm(forms.Form):
    """One number or word that the district may set."""

    reason = Reason()

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = tables.parameters()[name]
        if "words" in row:
            field: forms.Field = forms.ChoiceField(label=_("Value"), choices=[(each, each) for each in row["words"]])
        else:
            field = forms.IntegerField(label=_("Value"), min_value=row["least"], max_value=row["most"])
        self.fields = {"value": field, **self.fields}
