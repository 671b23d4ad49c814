"""What the board's pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from homeroom.base.errors import Refused
from homeroom.people import queries as people

DIRECTOR, SUPERINTENDENT, CLERK = "technology_director", "superintendent", "board_clerk"
ADMINISTRATOR, OFFICE = "building_administrator", "clerk"
BOARD = (CLERK, SUPERINTENDENT, DIRECTOR)  # who writes down what the board decided
ADMINISTRATION = (*BOARD, ADMINISTRATOR)  # who drafts and hands in (XVII.A)
READERS = (*ADMINISTRATION, OFFICE)
FORM = require_http_methods(["GET", "HEAD", "POST"])


def today() -> date:
    """The district's day."""
    return people.today(timezone.now())


def change(
    request: Any, form: forms.Form, title: str, act: Callable[..., object], back: str, *,
    said: str, hint: str = "", button: str = "", act_on: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Show a form; do the act when it is filled in rightly, and go `back`."""
    if form.is_bound and form.is_valid():
        try:
            act(actor=request.actor, at=timezone.now(), **(act_on or {}), **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(back)
    page = {"form": form, "heading": title, "hint": hint, "button": button, "back": back}
    return render(request, "board/form.html", page)
