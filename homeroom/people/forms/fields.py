"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeroom.people import reach
from homeroom.people.models import Person

SHOWN = 8


class Words(forms.CharField):
    """A sentence or more."""

    def __init__(self, rows: int = 3, **options: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class Moment(forms.DateTimeField):
    """A moment on the district's clock."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class Day(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class OnePerson(forms.CharField):
    """Somebody by name or id, among those whom the reader's role reaches; its value is the person's id."""

    def __init__(self, among: QuerySet[Person], **options: Any) -> None:
        options.setdefault("help_text", _("A name or an id."))
        super().__init__(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)
        self.among = among

    def clean(self, value: Any) -> str:
        """The id; with several candidates the error names them."""
        text = super().clean(value)
        if not text or self.among.filter(pk=text).exists():
            return text
        found = list(reach.find(self.among, text)[: SHOWN + 1])
        if len(found) == 1:
            return found[0].pk
        if not found:
            raise forms.ValidationError(_("Nobody you work with is called “%(text)s”."), params={"text": text})
        names = ", ".join(f"{each.name} ({each.pk})" for each in found[:SHOWN])
        several = _("“%(text)s” could be %(names)s. Give the id of the one you mean.")
        raise forms.ValidationError(several, params={"text": text, "names": names})
