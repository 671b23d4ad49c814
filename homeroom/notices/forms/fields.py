"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeroom.people.models import STAFF, Person

SHOWN = 6


class Day(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class Reason(forms.CharField):
    """Why somebody decided."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Colleague(forms.CharField):
    """Somebody who works here, by name or id; its value is the person, or None."""

    def clean(self, value: Any) -> Person | None:  # type: ignore[override]
        """The one person who is meant."""
        text = super().clean(value)
        if not text:
            return None
        staff = Person.objects.filter(roles__role__in=STAFF).distinct()
        found = list(staff.filter(pk=text)[:1]) or list(_named(staff, text)[: SHOWN + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            nobody = _("Nobody who works here is called “%(text)s”. Check the spelling, or give the id.")
            raise forms.ValidationError(nobody, params={"text": text})
        names = ", ".join(f"{each.name} ({each.pk})" for each in found[:SHOWN])
        several = _("“%(text)s” could be %(names)s. Give the id of the one you mean.")
        raise forms.ValidationError(several, params={"text": text, "names": names})


def _named(people: Any, text: str) -> Any:
    for word in text.split():
        people = people.filter(
            Q(given_name__istartswith=word) | Q(family_name__istartswith=word) | Q(email__istartswith=word)
        )
    return people
