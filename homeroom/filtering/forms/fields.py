"""Fields that several forms share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homeroom.people import reach
from homeroom.people.forms.fields import Day
from homeroom.people.models import Class, Person
from homeroom.people.reach import Reach

MOST_CHOICES = 200  # classes beyond which one is typed instead of chosen
SHOWN = 8


class Reason(forms.CharField):
    """Why somebody decided; shown to whoever asks."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        options.setdefault("help_text", _("One or two sentences. Whoever asks why will read them."))
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class LastDay(Day):
    """The last day that something holds; its value is the instant at which that day is over, in the district."""

    def clean(self, value: Any) -> datetime | None:
        """The end of the day."""
        day = super().clean(value)
        if day is None:
            return None
        return datetime.combine(day, time.max, timezone.get_current_timezone()).replace(microsecond=0)


def one_person(text: str, people: QuerySet[Person]) -> Person:
    """The one person whom somebody means by an id or a name; raises ValidationError with the candidates."""
    found = people.filter(pk=text).first()
    if found:
        return found
    return _only(list(reach.find(people, text)[: SHOWN + 1]), lambda each: f"{each.name} ({each.pk})", text)


def one_class(text: str, classes: QuerySet[Class]) -> Class:
    """The one class somebody means by an id or a part of its title; raises ValidationError with the candidates."""
    found = classes.filter(pk=text).first()
    if found:
        return found
    return _only(
        list(classes.filter(title__icontains=text)[: SHOWN + 1]), lambda each: f"{each.title} ({each.pk})", text
    )


def _only(found: list[Any], said: Callable[[Any], str], text: str) -> Any:
    if len(found) == 1:
        return found[0]
    if not found:
        nothing = _("Nothing of yours is called “%(text)s”. Check the spelling, or give the id.")
        raise forms.ValidationError(nothing, params={"text": text})
    names = ", ".join(said(each) for each in found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
    several = _("“%(text)s” could be %(names)s. Give the id of the one you mean.")
    raise forms.ValidationError(several, params={"text": text, "names": names})


def class_choices(of: Reach, on: Any) -> list[tuple[str, str]] | None:
    """The classes as choices; None where they are too many to choose from."""
    rows = list(reach.classes(of, on)[: MOST_CHOICES + 1])
    if len(rows) > MOST_CHOICES:
        return None
    return [(each.pk, f"{each.title} · {each.school.name}") for each in rows]
