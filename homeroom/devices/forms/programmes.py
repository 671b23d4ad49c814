"""Forms about programmes, suspicions, findings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.devices import titles
from homeroom.devices.forms.access import options
from homeroom.people.forms.fields import Day, OnePerson, Words
from homeroom.people.models import Person

STANDING = ("education", "law", "funding")


class ProgrammeForm(forms.Form):
    """XIV.C.0: a standing way of looking."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("For example: classroom viewing."))
    tool = forms.CharField(label=_("Tool"), max_length=200)
    features = forms.MultipleChoiceField(label=_("What is looked at"), widget=forms.CheckboxSelectMultiple)
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("Purpose"))
    citation = forms.CharField(label=_("Law or funding programme"), max_length=300, required=False)
    why = Words(label=_("What for"))
    scope = Words(label=_("How far it goes"), rows=2)
    who = forms.CharField(label=_("Who looks"), max_length=200)
    retention = forms.CharField(label=_("How long records are kept"), max_length=200, required=False)
    asked_by = forms.ChoiceField(label=_("Who asks for it"), help_text=_("You authorize it, so somebody else asks."))

    def __init__(self, *args: Any, officials: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = titles.grounds()
        for name, choices in (
            ("features", options(titles.features())), ("ground", [(each, grounds[each]) for each in STANDING]),
            ("purpose", options(titles.purposes())), ("asked_by", officials),
        ):  # fmt: skip
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class TellForm(forms.Form):
    """XIV.C.1b: told in advance."""

    from_day = Day(
        label=_("From which day on is looked"), help_text=_("Far enough ahead that the letters arrive first.")
    )
    follow_until = Day(
        label=_("Also tell those who come later, until"), required=False,
        help_text=_("The last day of the school year is usual."),
    )  # fmt: skip


class ReviewForm(forms.Form):
    """The yearly look."""

    keep = forms.ChoiceField(
        label=_("What should happen"), widget=forms.RadioSelect,
        choices=[("yes", _("It stays for another year")), ("no", _("It ends now"))],
    )  # fmt: skip
    words = Words(label=_("What you looked at, and why"))


class SuspicionForm(forms.Form):
    """VIII.C.1: before anybody is searched."""

    rule = forms.CharField(label=_("Clause that was broken"), max_length=40, help_text=_("For example V.A.10.1."))
    facts = Words(label=_("Facts"), help_text=_("What was seen or heard, and when."))
    source = Words(label=_("Where they come from"), rows=2)
    reliability = Words(label=_("How far that is believed, and why"), rows=2)
    expected = Words(label=_("What the search should show"), rows=2)
    scope = Words(label=_("How far the search goes"), rows=2)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"person": OnePerson(among, label=_("Person")), **self.fields}


class FindingForm(forms.Form):
    """What stood behind an act without a ground."""

    words = Words(label=_("What happened, and what was done about it"))


class DiscoveryForm(forms.Form):
    """VIII.B: what routine work brought to light."""

    work = Words(label=_("What work it was"), rows=2)
    found = Words(label=_("What it showed"), help_text=_("No more than needed. Leave out whose it was where you can."))
    handed_to = forms.CharField(label=_("Who has it now"), max_length=200)
    on_device = forms.BooleanField(label=_("It was on a school-issued device"), required=False)
    programme = forms.ChoiceField(label=_("Programme under which it was seen"), required=False)
    access = forms.IntegerField(label=_("Or number of the access"), required=False, min_value=1)

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [("", _("None")), *programmes]  # type: ignore[attr-defined]
