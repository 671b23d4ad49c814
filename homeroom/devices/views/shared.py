"""What the pages of devices share: who asks, and a form that does one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Person, Role, RoleName

DIRECTOR = "technology_director"
ADMINISTRATOR = "building_administrator"
TEACHER = "teacher"
CLERK = "clerk"
FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, now, and whose records their role reaches."""

    actor: Actor
    now: datetime
    on: date
    reach: reach.Reach

    @property
    def students(self) -> QuerySet[Person]:
        """The students of today whom the role reaches."""
        held = Role.objects.on(self.on).filter(role=RoleName.STUDENT).values("person_id")
        return reach.persons(self.reach, self.on).filter(pk__in=held)


def desk(request: Any) -> Desk:
    """The field of work of whoever asks."""
    now = timezone.now()
    on = people.today(now)
    return Desk(request.actor, now, on, reach.of(request.actor, on))


def officials(at_desk: Desk) -> list[tuple[str, str]]:
    """Those who may approve: directors and administrators of today, but not whoever asks."""
    held = Role.objects.on(at_desk.on).filter(role__in=(RoleName.TECHNOLOGY_DIRECTOR, RoleName.BUILDING_ADMINISTRATOR))
    rows = Person.objects.filter(pk__in=held.values("person_id")).exclude(pk=at_desk.actor.id)
    return [(each.pk, each.name) for each in rows]


def work(
    request: Any,
    form: forms.Form,
    do: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    to: Callable[[Any], tuple[Any, ...]],
    page: dict[str, Any],
    template: str = "devices/form.html",
) -> HttpResponse:
    """Show a form; once it is filled in, do its one thing, say so and lead on. A refusal shows in the form."""
    if form.is_bound and form.is_valid():
        try:
            result = do(form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(*to(result))
    return render(request, template, {"form": form, **page})


def page_of(title: str, back: str, back_title: str, button: str, *args: Any, lede: str = "") -> dict[str, Any]:
    """What a page with one form says around it: its title, the way back, its button."""
    return {"title": title, "lede": lede, "back": reverse(back, args=args), "back_title": back_title, "button": button}
