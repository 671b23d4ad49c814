"""What the board's pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone

from homeroom.base import onething
from homeroom.people import queries as people

DIRECTOR, SUPERINTENDENT, CLERK = "technology_director", "superintendent", "board_clerk"
ADMINISTRATOR, OFFICE = "building_administrator", "clerk"
BOARD = (CLERK, SUPERINTENDENT, DIRECTOR)  # who writes down what the board decided
ADMINISTRATION = (*BOARD, ADMINISTRATOR)  # who drafts and hands in (XVII.A)
READERS = (*ADMINISTRATION, OFFICE)


def today() -> date:
    """The district's day."""
    return people.today(timezone.now())


def change(
    request: Any, form: forms.Form, title: str, act: Callable[..., object], back: str, *,
    said: str, hint: str = "", button: str = "", act_on: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Show a form; do the act when it is filled in rightly, and go `back`."""

    def do(given: dict[str, Any]) -> None:
        act(actor=request.actor, at=timezone.now(), **(act_on or {}), **given)

    return one_form(request, form, do, title=title, back=back, said=said, hint=hint, button=button)


def one_form(
    request: Any, form: forms.Form, do: Callable[[dict[str, Any]], object], *, title: str, back: str,
    said: str = "", hint: str = "", button: str = "", beside: str = "",
) -> HttpResponse:  # fmt: skip
    """A page with one form on the plain template; `do` may return the address to go to, else it goes `back`."""
    return onething.work(
        request, form, do, to=lambda result: (result if isinstance(result, str) else back,), done=said, beside=beside,
        page={"title": title, "lede": hint, "button": button, "back": back},
    )  # fmt: skip
