"""T13, D.7: what the district chose about agreements: which parents sign, the grace, the term."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions, approval, terms
from homeroom.agreements.forms.office import ChoiceForm
from homeroom.agreements.models import Choice
from homeroom.base import onething
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people

ROLES = ("technology_director", "superintendent", "board_clerk")


@needs(*ROLES, "building_administrator", "clerk")
@require_safe
def choices(request: Any) -> HttpResponse:
    """IX.C: what is in force today, what is to come, and what was before."""
    on = people.today(timezone.now())
    now = terms.choice(on)
    page = {
        "now": now, "rows": Choice.objects.all()[:50], "on": on, "may": request.actor.holds(*ROLES),
        "forms": [each.version for each in approval.in_effect(on).values()],
    }  # fmt: skip
    return render(request, "agreements/choices.html", page)


@needs(*ROLES)
@FORM
def choose(request: Any) -> HttpResponse:
    """T13: choose anew, from a day on; a grace needs the board's decision."""
    now = timezone.now()
    today = people.today(now)
    form = ChoiceForm(request.POST or None, now=terms.choice(today), today=today)
    return onething.work(
        request, form, lambda said: actions.choose(actor=request.actor, at=now, **said),
        to=lambda _choice: ("agreements:choices",), page={}, template="agreements/choice_form.html",
        done=_("Kept. It counts from the day you chose."),
    )  # fmt: skip
