"""Forms about accesses: the request, the emergency, its notice."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.devices import titles
from homeroom.people.forms.fields import Moment, OnePerson, Words
from homeroom.people.models import Person


def key() -> str:
    """Makes sending a form twice one act."""
    return secrets.token_hex(16)


def options(words: dict[str, str], *, empty: Any = None) -> list[tuple[str, Any]]:
    """Words as choices."""
    return [*([("", empty)] if empty else []), *words.items()]


class RequestForm(forms.Form):
    """XIV.C: an access. Fields of a ground count only for that ground."""

    features = forms.MultipleChoiceField(label=_("What is looked at"), widget=forms.CheckboxSelectMultiple)
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("Purpose"))
    why = Words(label=_("What for"), help_text=_("The family will read this."))
    scope = Words(label=_("How far it goes"), rows=2, help_text=_("Which app, which lesson, which files."))
    starts = Moment(label=_("From"), required=False, help_text=_("Leave empty for now."))
    ends = Moment(label=_("Until"))
    looks_from = Moment(
        label=_("Records from"), required=False, help_text=_("Where records are read, such as the filter’s.")
    )
    looks_until = Moment(label=_("Records until"), required=False)
    actor_class = forms.ChoiceField(label=_("Who looks"))
    looker = forms.CharField(label=_("Their name"), max_length=200, required=False, help_text=_("Empty: you."))
    commercial = forms.BooleanField(label=_("It also serves somebody’s business"), required=False)
    warrant_number = forms.CharField(label=_("Number of the warrant"), max_length=100, required=False)
    warrant_file = forms.FileField(label=_("The warrant"), required=False)
    warrant_scope = Words(label=_("What the warrant allows"), rows=2, required=False)
    warrant_expires = Moment(label=_("The warrant holds until"), required=False)
    threat = Words(label=_("The threat to life or safety"), rows=2, required=False)
    citation = forms.CharField(label=_("Law or funding programme"), max_length=300, required=False)
    suspicion = forms.ChoiceField(label=_("Written suspicion"), required=False)
    resource = forms.ChoiceField(label=_("Device or program"), required=False)
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, among: QuerySet[Person], resources: list[tuple[str, str]], suspicions: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        initial = {"key": key(), "actor_class": "employee", **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields = {"student": OnePerson(among, label=_("Student")), **self.fields}
        for name, words in (
            ("features", titles.features()), ("ground", titles.grounds()), ("purpose", titles.purposes()),
            ("actor_class", titles.actors()),
        ):  # fmt: skip
            self.fields[name].choices = options(words)  # type: ignore[attr-defined]
        self.fields["resource"].choices = [("", _("No single device")), *resources]  # type: ignore[attr-defined]
        self.fields["suspicion"].choices = [("", _("None")), *suspicions]  # type: ignore[attr-defined]


class EmergencyForm(forms.Form):
    """XIV.C.4: the few things that are written down in the same minute, on a phone."""

    features = forms.MultipleChoiceField(label=_("What is looked at"), widget=forms.CheckboxSelectMultiple)
    threat = Words(label=_("What is the threat?"), rows=2)
    why = Words(label=_("What do you do, and why does it help?"), rows=2)
    first_access = Moment(label=_("First look at"), required=False, help_text=_("Leave empty for now."))
    actor_class = forms.ChoiceField(label=_("Who looks"))
    looker = forms.CharField(label=_("Their name"), max_length=200, required=False, help_text=_("Empty: you."))
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        initial = {"key": key(), "actor_class": "employee", **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields = {"student": OnePerson(among, label=_("Student")), **self.fields}
        self.fields["features"].choices = options(titles.features())  # type: ignore[attr-defined]
        self.fields["actor_class"].choices = options(titles.actors())  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Approve or refuse."""

    grant = forms.ChoiceField(
        label=_("Answer"), widget=forms.RadioSelect, choices=[("yes", _("Approve")), ("no", _("Refuse"))]
    )
    words = Words(label=_("Why"), rows=2)


class TakeBackForm(forms.Form):
    """Not wanted any more."""

    words = Words(label=_("Why"), rows=2)


class UnsayForm(forms.Form):
    """XIV.D.1: nobody was told."""

    reason = Words(
        label=_("Why it was wrong"),
        rows=2,
        help_text=_(
            "What was written first stays on file with your reason. The clock runs on, late where its time is over."
        ),
    )


class UseForm(forms.Form):
    """Features were reached."""

    features = forms.MultipleChoiceField(label=_("What was looked at"), widget=forms.CheckboxSelectMultiple)
    when = Moment(label=_("When"), required=False, help_text=_("Leave empty for now."))
    seen = Words(label=_("What was seen or done"), rows=2, required=False)

    def __init__(self, *args: Any, features: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = titles.features()
        self.fields["features"].choices = [(each, known[each]) for each in features]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """It is over."""

    result = Words(label=_("What came of it"), rows=2)


class NoticeForm(forms.Form):
    """XIV.D.2: the notice, part by part."""

    recipient = forms.ChoiceField(label=_("Who is told"), widget=forms.RadioSelect)
    recipient_why = Words(
        label=_("Why this person"), rows=2, help_text=_("If a parent may be the danger, tell the student.")
    )
    only_recipient = forms.BooleanField(label=_("Nobody else of the family may see it here"), required=False)
    description = Words(label=_("What was done on the device"))
    features = forms.MultipleChoiceField(label=_("What was looked at"), widget=forms.CheckboxSelectMultiple)
    threat = Words(label=_("What the threat was"), rows=2)
    others = forms.MultipleChoiceField(
        label=_("Other accesses of this event"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, family: list[tuple[str, str]], others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = family  # type: ignore[attr-defined]
        self.fields["features"].choices = options(titles.features())  # type: ignore[attr-defined]
        if others:
            self.fields["others"].choices = others  # type: ignore[attr-defined]
        else:
            del self.fields["others"]


class SendForm(forms.Form):
    """How it reached them."""

    way = forms.ChoiceField(label=_("How it reached them"), widget=forms.RadioSelect)
    proof = Words(
        label=_("What proves it"), rows=2, required=False,
        help_text=_("A receipt, a witness, the time of mailing. By e-mail Homeroom keeps the proof itself."),
    )  # fmt: skip
    when = Moment(
        label=_("When"), required=False, help_text=_("Leave empty for now. An e-mail counts when it has arrived.")
    )

    def __init__(self, *args: Any, by_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = {way: title for way, title in titles.ways().items() if by_email or way != "email"}
        self.fields["way"].choices = options(ways)  # type: ignore[attr-defined]


class DeferForm(forms.Form):
    """XIV.D.3: telling would itself endanger somebody."""

    why = Words(
        label=_("Why telling them now would endanger somebody"), rows=2,
        help_text=_("The clock runs on until another administrator has approved this."),
    )  # fmt: skip


class PutOffAnswerForm(forms.Form):
    """XIV.D.3: the second person's answer."""

    grant = forms.ChoiceField(
        label=_("May this notice wait?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, telling them now would endanger somebody")), ("no", _("No, they are told"))],
    )  # fmt: skip
    words = Words(label=_("Why"), rows=2)


class LookForm(forms.Form):
    """XIV.D.3, XIV.D.4: is telling still a danger?"""

    still = forms.ChoiceField(
        label=_("Would telling them still endanger somebody?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, look again within a day")), ("no", _("No, the danger is over"))],
    )  # fmt: skip
    when = Moment(label=_("The danger was over at"), required=False, help_text=_("Leave empty for now."))
    words = Words(label=_("How you know"), rows=2)
