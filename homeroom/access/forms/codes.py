"""What parents and students type to sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.base import texting
from homeroom.people.models import Person


class AskForm(forms.Form):
    """Where a code goes to."""

    address = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("The address that the school has on file for you."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if texting.offered():
            self.fields["address"].label = _("Your e-mail address or mobile number")
            self.fields["address"].help_text = _("The address or number that the school has on file for you.")


class CodeForm(forms.Form):
    """The digits of a message."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Eight digits."),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        ),
    )


class LetterForm(forms.Form):
    """The code of a letter."""

    code = forms.CharField(
        label=_("The code in your letter"),
        help_text=_("Twelve letters and digits. Spaces do not matter."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class WhoForm(forms.Form):
    """Who of a household sits at the screen."""

    person = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)

    def __init__(self, people: list[Person], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["person"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]


class LettersForm(forms.Form):
    """For whom letters are printed."""

    people = forms.CharField(
        label=_("For whom"),
        help_text=_("Names or ids of parents or students, one on each line."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
