"""What the pages of filtering share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from homeroom.filtering import permits

DIRECTOR = "technology_director"
ADMINISTRATOR = "building_administrator"
TEACHER = "teacher"


def desk(request: Any) -> permits.Desk:
    """The field of work of whoever asks, now."""
    return permits.desk(request.actor, timezone.now())


def refuse(form: forms.Form, error: Exception, field: str | None = None) -> None:
    """Show an action's refusal where the form is."""
    form.add_error(field, str(error))
