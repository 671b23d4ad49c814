"""Forms about texts of the policy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.board.forms.fields import Minutes, Reason
from homeroom.people.forms.fields import Day

MOST_BYTES = 20_000_000
ALTERNATIVES = {
    "1": _("Alternative 1: no state or federal technology money is sought"),
    "2": _("Alternative 2: state technology revenue is sought"),
    "3": _("Alternative 3: E-Rate or other federal money is sought"),
}
OPTIONS = {
    "a": _("a: contact details of employees may stand on district pages"),
    "b": _("b: school pages may show personal details within limits"),
    "c": _("c: the ban also covers personal information on social networks"),
}


class ImportForm(forms.Form):
    """524.title-note: a file with a text of the policy."""

    file = forms.FileField(label=_("File"), help_text=_("Text, Markdown, DOCX or PDF. It is kept as a draft."))


class FundingForm(forms.Form):
    """VI.note1.b: which money is sought."""

    erate_access = forms.BooleanField(
        label=_("E-Rate discounts for Internet access or connections inside the buildings"), required=False
    )
    federal_other = forms.BooleanField(
        label=_("Federal money for computers with Internet access, or for getting to the Internet"), required=False
    )
    state_aid = forms.BooleanField(label=_("State technology revenue (access equity aid)"), required=False)
    reason = Reason(required=False, label=_("What to know about it"), help_text=_("Such as the funding year."))


class ChooseForm(forms.Form):
    """VI.note1.c: the one alternative, and the optional paragraphs of V.A.6."""

    alternative = forms.ChoiceField(label=_("Alternative of Article VI"), widget=forms.RadioSelect)
    options = forms.MultipleChoiceField(
        label=_("Optional paragraphs of V.A.6"), required=False, widget=forms.CheckboxSelectMultiple
    )
    adult_monitoring = forms.BooleanField(
        label=_("Under Alternative 3, adults are watched over, too"), required=False,
        help_text=_("The text says so; federal law asks it for minors only."),
    )  # fmt: skip
    reason = Reason(help_text=_("Why, and how it serves the district’s mission."))

    def __init__(self, *args: Any, alternatives: list[str], options: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [each.rpartition("Alt")[2] for each in alternatives]
        if numbers:
            self.fields["alternative"].choices = [(n, ALTERNATIVES.get(n, n)) for n in numbers]  # type: ignore[attr-defined]
        else:
            self.fields["alternative"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if options:
            shown = [(each, OPTIONS.get(each.rpartition(".")[2], each)) for each in options]
            self.fields["options"].choices = shown  # type: ignore[attr-defined]
        else:
            del self.fields["options"]


class NoticeForm(forms.Form):
    """VI.Alt3.note.b: the public was told of the hearing."""

    noticed_on = Day(label=_("Published on"))
    notice_where = forms.CharField(
        label=_("Where"), max_length=300, help_text=_("The notice must name the Internet safety policy itself.")
    )


class HearingForm(forms.Form):
    """VI.Alt3.note.b: the hearing or meeting, its minutes, the vote."""

    hearing_on = Day(label=_("Hearing or meeting on"))
    minutes = Minutes()
    voted_on = Day(label=_("Voted on"), required=False)
    vote = forms.CharField(label=_("Vote"), max_length=100, required=False, help_text=_("Such as: 6 to 1."))


class InForceForm(forms.Form):
    """VI.Alt3.note.b: from which day the text is in force."""

    from_day = Day(label=_("In force from"), help_text=_("The text before it ends the day before."))


class ClauseForm(forms.Form):
    """524.title-note: what a clause says and where it stands."""

    id = forms.CharField(label=_("Place in the outline"), max_length=60, help_text=_("Such as V.A.6.b(1)."))
    title = forms.CharField(label=_("Title"), required=False)
    words = forms.CharField(label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    closing = forms.CharField(label=_("Words below its list"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    optional = forms.BooleanField(label=_("The board may take it up or leave it out"), required=False)


class NewClauseForm(forms.Form):
    """524.title-note: a clause that the reader did not see."""

    id = forms.CharField(label=_("Place in the outline"), max_length=60, help_text=_("Such as V.A.6.b(1)."))
    title = forms.CharField(label=_("Title"), required=False)
    words = forms.CharField(label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
