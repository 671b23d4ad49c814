"""Forms by which a roster comes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.kernel.roster import formats, names
from homeroom.kernel.roster.plain import LAYOUT
from homeroom.people.models import RosterConnection
from homeroom.people.roster_runs import Upload

_TITLES = {
    "id": _("Id"), "givenName": _("First name"), "familyName": _("Last name"), "preferredName": _("Preferred name"),
    "email": _("E-mail"), "phone": _("Phone"), "username": _("User name"), "birthDate": _("Birth date"),
    "homeLanguage": _("Home language"), "role": _("Role"), "grade": _("Grade"), "school": _("School"),
    "class": _("Class id"), "className": _("Class name"), "teacher": _("Teacher’s id"),
    "guardianId": _("Guardian’s id"), "guardianName": _("Guardian’s name"), "guardianEmail": _("Guardian’s e-mail"),
    "guardianPhone": _("Guardian’s phone"), "relationship": _("Relationship"), "beginDate": _("First day"),
    "endDate": _("Last day"),
}  # fmt: skip


class Many(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """One or several files, as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=Many(attrs={"accept": ".csv,.txt,.zip"}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself."""
        single = super().clean
        return [single(each, initial) for each in data] if isinstance(data, (list, tuple)) else [single(data, initial)]


class UploadForm(forms.Form):
    """Files to look at."""

    files = Files(
        label=_("Files"), help_text=_("One zip, or all CSV files of the export. Passwords in them are never read.")
    )
    format = forms.ChoiceField(label=_("How they are written"), required=False)
    delta = forms.BooleanField(
        label=_("They hold only what changed"), required=False, help_text=_("Then nobody is missing from them.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.name, each.title) for each in formats.FORMATS.values()]
        self.fields["format"].choices = [("", _("Find out")), *known]  # type: ignore[attr-defined]

    def uploads(self) -> Iterable[Upload]:
        """The files as an action takes them."""
        return [Upload(each.name, each.chunks()) for each in self.cleaned_data["files"]]


class ColumnsForm(forms.Form):
    """Which column of a file of a district's own making means what."""

    def __init__(self, header: Sequence[str], mapped: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        choices = [("", _("not in the file")), *((each, each) for each in header)]
        now = {ours: written for written, ours in mapped.items()} or _found(header)
        for name in LAYOUT.columns:
            self.fields[f"column-{name}"] = forms.ChoiceField(
                label=_TITLES.get(name, name),
                choices=choices,
                required=name in LAYOUT.needed,
                initial=now.get(name, ""),
            )

    def clean(self) -> dict[str, Any]:
        """Each column means one thing."""
        said = super().clean() or {}
        used = [written for written in said.values() if written]
        twice = next((each for each in used if used.count(each) > 1), None)
        if twice:
            raise forms.ValidationError(
                _("“%(column)s” is chosen twice. One column means one thing."), params={"column": twice}
            )
        return said

    def mapped(self) -> dict[str, str]:
        """What each written column means."""
        return {written: name.removeprefix("column-") for name, written in self.cleaned_data.items() if written}


def _found(header: Sequence[str]) -> dict[str, str]:
    surely, perhaps = names.match(list(header), dict(LAYOUT.columns))
    return {ours: header[place] for place, ours in {**perhaps, **surely}.items()}


class ConfirmForm(forms.Form):
    """What somebody says before a roster is taken in."""

    accept_guesses = forms.BooleanField(label=_("The guessed names are right"), required=False)
    remove_anyway = forms.BooleanField(label=_("So many students do leave"), required=False)


class ConnectionForm(forms.Form):
    """A student information system that speaks OneRoster."""

    name = forms.SlugField(label=_("Short name"), max_length=60, help_text=_("Letters, digits and hyphens."))
    version = forms.ChoiceField(label=_("Version"), choices=RosterConnection.Version.choices)
    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https",
        help_text=_("Up to the part before /ims/oneroster, such as https://sis.example.org."),
    )  # fmt: skip
    token_url = forms.URLField(label=_("Address of the token"), max_length=500, assume_scheme="https")
    client_id = forms.CharField(label=_("Client id"), max_length=300)
    secret = forms.CharField(
        label=_("Client secret"), max_length=1000, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    every_hours = forms.IntegerField(
        label=_("Fetch every (hours)"), min_value=0, max_value=720, initial=24, help_text=_("0: only when asked.")
    )
