"""What the pages of notices share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.people import reach

DIRECTOR = "technology_director"
SUPERINTENDENT = "superintendent"
ADMINISTRATOR = "building_administrator"
CLERK = "clerk"
DECIDE = (DIRECTOR, SUPERINTENDENT)
OFFICE = (DIRECTOR, SUPERINTENDENT, ADMINISTRATOR, CLERK)


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
