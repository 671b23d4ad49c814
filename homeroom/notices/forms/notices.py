"""Forms about notices and letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.notices import titles
from homeroom.notices.forms.fields import Classes, Reason
from homeroom.notices.kinds import KINDS
from homeroom.notices.queries import progress
from homeroom.people.forms.fields import Day
from homeroom.people.models import STAFF, RoleName, School

# The notice of providers is built from their register; the others are opened by what happens to a device.
BY_HAND = ("users", "parents", "letter")


class NoticeForm(forms.Form):
    """What is told to whom."""

    kind = forms.ChoiceField(label=_("What kind of notice"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("For you and your colleagues."))
    schools = forms.MultipleChoiceField(
        label=_("Schools"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None means all.")
    )
    grades = forms.MultipleChoiceField(
        label=_("Grades"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None means all.")
    )
    classes = Classes(
        label=_("Classes"), required=False,
        help_text=_("Names or ids, one a line. None means all. It reaches who is in these classes, or their parents."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Which users"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For notices to users. None means students and everybody who works here."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("By which way"))
    follow_until = Day(
        label=_("Also tell those who come later, until"), required=False,
        help_text=_("Whoever enrolls until that day gets an own notice. The last day of the school year is usual."),
    )  # fmt: skip
    alternatives_form = forms.CharField(
        label=_("Where the form for other activities is"), max_length=500, required=False,
        help_text=_("For notices to parents: a web address, or where it lies on paper."),
    )  # fmt: skip
    policy_url = forms.CharField(
        label=_("Where the policy can be read"), max_length=500, required=False, help_text=_("For notices to parents.")
    )
    subject = forms.CharField(label=_("Subject of the letter"), max_length=200, required=False)
    words = forms.CharField(label=_("Words of the letter"), required=False, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = {RoleName.STUDENT: _("Student"), **{each: RoleName(each).label for each in STAFF}}
        self._choices("kind", [(id, KINDS[id].title) for id in BY_HAND])
        self._choices("schools", list(School.objects.order_by("name").values_list("pk", "name")))
        self._choices("grades", [(each, each) for each in progress.grades(on)])
        self._choices("roles", list(roles.items()))
        self.fields["classes"].on = on  # type: ignore[attr-defined]
        self._choices("channel", list(titles.wishes().items()))

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def who(self) -> dict[str, Any]:
        """The query that finds the recipients."""
        said = self.cleaned_data
        return {name: said[name] for name in ("schools", "grades", "classes", "roles") if said.get(name)}

    def facts(self) -> dict[str, Any]:
        """What fills the places of the words."""
        said = self.cleaned_data
        names = ("alternatives_form", "policy_url", "subject", "words")
        return {name: said[name] for name in names if said.get(name)}


class StopForm(forms.Form):
    """Why nothing further goes out."""

    reason = Reason()


class MailedForm(forms.Form):
    """When a print file was mailed."""

    on = Day(label=_("Mailed on"))


class LetterForm(forms.Form):
    """What an official says about one letter."""

    on = Day(label=_("On which day"), required=False)
    reason = Reason(required=False)


class TextForm(forms.Form):
    """The words of a template in one language: one field for each element."""

    subject = forms.CharField(label=_("Subject line"), max_length=200)

    def __init__(self, *args: Any, blocks: dict[str, tuple[Any, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocks = blocks
        for name, (title, hint, words) in blocks.items():
            self.fields[_field(name)] = forms.CharField(
                label=title, help_text=hint, initial=words, required=False,
                widget=forms.Textarea(attrs={"rows": max(2, len(words) // 70 + 1)}),
            )  # fmt: skip

    def words(self) -> dict[str, str]:
        """The words by element."""
        return {name: self.cleaned_data.get(_field(name), "") for name in self.blocks}

    def bound(self, name: str) -> forms.BoundField:
        """The field of an element."""
        return self[_field(name)]


class NewTextForm(forms.Form):
    """A further language."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, have: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, name) for code, name in titles.languages().items() if code not in have]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


def _field(name: str) -> str:
    return "b_" + name.replace(".", "_")
