"""Forms of the office: what the district chose, who may end an account, permissions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.agreements.forms.pages import Day
from homeroom.agreements.models.choices import LONGEST_GRACE, Choice

HOW_MANY = {"guardians": [("one", _("One is enough")), ("all", _("All of them"))]}
CHOSEN = ("guardians", "teachers", "grown_alone", "grace_days", "renewal_days", "year_begins")


class ChoiceForm(forms.Form):
    """T13, D.7: how agreements are handled from a day on."""

    from_day = forms.DateField(label=_("From which day on"), widget=Day)
    guardians = forms.ChoiceField(
        label=_("Which parents or guardians sign"), widget=forms.RadioSelect, choices=HOW_MANY["guardians"],
        help_text=_("Where a court order is on record, all of them sign in any case."),
    )  # fmt: skip
    teachers = forms.ChoiceField(
        label=_("Which supervising teachers sign"), widget=forms.RadioSelect, choices=HOW_MANY["guardians"]
    )
    grown_alone = forms.BooleanField(label=_("Students of age sign without their parents"), required=False)
    grace_days = forms.IntegerField(
        label=_("Days the network stays open after a change of teacher"), min_value=0, max_value=LONGEST_GRACE,
        help_text=_("0 closes it at once. More than 0 needs a decision of the board."),
    )  # fmt: skip
    renewal_days = forms.IntegerField(
        label=_("Days before the end of a term on which renewal opens"), min_value=1, max_value=180
    )
    year_begins = forms.CharField(
        label=_("First day of a school year’s agreements"), max_length=5,
        help_text=_("Month and day, such as 07-01 for July 1."),
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Where the board decided it"), max_length=300, required=False,
        help_text=_("Such as the minutes and the item."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, *, now: Choice, today: date) -> None:
        super().__init__(data, initial={"from_day": today, **{name: getattr(now, name) for name in CHOSEN}})
        self.today = today

    def clean_from_day(self) -> Any:
        """What was in force on days that are over stays as it was."""
        day = self.cleaned_data["from_day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a day to come."))
        return day


class AuthorityForm(forms.Form):
    """VIII.D.2: whether the order lets this parent end the account."""

    may = forms.ChoiceField(
        label=_("What the order says"), widget=forms.RadioSelect,
        choices=[("yes", _("This person may end the account")), ("no", _("This person may not"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("What shows it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as the order and its date. Whoever asked may read it."),
    )  # fmt: skip


class OverruleForm(forms.Form):
    """VIII.D.2: the school opens an account against a parent's word."""

    reason = forms.CharField(
        label=_("Why it opens again"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as the order and its date. The parents who ended it read this."),
    )  # fmt: skip


class AskedForm(forms.Form):
    """VIII.D.2: a parent called, wrote or came in."""

    parent = forms.ChoiceField(label=_("Who asked"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How they asked, and what they said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, parents: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["parent"].choices = parents  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """IX.B.1: why a permission is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The student and the parents may read it."),
    )  # fmt: skip


class OverForm(forms.Form):
    """C.3: why other activities end."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
