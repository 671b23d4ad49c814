"""Forms about addenda, numbers and reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.board.forms.fields import Minutes, Reason
from homeroom.board.models import AddendumKind, Review
from homeroom.board.parameters import Parameter
from homeroom.people.forms.fields import Day

KINDS = (
    (AddendumKind.GUIDELINE, _("Guideline")),
    (AddendumKind.PROCEDURE, _("Procedure")),
    (AddendumKind.FORM, _("Form")),
    (AddendumKind.NOTICE, _("Notice")),
)


class AddendumForm(forms.Form):
    """XVII.A.1: a guideline, procedure or form on file."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    title = forms.CharField(label=_("Title"), max_length=300)
    file = forms.FileField(
        label=_("File"), help_text=_("Its very words are what the board approves; one changed word is a new addendum.")
    )


class ApproveForm(forms.Form):
    """XVII.A.2: the board approved it."""

    approved_on = Day(label=_("Approved on"))
    minutes = Minutes()
    effective_on = Day(label=_("Part of the policy from"))


class EndForm(forms.Form):
    """XVII.A.2: it leaves the policy."""

    last_day = Day(label=_("Last day"))
    reason = Reason()


class ValueForm(forms.Form):
    """XVII.D: a number from a day on."""

    from_day = Day(label=_("From"))
    source = forms.CharField(label=_("Where it is written"), max_length=300, required=False)
    reason = Reason()

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parameter.words:
            field: forms.Field = forms.ChoiceField(label=_("Value"), choices=[(each, each) for each in parameter.words])
        elif isinstance(parameter.values[-1].value, int):
            field = forms.IntegerField(
                label=_("Value"), min_value=parameter.least, max_value=parameter.most, help_text=parameter.unit
            )
        else:
            field = forms.CharField(label=_("Value"), max_length=30)
        self.fields = {"value": field, **self.fields}


class ReviewForm(forms.Form):
    """XVII.D: the review was held."""

    held_on = Day(label=_("Held on"))
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=((Review.Outcome.REAFFIRMED, _("Reaffirmed")), (Review.Outcome.AMENDED, _("Amended"))),
    )
    minutes = Minutes()


class RereadForm(forms.Form):
    """XVII.B: a notice was read again."""

    fits = forms.ChoiceField(
        label=_("After reading"),
        widget=forms.RadioSelect,
        choices=(("yes", _("It still fits")), ("no", _("It must be revised"))),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_fits(self) -> bool:
        """Whether it fits."""
        return bool(self.cleaned_data["fits"] == "yes")


class SourceForm(forms.Form):
    """REF.legal: somebody looked whether a source still says what it did."""

    place = forms.CharField(label=_("Where it can be read"), max_length=300, required=False)
    note = forms.CharField(
        label=_("What changed"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Left empty: it says what it did."),
    )  # fmt: skip
