"""What the director enters about identity at the network."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.access.models import Audience
from homeroom.people.models import School

AUDIENCES = (
    (Audience.STUDENT.value, _("Students")),
    (Audience.ADULT.value, _("Staff")),
    (Audience.UNKNOWN.value, _("Nobody known")),
)


class RangeForm(forms.Form):
    """One address or range."""

    cidr = forms.CharField(
        label=_("Address or range"), help_text=_("Such as 10.1.2.0/24 or fd00:1::/64."), max_length=50
    )
    place = forms.CharField(label=_("Room or building"), max_length=200, required=False)
    school = forms.ModelChoiceField(School.objects.none(), label=_("School"), required=False)
    audience = forms.ChoiceField(
        label=_("Who asks from there"), choices=AUDIENCES, initial="student", widget=forms.RadioSelect,
        help_text=_("Whoever is not known otherwise gets this profile."),
    )  # fmt: skip
    nat = forms.BooleanField(
        label=_("Many machines share one address here (a router, NAT)"), required=False,
        help_text=_("Then nobody signs in by the address, since nobody could tell who is behind it."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["school"].queryset = School.objects.order_by("name")  # type: ignore[attr-defined]


class RangesFileForm(forms.Form):
    """Many ranges in a file."""

    file = forms.FileField(
        label=_("CSV file"), help_text=_("With the columns cidr, place, school, audience, person, nat. All or nothing.")
    )


class TokenForm(forms.Form):
    """A token for one device of somebody."""

    person = forms.CharField(label=_("For whom"), help_text=_("A name or an id."), max_length=200)
    label = forms.CharField(label=_("Which device"), max_length=200, required=False)


class LoginForm(forms.Form):
    """A name and password for the proxy."""

    person = forms.CharField(label=_("For whom"), help_text=_("A name or an id."), max_length=200)
    name = forms.CharField(
        label=_("Name at the proxy"), help_text=_("What the person types where a device asks for it."), max_length=150
    )
    password = forms.CharField(
        label=_("Password"), help_text=_("Left empty, a new one is made and shown once."), max_length=100,
        required=False, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class RadiusForm(forms.Form):
    """A switch that may tell."""

    name = forms.CharField(label=_("Name"), max_length=100)
    cidr = forms.CharField(label=_("Address or range"), help_text=_("Where its records come from."), max_length=50)
    secret = forms.CharField(
        label=_("Shared secret"), help_text=_("Left empty, a new one is made and shown once."), max_length=100,
        required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
