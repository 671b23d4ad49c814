"""Forms about a contract, one for each thing that is done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.kernel.providers.terms import Outcome
from homeroom.providers.models import Contract, FileKind

OUTCOMES = (
    (Outcome.MEETS.value, _("The contract says so")),
    (Outcome.RESERVATIONS.value, _("It says so, with something to watch")),
    (Outcome.UNCLEAR.value, _("Unclear")), (Outcome.NOT_MET.value, _("It does not say so")),
)  # fmt: skip
KINDS = (
    (FileKind.CONTRACT.value, _("Contract")), (FileKind.AMENDMENT.value, _("Amendment")),
    (FileKind.EXHIBIT.value, _("Exhibit")), (FileKind.TERMS.value, _("Click-through terms")),
    (FileKind.CERTIFICATE.value, _("Certificate of destruction or return")),
    (FileKind.ATTESTATION.value, _("Attestation")),
)  # fmt: skip


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, by the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **more)


def words(label: Any, **more: Any) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **more)


class ContractForm(forms.Form):
    """A new contract."""

    title = forms.CharField(label=_("Title"), max_length=200)
    starts_on = day(_("First day"))
    ends_on = day(_("Last day"), required=False, help_text=_("Empty: until one of the two ends it."))


class FileForm(forms.Form):
    """One more file."""

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, image or text."))


class FindingForm(forms.Form):
    """XIII.E.0: what the contract says about one term."""

    outcome = forms.ChoiceField(label=_("What you found"), choices=OUTCOMES, widget=forms.RadioSelect)
    file = forms.ChoiceField(label=_("In which file"), required=False)
    page = forms.CharField(label=_("Page"), required=False, max_length=40)
    quotation = words(_("The words of the contract"), required=False)
    note = words(_("Note"), required=False)

    def __init__(self, contract: Contract, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(each.pk): each for each in contract.files.all()}  # type: ignore[attr-defined]
        found = [(pk, each.title) for pk, each in self.held.items()]
        self.fields["file"].choices = [("", _("none")), *found]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """The file itself."""
        return self.held.get(self.cleaned_data["file"])


class OverrideForm(forms.Form):
    """A named exception."""

    reason = words(_("Why it is used although terms are missing"))
    until = day(_("Until"))


class ReasonForm(forms.Form):
    """A reason."""

    reason = words(_("Reason"))


class RenewForm(forms.Form):
    """It runs longer."""

    ends_on = day(_("New last day"), required=False, help_text=_("Empty: until one of the two ends it."))


class ExpectForm(forms.Form):
    """A renewal is expected."""

    decided_by = day(_("Decided by"))


class EndForm(forms.Form):
    """It ends before its time."""

    last_day = day(_("Its last day"))
    reason = words(_("Reason"))


class CertifyForm(forms.Form):
    """The data are back or destroyed."""

    file = forms.FileField(label=_("The provider’s certificate"))


class AdvertisingForm(forms.Form):
    """The board's hearing and finding."""

    hearing_on = day(_("Day of the board’s hearing"))
    finding = words(_("The board’s finding"))
    parents_told_on = day(_("Parents told in writing on"), required=False)


class RedactForm(forms.Form):
    """A legal decision to show a file in another form."""

    shown = forms.FileField(label=_("The form that is shown"))
    citation = forms.CharField(label=_("By which law"), max_length=300)
    decided_by = forms.CharField(label=_("Decided by (a lawyer)"), max_length=200)
    reason = words(_("Reason"))


class AnswerForm(forms.Form):
    """XIII.D: how a request to read was answered."""

    answer = words(_("How and when it was shown, or why not"))
    denied = forms.BooleanField(label=_("It is kept back by law"), required=False)
    citation = forms.CharField(label=_("By which law"), required=False, max_length=300)
