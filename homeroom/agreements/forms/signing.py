"""What somebody fills in to sign, to decline, or to let a child agree who cannot write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NAME = forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words", "spellcheck": "false"})


class SignForm(forms.Form):
    """325L.02: a name typed with the intent to sign; `drawn` are the strokes of a finger, if wished."""

    means = forms.BooleanField(error_messages={"required": _("Tick the box to say that you mean to sign.")})
    name = forms.CharField(
        label=_("Type your full name to sign"), max_length=200, widget=NAME,
        error_messages={"required": _("Type your name. It is your signature.")},
    )  # fmt: skip
    drawn = forms.CharField(required=False, max_length=100_000, widget=forms.HiddenInput)
    text = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, intent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["means"].label = intent


class DeclineForm(forms.Form):
    """IX.C.2: no, with a reason."""

    reason = forms.CharField(
        label=_("Why do you not sign?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A few words are enough. The school then plans other activities. Grades do not change."),
        error_messages={"required": _("Say in a few words why, so that the school knows what to offer instead.")},
    )  # fmt: skip


class AssentForm(forms.Form):
    """IX.C.1: an adult says that a child who cannot write has agreed."""

    HOWS = (
        ("said", _("The child said yes")),
        ("mark", _("The child made a mark or drew something on paper")),
        ("other", _("The child agreed in another way, for instance with a device that speaks")),
    )
    how = forms.ChoiceField(label=_("How did the child agree?"), choices=HOWS, widget=forms.RadioSelect)
    means = forms.BooleanField(
        label=_("I read the words to the child, in a way that fits the age, and saw that the child agreed."),
        error_messages={"required": _("Tick the box to say that you saw it.")},
    )
    text = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ClassForm(forms.Form):
    """IX.C.3: a teacher signs for the students that are ticked; one record for each."""

    means = forms.BooleanField(
        label=_(
            "I have read the words above. I supervise the students ticked here, and I mean to sign for each of them."
        ),
        error_messages={"required": _("Tick the box to say that you mean to sign.")},
    )
    students = forms.MultipleChoiceField(
        label=_("Students"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one student.")},
    )  # fmt: skip
    name = forms.CharField(label=_("Type your full name to sign"), max_length=200, widget=NAME)
    permit = forms.BooleanField(
        label=_("I also give these students permission to use the network for class, under my supervision."),
        required=False, initial=True,
    )  # fmt: skip
    text = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, students: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["students"].choices = students  # type: ignore[attr-defined]
        self.fields["students"].initial = [pk for pk, _name in students]


class KioskForm(forms.Form):
    """IX.C: the office says who stands there and how it knows."""

    HOWS = (
        ("photo", _("I looked at a photo ID")),
        ("known", _("I know this person")),
        ("child", _("The student is in school today and a teacher brought them")),
        ("other", _("Another way")),
    )
    how = forms.ChoiceField(label=_("How do you know who it is?"), choices=HOWS, widget=forms.RadioSelect)
    words = forms.CharField(label=_("In your words"), required=False, max_length=150)

    def said(self) -> str:
        """How it is known, as it is kept."""
        chosen, words = self.cleaned_data["how"], self.cleaned_data["words"].strip()
        title = "" if chosen == "other" else str(dict(self.HOWS)[chosen])
        return ": ".join(each for each in (title, words) if each)


class KioskCodeForm(forms.Form):
    """The code that the office gave."""

    code = forms.CharField(
        label=_("Code from the office"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
