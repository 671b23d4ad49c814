"""Fields that several forms share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeroom.people.models import STAFF, Class, Person

SHOWN = 6


class Reason(forms.CharField):
    """Why somebody decided."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Classes(forms.CharField):
    """Classes of a day by name or id, one a line; the value is their ids."""

    on: date | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """Each line is one class; the error names the lines that are none, or several."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found: dict[str, list[tuple[str, str]]] = {line.casefold(): [] for line in lines}
        held = Class.objects.on(self.on) if self.on else Class.objects.all()
        for id, title, school in held.values_list("pk", "title", "school__name") if lines else ():
            for name in {id.casefold(), title.casefold()} & found.keys():
                found[name].append((id, f"{title}, {school} ({id})"))
        wrong = [self._wrong(line, found[line.casefold()]) for line in lines if len(found[line.casefold()]) != 1]
        if wrong:
            raise forms.ValidationError(wrong)
        return [found[line.casefold()][0][0] for line in lines]

    def _wrong(self, line: str, found: list[tuple[str, str]]) -> forms.ValidationError:
        said = {"line": line, "names": "; ".join(name for _id, name in found[:SHOWN])}
        none = _("No class of today is called “%(line)s”. Check the spelling, or give its id.")
        several = _("“%(line)s” could be %(names)s. Give the id of the one you mean.")
        return forms.ValidationError(several if found else none, params=said)


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
