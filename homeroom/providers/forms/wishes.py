"""Forms for what families ask on paper, by phone or at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.people.forms.fields import OnePerson, Words
from homeroom.people.models import Person
from homeroom.providers.models import Contract


class AskedForm(forms.Form):
    """XIII.D: who asks to read which contract."""

    contract = forms.ChoiceField(label=_("Contract"))
    wish = Words(label=_("What they said"), rows=2, required=False)

    def __init__(self, *args: Any, among: QuerySet[Person], contracts: QuerySet[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(each.pk): each for each in contracts}
        self.fields = {"person": OnePerson(among, label=_("Who asks")), **self.fields}
        self.fields["contract"].choices = [(pk, str(each.provider)) for pk, each in self.held.items()]  # type: ignore[attr-defined]

    def clean_contract(self) -> Contract:
        """The contract itself."""
        return self.held[self.cleaned_data["contract"]]


class AdvertisingWishForm(forms.Form):
    """Minn. Stat. 125B.022: a parent's word, and how it came."""

    wish = forms.ChoiceField(
        label=_("What the parent wants"), widget=forms.RadioSelect,
        choices=[("none", _("This child is shown no advertising")), ("back", _("Take that back"))],
    )  # fmt: skip
    heard = Words(label=_("Who said so, and how"), rows=2)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"student": OnePerson(among, label=_("Student")), **self.fields}
