"""Forms of the parents', teachers' and forms' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.agreements import wordings
from homeroom.agreements.models import Term


class Day(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"


class EndForm(forms.Form):
    """VIII.D.2: to end a child's account. No reason is needed."""

    sure = forms.BooleanField(label=_("Yes, end this account today."))
    reason = forms.CharField(
        label=_("Anything the school should know (you need not say)"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class InsteadForm(forms.Form):
    """XII.B.0b: to ask for activities without the Internet."""

    scope = forms.ChoiceField(
        label=_("What it is about"), widget=forms.RadioSelect,
        choices=[("all", _("All use of the Internet")), ("tools", _("Some tools")),
                 ("assignments", _("Some assignments"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Which tools or assignments, and what else the teacher should know"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Needed by"), widget=Day, help_text=_("The day of the lesson it is about."))


class OnPaperForm(InsteadForm):
    """XII.B.0b: what a parent asked for on paper, by telephone or in person."""

    asked_by = forms.ChoiceField(label=_("Who asked"), widget=forms.RadioSelect)
    field_order = ("asked_by",)

    def __init__(self, data: Any, *, parents: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["asked_by"].choices = parents  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """C.3: a parent's answer to a plan."""

    accepted = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect,
        choices=[("yes", _("I accept this plan")), ("no", _("I want something else"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("What should be different"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class PlanForm(forms.Form):
    """C.3: the teacher's plan, or why there is none."""

    plan = forms.CharField(
        label=_("What the student does instead"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Of equal worth, and without any disadvantage for the grade; the parent is told so."),
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("Or why nothing can be offered"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class StartForm(forms.Form):
    """C.3: from which day an accepted plan is in effect."""

    from_day = forms.DateField(label=_("In effect from"), widget=Day)


class VersionForm(forms.Form):
    """XVII.A: the words of a new version of a form."""

    title_en = forms.CharField(label=_("Title in English"), max_length=300)
    body_en = forms.CharField(
        label=_("Words in English"), widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("A line that begins with # is a heading, with - a point. Blank lines part paragraphs."),
    )  # fmt: skip
    term = forms.ChoiceField(
        label=_("How long a signature counts"),
        choices=[(Term.SCHOOL_YEAR, _("One school year")), (Term.UNTIL_LEAVING, _("Until somebody leaves"))],
    )
    material = forms.BooleanField(
        label=_("A material change: everybody signs again"), required=False, initial=True,
    )  # fmt: skip
    changes = forms.CharField(
        label=_("What is new"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in self.others():
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title in %(language)s") % {"language": name}, max_length=300, required=False
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Words in %(language)s") % {"language": name}, required=False,
                widget=forms.Textarea(attrs={"rows": 14, "dir": "auto", "lang": code}),
            )  # fmt: skip

    @staticmethod
    def others() -> list[tuple[str, str]]:
        """The languages beside English, by their own names."""
        return [(code, name) for code, name in wordings.LANGUAGES.items() if code != "en"]

    def languages(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField, bool]]:
        """For the page: each language with its two fields, and whether it is to be shown open."""
        return [
            (code, name, self[f"title_{code}"], self[f"body_{code}"],
             code == "es" or bool(self[f"title_{code}"].value() or self[f"body_{code}"].value()))
            for code, name in self.others()
        ]  # fmt: skip

    def words(self) -> list[tuple[str, str, str]]:
        """What was written: (language, title, words), English first."""
        said = self.cleaned_data
        codes = ["en", *(code for code, _name in self.others())]
        return [(code, said[f"title_{code}"], said[f"body_{code}"]) for code in codes if said[f"title_{code}"]]

    def clean(self) -> dict[str, Any]:
        """A language is given whole or not at all."""
        said = super().clean() or {}
        for code, name in self.others():
            if bool(said.get(f"title_{code}")) != bool(said.get(f"body_{code}")):
                problem = _("Give both title and words in %(language)s, or neither.") % {"language": name}
                self.add_error(f"body_{code}", problem)
        return said
