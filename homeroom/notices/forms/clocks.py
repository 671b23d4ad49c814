"""Forms about clocks and the calendar of closings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.notices import titles
from homeroom.notices.forms.fields import Colleague, Reason
from homeroom.people.forms.fields import Day
from homeroom.people.models import School


class ActForm(forms.Form):
    """One act on a clock; what is needed depends on the act."""

    reason = Reason(label=_("What was done, or why"), help_text=_("Whoever looks at this clock later reads it."))


class HandForm(forms.Form):
    """Who answers for a clock."""

    owner = Colleague(label=_("Who answers for it"), max_length=100)
    escalate_to = Colleague(
        label=_("Who hears of it when it is late"), max_length=100, required=False,
        help_text=_("A name or an id. Usually the superintendent."),
    )  # fmt: skip


class ClosingForm(forms.Form):
    """One day, or several in a row, that count otherwise."""

    first = Day(label=_("First day"))
    last = Day(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    kind = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Name"), max_length=200, help_text=_("For example: Winter break."))
    school = forms.ChoiceField(label=_("School"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(titles.closings().items())  # type: ignore[attr-defined]
        self.fields["kind"].initial = "no_school"
        schools = [("", _("The whole district")), *School.objects.order_by("name").values_list("pk", "name")]
        self.fields["school"].choices = schools  # type: ignore[attr-defined]
