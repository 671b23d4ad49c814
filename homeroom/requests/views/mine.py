"""VIII.D.1: a parent asks to see a child's files, e-mail and records, and reads the answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.people import queries as people
from homeroom.requests import titles
from homeroom.requests.actions import data
from homeroom.requests.forms.requests import AskForm
from homeroom.requests.models import DataRequest
from homeroom.requests.queries import data as queries
from homeroom.requests.queries import others


@needs()
@require_safe
def mine(request: Any) -> HttpResponse:
    """VIII.D.1, VIII.F: what one asked for, what came of it, and what authorities were given about one's own."""
    now = timezone.now()
    about = queries.askable(request.actor.id, people.today(now))
    # Who may ask is not yet who may read: of a child without their custody an official looks at the order first.
    told = {request.actor.id, *(child.pk for child in people.children(request.actor.id, people.today(now)))}
    rows = list(queries.mine(request.actor.id)[:100])
    clocks, outcomes = queries.clocks(rows), titles.outcomes()
    page = {
        "about": about,
        "student": request.actor.holds("student"),
        "rows": [(row, *outcomes[row.outcome], clocks.get(row.pk), wanted(row), parts(row)) for row in rows],
        "given": others.disclosed([each.pk for each in about if each.pk in told])[:100],
        "bases": titles.bases(),
    }
    return render(request, "requests/mine.html", page)


@needs()
@FORM
def ask(request: Any) -> HttpResponse:
    """VIII.D.1: ask, at any time."""
    now = timezone.now()
    about = queries.askable(request.actor.id, people.today(now))
    page = page_of(
        _("Ask to see a child’s files and records"), "requests:mine", _("What the school keeps"), _("Ask"),
        lede=_("The law gives the school ten business days. You need not say why."),
    )  # fmt: skip
    return work(
        request, AskForm(request.POST or None, about=about),
        lambda said: data.ask(actor=request.actor, at=now, **said),
        done=_("Asked. You find the day by which you hear from us, and the answer, on this page."),
        to=lambda _row: ("requests:mine",), page=page,
    )  # fmt: skip


def wanted(row: DataRequest) -> str:
    """What was asked for, in words."""
    known = titles.wants()
    return ", ".join(known[kind] for kind in known if kind in row.wants)


def parts(row: DataRequest) -> list[tuple[Any, str, str, str]]:
    """What became of each thing, in words."""
    known, states = titles.wants(), titles.parts()
    return [(part, known[part.kind], *states[part.state]) for part in row.parts.all()]  # type: ignore[attr-defined]
