"""What the office fills in about paper, and anybody about a file to verify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.agreements import wordings
from homeroom.agreements.models import FormVersion, Slot

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class VerifyForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label=_("PDF to check"), widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("Choose the PDF first."), "empty": _("This file is empty. Choose another.")},
    )  # fmt: skip


class ScanForm(forms.Form):
    """A scan of one form or of a stack."""

    file = forms.FileField(
        label=_("Scan or photo"), help_text=_("PDF, JPEG or PNG; one form, or a whole stack as one PDF."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
        error_messages={"required": _("Choose the scan first."), "empty": _("This file is empty. Scan it again.")},
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code on the form"), required=False, max_length=20,
        help_text=_("Only where the machine cannot read it, such as 0024B-G031M."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class RecordForm(forms.Form):
    """IX.C.5: what stands on a sheet: for each place whether it is signed, under which name, on which day."""

    language = forms.ChoiceField(label=_("Language of the sheet"))

    def __init__(self, *args: Any, places: Sequence[Slot], version: FormVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        codes = [each.language for each in version.texts.all()]
        self.fields["language"].choices = [(code, wordings.language(code)) for code in codes]  # type: ignore[attr-defined]
        for slot in places:
            who = f"{wordings.part(slot.part)}, {slot.holder.name}"
            self.fields[f"signed_{slot.pk}"] = forms.BooleanField(label=_("Signed by: %s") % who, required=False)
            self.fields[f"name_{slot.pk}"] = forms.CharField(
                label=_("Name as written"), required=False, max_length=200, initial=slot.holder.name
            )
            self.fields[f"on_{slot.pk}"] = forms.DateField(label=_("Date on the sheet"), required=False, widget=DAY)

    def rows(self) -> list[tuple[Slot, Any, Any, Any]]:
        """Each place with its three fields."""
        return [
            (slot, self[f"signed_{slot.pk}"], self[f"name_{slot.pk}"], self[f"on_{slot.pk}"]) for slot in self.places
        ]

    def clean(self) -> dict[str, Any]:
        """A signature that is ticked has a name and a day."""
        said = super().clean() or self.cleaned_data
        for slot in self.places:
            if said.get(f"signed_{slot.pk}"):
                if not str(said.get(f"name_{slot.pk}") or "").strip():
                    self.add_error(f"name_{slot.pk}", _("Type the name as it stands on the sheet."))
                if f"on_{slot.pk}" in said and not said[f"on_{slot.pk}"]:
                    self.add_error(
                        f"on_{slot.pk}", _("Give the day that stands beside the signature, or that it came in.")
                    )
        return said

    def signed(self) -> list[tuple[Slot, str, date]]:
        """What is signed: the place, the name, the day."""
        said = self.cleaned_data
        return [
            (slot, said[f"name_{slot.pk}"], said[f"on_{slot.pk}"]) for slot in self.places if said[f"signed_{slot.pk}"]
        ]


class SheetForm(RecordForm):
    """As RecordForm, of a sheet that nobody scanned."""

    where = forms.CharField(
        label=_("Where is the sheet?"), max_length=200, help_text=_("For instance: binder “Agreements 2026”, under H."),
        error_messages={"required": _("Say where the sheet lies, so that a colleague finds it.")},
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of a sheet that nobody scanned."""

    code = forms.CharField(
        label=_("Code on the form"), max_length=20, help_text=_("At the foot of each page, such as 0024B-G031M."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is not taken."""

    reason = forms.CharField(label=_("What is wrong?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PrintForm(forms.Form):
    """Whose forms to print, and in which language."""

    group = forms.ChoiceField(label=_("Class"))
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, classes: Sequence[tuple[str, str]], languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = list(classes)  # type: ignore[attr-defined]
        choices = [("", _("That of each home")), *((code, wordings.language(code)) for code in languages)]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
