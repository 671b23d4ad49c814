"""Forms about a provider: who it is, what it does, what went wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.providers import titles
from homeroom.providers.models import Provider

USES = (
    ("curriculum", _("Curriculum: teaching and learning")), ("testing", _("Testing")),
    ("assessment", _("Assessment")), ("other", _("Something else")),
)  # fmt: skip


class AddForm(forms.Form):
    """A new provider."""

    name = forms.CharField(label=_("Company or organization"), max_length=200)
    product = forms.CharField(label=_("Product"), required=False, max_length=200)
    website = forms.URLField(label=_("Web page"), required=False, max_length=500, assume_scheme="https")
    domains = forms.CharField(
        label=_("Host names"), required=False, max_length=2000, help_text=_("Such as app.example.com, with commas.")
    )
    purpose = forms.CharField(label=_("What it is for"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_domains(self) -> list[str]:
        """As a list."""
        return [each for each in self.cleaned_data["domains"].replace(",", " ").split() if each]


class ClassifyForm(forms.Form):
    """XIII.A.1, XIII.A.2: the questions that say whether it is a provider."""

    gives_device = forms.BooleanField(
        label=_("A student gets hardware, an account or software for their own use"), required=False,
        help_text=_("An account counts as much as a laptop."),
    )  # fmt: skip
    holds_data = forms.BooleanField(label=_("It creates, receives or keeps data about students"), required=False)
    used_for = forms.MultipleChoiceField(label=_("Used for"), choices=USES, widget=forms.CheckboxSelectMultiple)
    data = forms.MultipleChoiceField(
        label=_("Kinds of data"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    under_13 = forms.BooleanField(label=_("Children under 13 use it"), required=False)
    advertising = forms.BooleanField(label=_("Students are shown advertising"), required=False)
    exemption = forms.CharField(label=_("Exempt, as"), required=False, max_length=200)
    citation = forms.CharField(label=_("By which law"), required=False, max_length=300)
    subprocessors = forms.CharField(
        label=_("Who else works on the data"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    incident_contact = forms.CharField(label=_("Whom to call after an incident"), required=False, max_length=300)
    rationale = forms.CharField(label=_("Why so"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data"].choices = list(titles.elements().items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, provider: Provider, posted: Any = None) -> ClassifyForm:
        """The form with what was answered before."""
        return cls(posted, initial={name: getattr(provider, name) for name in cls.base_fields})


class BreachForm(forms.Form):
    """A provider lost data."""

    what = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    discovered_at = forms.DateTimeField(
        label=_("Discovered"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )  # fmt: skip
    told_at = forms.DateTimeField(
        label=_("The provider told us"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    students = forms.IntegerField(label=_("How many students"), required=False, min_value=0)


class LoadForm(forms.Form):
    """A register as a CSV file."""

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv"}))


class NoticeForm(forms.Form):
    """XIII.C.3a, XIII.C.3b: what the yearly notice says beside the providers."""

    first_day = forms.DateField(
        label=_("First student day of the school year"), help_text=_("Thirty days run from it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"],
    )  # fmt: skip
    contact = forms.CharField(label=_("Department to ask"), max_length=300, help_text=_("With phone or e-mail."))
    inspection = forms.CharField(
        label=_("How contracts can be read"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
