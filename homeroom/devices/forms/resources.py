"""Forms about resources and loans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.people.forms.fields import Day, Moment, OnePerson, Words
from homeroom.people.models import Person, School


class ResourceForm(forms.Form):
    """One device or program."""

    kind = forms.ChoiceField(
        label=_("Kind"), widget=forms.RadioSelect,
        choices=[("hardware", _("A device")), ("software", _("A program or an account of one student"))],
    )  # fmt: skip
    title = forms.CharField(label=_("Model or product"), max_length=200)
    tag = forms.CharField(label=_("Asset tag"), max_length=100, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=100, required=False)
    school = forms.ChoiceField(label=_("School"), required=False)

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", _("The whole district"))]
        self.fields["school"].choices = [*none, *((each.pk, each.name) for each in schools)]  # type: ignore[attr-defined]

    def clean_school(self) -> str | None:
        """None for the whole district."""
        return self.cleaned_data["school"] or None


class LendForm(forms.Form):
    """To whom."""

    due_on = Day(label=_("Back by"), required=False)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"person": OnePerson(among, label=_("Student")), **self.fields}


class BackForm(forms.Form):
    """It came back."""

    condition = Words(label=_("In which condition"), rows=2, required=False)


class LossForm(forms.Form):
    """It is missing."""

    circumstances = Words(label=_("When and where it was last seen"))
    missing_since = Moment(label=_("Missing since"))
    told_by = forms.CharField(label=_("Who told us"), max_length=200, required=False)
    stolen = forms.BooleanField(label=_("It may have been stolen"), required=False)
    police_report = forms.CharField(label=_("Number of the police report"), max_length=100, required=False)


class FoundForm(forms.Form):
    """It is found."""

    how = Words(label=_("Where and how it was found"), rows=2)


class RetireForm(forms.Form):
    """It is given out no more."""

    why = Words(label=_("Reason"), rows=2)


class UseAgainForm(forms.Form):
    """It is given out again."""

    why = Words(label=_("Reason"), rows=2)


class PaperForm(forms.Form):
    """The words were signed on paper."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Who signed"), max_length=200)
    proof = Words(label=_("Where the signed paper lies"), rows=2)


class LoanWordsForm(forms.Form):
    """The words that whoever takes a resource accepts."""

    text = Words(
        label=_("Words to accept"), rows=12,
        help_text=_("What the person takes on, and who may look into the device and when. Plain words."),
    )  # fmt: skip


class FileForm(forms.Form):
    """A file of a console."""

    file = forms.FileField(label=_("File"))
    load = forms.BooleanField(
        label=_("Take it in"), required=False, help_text=_("Leave open to see first what it would change.")
    )
