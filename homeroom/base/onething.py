"""A page with one form that does one thing: shown, done, said, led on; what is refused stands in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from homeroom.base.errors import Refused

FORM = require_http_methods(["GET", "HEAD", "POST"])


def work(
    request: Any,
    form: forms.Form,
    do: Callable[[dict[str, Any]], Any],
    *,
    to: Callable[[Any], tuple[Any, ...]],
    page: dict[str, Any],
    template: str = "base/form.html",
    done: str = "",
    beside: str = "",
) -> HttpResponse:
    """Show a form; once it is filled in, do its one thing, say so and lead on.

    A refusal shows in the form: above it, or at the field that it is `beside`.
    """
    if form.is_bound and form.is_valid():
        try:
            result = do(form.cleaned_data)
        except Refused as error:
            form.add_error(beside or None, str(error))
        else:
            if done:
                messages.success(request, done)
            return redirect(*to(result))
    return render(request, template, {"form": form, **page})


def page_of(title: str, back: str, back_title: str, button: str, *args: Any, lede: str = "") -> dict[str, Any]:
    """What such a page says around its form: its title, the way back (a URL's name, `args` with it), its button."""
    return {"title": title, "lede": lede, "back": reverse(back, args=args), "back_title": back_title, "button": button}
