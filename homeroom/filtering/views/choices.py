"""The district's choices within Article VI, all on one page, each changed with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import queries as board
from homeroom.filtering import policy, tables
from homeroom.filtering.actions import choices as actions
from homeroom.filtering.forms.choices import ALTERNATIVES, AlternativeForm, AudienceForm, EssentialForm, ParameterForm
from homeroom.filtering.forms.lists import ReasonForm
from homeroom.filtering.models import AlternativeChoice, Essential
from homeroom.filtering.queries import choices as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR, refuse
from homeroom.people import queries as people


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def choices(request: Any) -> HttpResponse:
    """VI: what the district chose: alternative, audiences, essentials, numbers."""
    chosen = queries.choices()
    page = {
        "alternative": chosen.active,
        "alternative_title": dict(ALTERNATIVES).get(chosen.active, chosen.active),
        "history": AlternativeChoice.objects.all()[:20],
        "audiences": [policy.profile(chosen, each) for each in tables.AUDIENCES],
        "essentials": Essential.objects.all(),
        "parameters": _parameters(),
        "director": request.actor.holds(DIRECTOR),
    }
    return render(request, "filtering/choices.html", page)


def _parameters() -> list[dict[str, Any]]:
    now = {each.parameter.name: each for each in board.parameters(people.today(timezone.now()))}
    return [
        {"name": name, **row, "value": now[name].value, "set": now[name] if now[name].by else None}
        for name, row in tables.parameters().items()
    ]


@needs(DIRECTOR)
@FORM
def alternative(request: Any) -> HttpResponse:
    """VI.note1.c: put another alternative in force."""
    form = AlternativeForm(request.POST or None, initial={"alternative": queries.alternative()})
    return _change(request, form, _("Which alternative is in force?"), actions.choose_alternative)


@needs(DIRECTOR)
@FORM
def audience(request: Any, audience: str) -> HttpResponse:
    """III.2: safe search, videos, only named sites."""
    if audience not in tables.AUDIENCES:
        raise Http404
    now = policy.profile(queries.choices(), audience)
    initial = {**now, "only_named": now["otherwise"] == "block"}
    form = AudienceForm(request.POST or None, initial=initial)
    return _change(request, form, now["title"], actions.choose_audience, audience=audience)


@needs(DIRECTOR)
@FORM
def essential_add(request: Any) -> HttpResponse:
    """XII.B.3: keep a name reachable for people without standing."""
    form = EssentialForm(request.POST or None)
    return _change(request, form, _("Keep a name open for everybody"), actions.add_essential)


@needs(DIRECTOR)
@FORM
def essential_remove(request: Any, host: str) -> HttpResponse:
    """XII.B.3: take a name off the essentials, after asking."""
    if not Essential.objects.filter(host=host).exists():
        raise Http404
    form = ReasonForm(request.POST or None)
    title = _("Take %(host)s off the essentials?") % {"host": host}
    return _change(request, form, title, actions.remove_essential, host=host)


@needs(DIRECTOR)
@FORM
def parameter(request: Any, name: str) -> HttpResponse:
    """Set one number or word."""
    row = tables.parameters().get(name)
    if row is None:
        raise Http404
    now = queries.parameter(name, people.today(timezone.now()))
    form = ParameterForm(request.POST or None, name=name, initial={"value": now})
    return _change(request, form, row["about"], actions.set_parameter, name=name)


def _change(request: Any, form: forms.Form, title: str, act: Callable[..., object], **fixed: object) -> HttpResponse:
    """Show a form; do the act when it is filled in rightly."""
    if form.is_bound and form.is_valid():
        try:
            act(actor=request.actor, at=timezone.now(), **fixed, **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved. It is in force at every door within a second."))
            return redirect("filtering:choices")
    return render(request, "filtering/choice_form.html", {"form": form, "heading": title})
