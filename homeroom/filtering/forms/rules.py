"""Forms about local rules and corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeroom.base.errors import Refused
from homeroom.filtering import permits, tables, titles, typed
from homeroom.filtering.forms.fields import LastDay, Reason, class_choices, one_class, one_person
from homeroom.filtering.models import Effect, Scope
from homeroom.people import reach
from homeroom.people.forms.fields import Day
from homeroom.people.models import RoleName

ROLES = (
    (RoleName.STUDENT, _("All students")),
    (RoleName.TEACHER, _("All teachers")),
    (RoleName.CLERK, _("All clerks")),
    (RoleName.BUILDING_ADMINISTRATOR, _("All building administrators")),
    (RoleName.TECHNOLOGY_DIRECTOR, _("All technology directors")),
    (RoleName.SUPERINTENDENT, _("All superintendents")),
    (RoleName.BOARD_CLERK, _("All board clerks")),
    (RoleName.EMPLOYEE, _("All other employees")),
    (RoleName.GUARDIAN, _("All parents and guardians")),
)
SCOPES = {
    Scope.EVERYONE: _("Everyone"),
    Scope.SCHOOL: _("One school"),
    Scope.ROLE: _("Everybody with one role"),
    Scope.CLASS: _("One class"),
    Scope.PERSON: _("One person"),
}


class ScopeFields(forms.Form):
    """For whom: a kind, and which one of that kind. After validation `scope` is as actions take it."""

    kind = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect)
    school = forms.ChoiceField(label=_("School"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=ROLES)
    group = forms.ChoiceField(label=_("Class"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=200, help_text=_("A name or an id."))

    def __init__(self, *args: Any, desk: permits.Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        offered = permits.scopes(desk)
        self.kind_field.choices = [(each, SCOPES[Scope(each)]) for each in offered]
        self.fields["kind"].initial = offered[0] if offered else None
        if Scope.SCHOOL in offered:
            self.fields["school"].choices = [(s.pk, s.name) for s in reach.schools(desk.reach, desk.on)]  # type: ignore[attr-defined]
        if Scope.CLASS in offered:
            self._offer_classes()
        for name, scope in (("school", "school"), ("role", "role"), ("group", "class"), ("person", "person")):
            if scope not in offered:
                del self.fields[name]

    @property
    def kind_field(self) -> forms.ChoiceField:
        """The field of the kind."""
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        return field

    def _offer_classes(self) -> None:
        choices = class_choices(self.desk.reach, self.desk.on)
        if choices is None:
            hint = _("An id, or words of its title.")
            self.fields["group"] = forms.CharField(label=_("Class"), required=False, max_length=200, help_text=hint)
        else:
            self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the scope together."""
        said = super().clean() or {}
        kind = said.get("kind")
        field = {"class": "group"}.get(kind or "", kind or "")
        if kind and kind != Scope.EVERYONE and not self.errors:
            try:
                said["scope"] = f"{kind}:{self._id(kind, str(said.get(field) or '').strip())}"
            except forms.ValidationError as error:
                self.add_error(field, error)
        elif kind:
            said["scope"] = kind
        return said

    def _id(self, kind: str, text: str) -> str:
        if not text:
            raise forms.ValidationError(_("Say which one."))
        if kind == Scope.PERSON:
            return str(one_person(text, reach.persons(self.desk.reach, self.desk.on)).pk)
        if kind == Scope.CLASS:
            return str(one_class(text, reach.classes(self.desk.reach, self.desk.on)).pk)
        return text


class RuleForm(ScopeFields):
    """A rule that blocks or allows."""

    effect = forms.ChoiceField(
        label=_("What should happen"),
        widget=forms.RadioSelect,
        choices=((Effect.ALLOW, _("Allow it")), (Effect.BLOCK, _("Block it"))),
        initial=Effect.ALLOW,
    )
    target = forms.CharField(
        label=_("Name or address"),
        max_length=2000,
        help_text=_("For example chess.example.org, or chess.example.org/lessons for that part only."),
    )
    exact = forms.BooleanField(
        label=_("This very name only"), required=False, help_text=_("Names below it, such as www., are left alone.")
    )
    reason = Reason()
    until = LastDay(label=_("Last day"), required=False, help_text=_("Leave empty for no end."))
    review_on = Day(
        label=_("Look at it again on"), required=False, help_text=_("Leave empty for the district's usual time.")
    )

    order = ("effect", "target", "exact", "kind", "school", "role", "group", "person", "reason", "until", "review_on")
    field_order = order

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        if not self.desk.director and not self.desk.administrator:
            self.fields["until"].required = True
            self.fields["until"].help_text = _("A rule for a class ends within the term.")

    def clean_target(self) -> str:
        """A host or URL in its one spelling."""
        try:
            host, path = typed.target(self.cleaned_data["target"])
        except Refused as error:
            raise forms.ValidationError(str(error)) from None
        return host + path

    def clean(self) -> dict[str, Any]:
        """Whether this official may make this rule."""
        said = super().clean()
        if not self.errors:
            why_not = permits.why_not_make(
                self.desk, effect=said["effect"], scope=said["scope"], until=said["until"], at=self.at
            )
            if why_not:
                self.add_error(None, why_not)
        return said


class CorrectionForm(forms.Form):
    """A listing that is wrong."""

    target = RuleForm.base_fields["target"]
    categories = forms.MultipleChoiceField(
        label=_("Listed wrongly as"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    exact = RuleForm.base_fields["exact"]
    reason = Reason(help_text=_("What this site really is, and how you know. Whoever asks why will read it."))
    review_on = RuleForm.base_fields["review_on"]
    list = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, categories: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = categories or tuple(tables.categories())
        self.fields["categories"].choices = [(id, titles.title(id)) for id in offered]  # type: ignore[attr-defined]
        if len(categories) == 1:
            self.fields["categories"].initial = list_of(categories)

    clean_target = RuleForm.clean_target


class EndForm(forms.Form):
    """Why a rule ends."""

    reason = Reason()


class KeepForm(forms.Form):
    """Somebody looked at a rule and keeps it."""

    review_on = Day(label=_("Look at it again on"))
    reason = Reason()


def list_of(values: tuple[str, ...]) -> list[str]:
    """The values, as a widget wants them."""
    return [*values]
