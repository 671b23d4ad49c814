"""One form for each thing that is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.people.forms.fields import Day, Moment, OnePerson, Words
from homeroom.people.models import Person
from homeroom.requests import titles


class AskForm(forms.Form):
    """VIII.D.1: what a parent wants to see."""

    student = forms.ChoiceField(label=_("About whom"), widget=forms.RadioSelect)
    wants = forms.MultipleChoiceField(label=_("What you want to see"), widget=forms.CheckboxSelectMultiple)
    words = Words(
        label=_("Anything that helps us find it"), rows=2, required=False,
        help_text=_("For instance which weeks, or which class. You need not say why you ask."),
    )  # fmt: skip

    def __init__(self, *args: Any, about: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].choices = [(each.pk, each.name) for each in about]  # type: ignore[attr-defined]
        self.fields["wants"].choices = list(titles.wants().items())  # type: ignore[attr-defined]
        if len(about) == 1:
            self.initial.setdefault("student", about[0].pk)


class EnterForm(forms.Form):
    """VIII.D.1: asked on paper, by phone or at the counter."""

    student = OnePerson(label=_("Student"), among=Person.objects.none())
    asked_by = OnePerson(label=_("Who asks"), among=Person.objects.none())
    identity = Words(label=_("How you know who it is"), rows=2, help_text=_("An ID card, a call back, you know them."))
    wants = forms.MultipleChoiceField(label=_("What they want to see"), widget=forms.CheckboxSelectMultiple)
    words = Words(label=_("What they said"), rows=2, required=False)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].among = among  # type: ignore[attr-defined]
        self.fields["asked_by"].among = Person.objects.all()  # type: ignore[attr-defined]
        self.fields["wants"].choices = list(titles.wants().items())  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """Who asks, and with which right."""

    authority = Words(
        label=_("What you looked at"), rows=3,
        help_text=_("The relationship on record, the student’s age, an order and its day."),
    )  # fmt: skip


class PartForm(forms.Form):
    """One thing that was asked for."""

    state = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)
    how = Words(
        label=_("How it was shown, or why not"), rows=3,
        help_text=_("Whoever asked reads this. Say too what about other students was covered."),
    )  # fmt: skip
    citation = forms.CharField(
        label=_("The law that keeps it back"), max_length=200, required=False,
        help_text=_("Only where something is kept back: statute and subdivision."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, title) for name, (title, _tone) in titles.parts().items()]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The answer."""

    answer = Words(label=_("Your answer"), rows=3, help_text=_("Whoever asked reads this."))


class RefuseForm(CloseForm):
    """There is no right to it."""

    citation = forms.CharField(label=_("The law or order"), max_length=200)


class ReviewForm(forms.Form):
    """VIII.E.1: why and how far."""

    person = OnePerson(label=_("Employee"), among=Person.objects.none())
    reason = Words(label=_("Which work makes this look necessary"), rows=2)
    scope = Words(label=_("How far it goes"), rows=2, help_text=_("Which files or mailbox, of which time."))

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].among = among  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """What came of it."""

    result = Words(label=_("What came of it"), rows=2)


class AuthorityForm(forms.Form):
    """VIII.F: what came in."""

    agency = forms.CharField(label=_("Agency"), max_length=200)
    officer = forms.CharField(label=_("Officer"), max_length=200, help_text=_("Name, phone, badge number."))
    reference = forms.CharField(label=_("Their file number"), max_length=200, required=False)
    person = OnePerson(label=_("About whom"), among=Person.objects.none(), required=False)
    wants = Words(label=_("What they ask for"), rows=3)
    basis = forms.ChoiceField(label=_("What it rests on"))
    basis_words = Words(label=_("Number, court and day; the threat; who consented; or the law"), rows=2, required=False)
    received_at = Moment(label=_("When it came"))
    wanted_by = Day(label=_("By which day they need it"), required=False)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].among = among  # type: ignore[attr-defined]
        self.fields["basis"].choices = list(titles.bases().items())  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """VIII.F: what the district did."""

    outcome = forms.ChoiceField(label=_("What the district did"), widget=forms.RadioSelect)
    disclosed = Words(label=_("What was handed over, or why nothing was"), rows=3)
    basis = forms.ChoiceField(label=_("What it rests on"))
    basis_words = Words(label=_("Number, court and day; the threat; who consented; or the law"), rows=2, required=False)
    family = forms.ChoiceField(label=_("The family"), required=False)
    family_words = Words(label=_("When they were told, or what bars it"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done = [(name, title) for name, (title, _tone) in titles.answers().items() if name]
        self.fields["outcome"].choices = done  # type: ignore[attr-defined]
        self.fields["basis"].choices = list(titles.bases().items())  # type: ignore[attr-defined]
        family = [("", "—"), *titles.family().items()]
        self.fields["family"].choices = family  # type: ignore[attr-defined]
