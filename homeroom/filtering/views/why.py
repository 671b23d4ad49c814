"""Why? One question, one page, one address that can be shared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs
from homeroom.filtering import permits, telling, titles
from homeroom.filtering.actions import asking
from homeroom.filtering.forms.fields import one_person
from homeroom.filtering.forms.lists import WhyForm
from homeroom.filtering.queries import why as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR, TEACHER, desk
from homeroom.kernel.decision import wording
from homeroom.people import reach
from homeroom.people.models import Person

SHOWN = 25


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@require_safe
def why(request: Any) -> HttpResponse:
    """Explain any name or URL as any person one may ask about, at any time, including by an old bundle."""
    form = WhyForm(request.GET if "target" in request.GET else None)
    page: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        page |= _answer(form, desk(request))
    return render(request, "filtering/why.html", page)


def _answer(form: WhyForm, at_desk: permits.Desk) -> dict[str, Any]:
    text = form.cleaned_data["person"].strip()
    people = reach.persons(at_desk.reach, at_desk.on)
    try:
        person = one_person(text, people) if text else None
    except forms.ValidationError as error:
        return _which(form, error, list(reach.find(people, text)[:SHOWN]))
    if person is not None:
        asking.ask_as(actor=at_desk.actor, person=person.pk, at=timezone.now())
    at = form.instant(timezone.now())
    try:
        found = queries.explain(
            form.cleaned_data["target"], person=person.pk if person else "", at=at,
            bundle=form.cleaned_data["bundle"], for_others=not (at_desk.director or at_desk.administrator),
        )  # fmt: skip
    except queries.CannotExplain as error:
        form.add_error(None, str(error))
        return {}
    decision = found.explanation.decision
    return {
        "why": found,
        "decision": decision,
        "told": telling.reason(decision),
        "person": person,
        "at": at,
        "meaning": wording.meaning(decision.clause, decision.kind, get_language() or "en"),
        "correctable": wording.correctable(decision.kind, get_language() or "en"),
        "steps": [
            (each, _question(each.name), telling.reason(each.said) if each.said else "") for each in found.steps()
        ],
        "category_title": titles.title(decision.category) if decision.category else "",
        "person_url": reverse("access:person", args=[person.pk]) if person else "",
        "earlier": _earlier(found, at),
        "sharing": _sharing(form, found, at),
        "director": at_desk.director,
        "may_rule": bool(permits.scopes(at_desk)),
    }


def _which(form: WhyForm, error: forms.ValidationError, people: list[Person]) -> dict[str, Any]:
    """Several people fit: let them be chosen by a link each."""
    if not people:
        form.add_error("person", error)
        return {}
    return {"people": people}


def _question(step: str) -> str:
    """What a step of the order of judgement asks, in the reader's language."""
    return {
        "canary": _("Is it a name by which devices ask about filters?"),
        "statutory": _("Does the law demand a block?"),
        "standing": _("Is the network closed to this person?"),
        "local_block": _("Does a rule block it?"),
        "district_category": _("Does a category that the district blocks stop it?"),
        "safe_search": _("Does it have a safe form for this person?"),
        "local_allow": _("Does a rule allow it?"),
        "otherwise": _("Does anything else speak against it?"),
    }.get(step, step.replace("_", " "))


def _sharing(form: WhyForm, found: queries.Why, at: datetime) -> str:
    """The query of this very answer: person, moment and bundle fixed, so that it says the same tomorrow."""
    decision = found.explanation.decision
    local = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")
    said = {"target": found.asked, "person": decision.person or "", "at": local, "bundle": decision.bundle}
    return urlencode({key: value for key, value in said.items() if value})


def _earlier(found: queries.Why, at: datetime) -> list[tuple[str, str]]:
    """The same question about earlier moments, as (words, query)."""
    ago = ((timedelta(hours=1), _("an hour earlier")), (timedelta(days=1), _("a day earlier")),
           (timedelta(weeks=1), _("a week earlier")))  # fmt: skip
    said = {"target": found.asked, "person": found.explanation.decision.person or ""}
    return [
        (text, urlencode({**said, "at": f"{timezone.localtime(at - back):%Y-%m-%dT%H:%M:%S}"})) for back, text in ago
    ]
