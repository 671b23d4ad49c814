"""Forms about review requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.filtering import permits
from homeroom.filtering.forms.fields import LastDay, Reason
from homeroom.filtering.forms.rules import ScopeFields
from homeroom.filtering.models import Answer, ReviewRequest


class AnswerForm(ScopeFields):
    """The answer to a review request. `correct` is offered to the director, where a list spoke."""

    answer = forms.ChoiceField(label=_("What should happen"), widget=forms.RadioSelect)
    whole_host = forms.BooleanField(label=_("The whole site, not only this page"), required=False, initial=True)
    until = LastDay(label=_("Last day"), required=False, help_text=_("Leave empty for no end."))
    reason = Reason(help_text=_("Shown to whoever asks why. Write it so that a student understands it."))

    field_order = ("answer", "kind", "school", "role", "group", "person", "whole_host", "until", "reason")

    def __init__(self, *args: Any, request: ReviewRequest, desk: permits.Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self.fields["kind"].required = False
        self.fields["answer"].choices = _answers(request, desk)  # type: ignore[attr-defined]
        if not request.path:
            del self.fields["whole_host"]
        elif request.list.endswith("/urls"):
            self.fields["whole_host"].initial = False  # a list that names pages leaves the rest of the site open

    def clean(self) -> dict[str, Any]:
        """A scope is needed where a rule is made for somebody."""
        said = super().clean()
        if said.get("answer") == Answer.ALLOW and not self.errors and not said.get("scope"):
            self.add_error("kind", _("Say for whom it should open."))
        return said


def _answers(request: ReviewRequest, desk: permits.Desk) -> list[tuple[str, Any]]:
    answers: list[tuple[str, Any]] = [(Answer.KEEP, _("Keep it blocked"))]
    if request.kind != "statutory":
        answers.insert(0, (Answer.ALLOW, _("Open it")))
    if desk.director and request.list:
        answers.insert(-1, (Answer.CORRECT, _("Correct the list: it is wrong about this site")))
    return answers


class WordsForm(forms.Form):
    """What somebody wants to add from the block page."""

    words = forms.CharField(
        label=_("Anything we should know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example what you need the page for. Please leave out names and private things."),
    )


class TellForm(forms.Form):
    """V.C.1: what somebody came upon by accident."""

    site = forms.CharField(
        label=_("Which site was it?"), max_length=500,
        help_text=_("Its name, such as example.org. What stands behind the name is not kept."),
    )  # fmt: skip
    met_at = forms.DateTimeField(
        label=_("When was it?"), required=False, help_text=_("Leave empty for just now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Anything we should know?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CloseForm(forms.Form):
    """V.C.1: what came of it."""

    note = forms.CharField(
        label=_("What you did"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As little as needed. It stays with the report; who told it may need it later."),
    )  # fmt: skip
