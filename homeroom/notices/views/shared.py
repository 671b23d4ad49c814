"""What the pages of notices share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import NoReverseMatch, resolve, reverse

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.needs import need_of
from homeroom.people import reach

DIRECTOR = "technology_director"
SUPERINTENDENT = "superintendent"
ADMINISTRATOR = "building_administrator"
CLERK = "clerk"
DECIDE = (DIRECTOR, SUPERINTENDENT)
OFFICE = (DIRECTOR, SUPERINTENDENT, ADMINISTRATOR, CLERK)


# What a clock is about, and the page on which that is done. Apps above this one are known here by their URLs alone.
PLACES = {
    "device-access": "devices:case", "notice": "notices:notice", "letter": "notices:letter",
    "provider-notice": "providers:plan", "inspection": "providers:inspection", "breach": "providers:breach-close",
    "contract": "providers:contract", "data-request": "requests:case",
}  # fmt: skip


def place(about: str, actor: Actor) -> str:
    """The page on which the thing of a clock is done; "" where there is none, or it does not open for somebody."""
    kind, _, key = about.partition(":")
    if kind not in PLACES:
        return ""
    try:
        url = reverse(PLACES[kind], args=[] if kind == "provider-notice" else [key])
    except NoReverseMatch:
        return ""
    need = need_of(resolve(url).func)
    return url if need and actor.holds(*(need.roles or actor.roles)) else ""


def may_print(actor: Actor, on: date) -> bool:
    """A print file holds everybody's address, so it is for those whose role reaches everybody."""
    return actor.holds(*DECIDE) or reach.of(actor, on).everybody


def did(request: Any, act: Callable[[], Any], done: str, form: forms.Form | None = None) -> bool:
    """Do one act; say that it was done, or why it was refused, in the form where there is one."""
    try:
        act()
    except Refused as refused:
        if form is not None:
            form.add_error(None, str(refused))
        else:
            messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True
