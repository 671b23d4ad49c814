"""Forms about lists, categories and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.filtering import fetching, tables, titles
from homeroom.filtering.forms.fields import Reason
from homeroom.people.forms.fields import Day

FORMATS = (
    ("hosts", _("hosts file")),
    ("domains", _("one name per line")),
    ("wildcards", _("names with *.")),
    ("adblock", _("adblock/DNS syntax")),
    ("rpz", _("RPZ zone")),
    ("dnsmasq", _("dnsmasq settings")),
    ("ut1", _("UT1 archive of many categories")),
)


class SourceForm(forms.Form):
    """A new list."""

    name = forms.SlugField(label=_("Short name"), max_length=60, help_text=_("Letters, digits and hyphens."))
    location = forms.CharField(label=_("Where it is"), max_length=1000, help_text=_("An https address."))
    format = forms.ChoiceField(label=_("How it is written"), choices=FORMATS)
    category = forms.ChoiceField(label=_("What it lists"), required=False)
    licence = forms.CharField(label=_("License"), required=False, max_length=200)
    homepage = forms.URLField(label=_("Its home page"), required=False, max_length=500, assume_scheme="https")
    every_hours = forms.IntegerField(label=_("Look for news every (hours)"), min_value=1, max_value=8760, initial=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(id, titles.title(id)) for id in tables.categories()]
        self.fields["category"].choices = [("", _("An archive brings its own categories")), *found]  # type: ignore[attr-defined]

    def clean_location(self) -> str:
        """Only https to the Internet: unread lines are shown, so a file or an inside address would be shown with them.

        Whoever may read the machine's files adds those with “homeroom lists add”.
        """
        location: str = self.cleaned_data["location"]
        if not fetching.is_public_https(location):
            raise forms.ValidationError(
                _("Give an address on the Internet that begins with https://. Files are added on the command line.")
            )
        return location


class ChoiceForm(forms.Form):
    """What the district chooses for one category and audience."""

    blocked = forms.TypedChoiceField(
        label=_("For this audience"),
        widget=forms.RadioSelect,
        choices=(("yes", _("Blocked")), ("no", _("Open"))),
        coerce=lambda value: value == "yes",
    )
    reason = Reason()
    review_on = Day(label=_("Look at it again on"), required=False)


class ReasonForm(forms.Form):
    """A reason, where that is all there is to say."""

    reason = Reason()


class WhyForm(forms.Form):
    """A question about a name or URL; everything comes by GET, so that it can be shared."""

    target = forms.CharField(label=_("Name or address"), max_length=2000)
    person = forms.CharField(
        label=_("For whom"), required=False, max_length=200, help_text=_("A name or an id. Empty: nobody we know.")
    )
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )
    bundle = forms.CharField(
        label=_("By the bundle"), required=False, max_length=100, help_text=_("Empty: the one in force at that time.")
    )

    def instant(self, now: datetime) -> datetime:
        """The moment that is asked about."""
        return self.cleaned_data.get("at") or now
