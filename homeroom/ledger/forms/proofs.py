"""Forms by which people write down what they did: one for each kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.ledger import proofs
from homeroom.ledger.models import Proof
from homeroom.people.forms.fields import Day
from homeroom.people.models import Class, School

GRADES = ("PK", "K", *map(str, range(1, 13)))
LARGEST = 25_000_000


class Paper(forms.FileField):
    """The paper itself, kept under its hash."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        help_text = _("PDF, picture or text, up to 25 MB. It goes into the binder.")
        super().__init__(label=label or _("File"), required=False, help_text=help_text, **options)


def _words(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=4000, widget=widget, help_text=hint)


class ProofForm(forms.Form):
    """What all kinds share."""

    kind = ""
    title = forms.CharField(label=_("What it was"), max_length=200)
    day = Day(label=_("Day"))

    def __init__(self, *args: Any, classes: Any = None, schools: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)

    def said(self) -> dict[str, Any]:
        """What is written down."""
        given = dict(self.cleaned_data)
        file = given.pop("file", None)
        given["file"], given["file_name"] = (file.read(LARGEST + 1), file.name) if file else (b"", "")
        return {"kind": self.kind, **given}


class LessonForm(ProofForm):
    """VI.Alt3.E, II.2, II.3: a lesson, a class or whole grades, and what it was about."""

    kind = Proof.Kind.LESSON
    topics = forms.MultipleChoiceField(
        label=_("What it was about"), choices=list(proofs.TOPICS.items()), widget=forms.CheckboxSelectMultiple
    )
    group = forms.ModelChoiceField(label=_("Class"), queryset=Class.objects.none(), required=False)
    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), required=False)
    grades = forms.MultipleChoiceField(
        label=_("Grades"), choices=[(each, each) for each in GRADES], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Where it was not one class. None ticked: all grades."),
    )  # fmt: skip
    words = _words(_("Plan or material"), _("What was done with the students; name no student."))
    file = Paper(_("Lesson plan or material"))
    names_students = forms.BooleanField(
        label=_("The file names students"), required=False,
        help_text=_("Then copies that leave the house go without it."),
    )  # fmt: skip

    def __init__(self, *args: Any, classes: Any = None, schools: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].queryset = classes  # type: ignore[attr-defined]
        if schools is None:
            self.fields["group"].required = True
            del self.fields["school"], self.fields["grades"]
        else:
            self.fields["school"].queryset = schools  # type: ignore[attr-defined]
            self.fields["group"].help_text = _("Its list of students of that day is the list of those taught.")


class FormForm(ProofForm):
    """C.21: Form 486 or 479 was certified."""

    title = forms.CharField(label=_("Who certified it"), max_length=200)
    day = Day(label=_("Certified on"))
    number = forms.CharField(label=_("Application number"), max_length=100)
    words = _words(
        _("What the district is undertaking"), _("Only where the check of the ten elements misses something.")
    )
    file = Paper(_("The certified form"))


class Form486(FormForm):
    """K17: Form 486, with the day from which its time runs."""

    kind = Proof.Kind.FORM_486
    since = Day(label=_("Service began, or the funding letter came"), help_text=_("The later of the two."))
    field_order = ("title", "day", "since", "number", "words", "file")


class Form479(FormForm):
    """K18: Form 479 for the leader of a consortium."""

    kind = Proof.Kind.FORM_479


class EquipmentForm(ProofForm):
    """K20: equipment bought with discounts, and where it stands."""

    kind = Proof.Kind.EQUIPMENT
    title = forms.CharField(label=_("What it is"), max_length=200)
    day = Day(label=_("Bought on"))
    number = forms.CharField(label=_("Serial number or tag"), max_length=100)
    place = forms.CharField(label=_("Where it stands"), max_length=200, help_text=_("School and room."))
    until = Day(label=_("Given away or scrapped on"), required=False)
    words = _words(_("Funding request, price, whatever else an auditor asks"))
    file = Paper(_("Invoice"))


class OpeningForm(ProofForm):
    """VI.Alt3.D: the filter was opened for an adult by other means than Homeroom's rules."""

    kind = Proof.Kind.OPENING
    title = forms.CharField(label=_("For what research or other lawful purpose"), max_length=200)
    until = Day(label=_("Until"), required=False)
    words = _words(_("Who opened it for whom, and how"), _("For adults only, never for a student."), required=True)


class MeansForm(ProofForm):
    """VI.Alt1.note2.b: supervision, and other means beside or instead of a filter."""

    kind = Proof.Kind.MEANS
    title = forms.CharField(label=_("Which means"), max_length=200)
    day = Day(label=_("From"))
    until = Day(label=_("Until"), required=False)
    words = _words(_("Who watches, where, when; or what else keeps the material away"), required=True)
    file = Paper(_("Plan or schedule"))


class PaperForm(ProofForm):
    """VI.Alt3.note.b: a paper of the meeting, or a bill."""

    kind = Proof.Kind.PAPER
    words = _words(_("Note"))
    file = Paper()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = True


FORMS: dict[str, type[ProofForm]] = {
    str(each.kind): each
    for each in (LessonForm, PaperForm, MeansForm, OpeningForm, Form486, Form479, EquipmentForm)
}  # fmt: skip
