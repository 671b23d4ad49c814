"""The table of numbers, and the register of sources."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions, queries
from homeroom.board import parameters as stated
from homeroom.board.forms.addenda import SourceForm, ValueForm
from homeroom.board.models import Source
from homeroom.board.views.shared import BOARD, READERS, change, today
from homeroom.board.views.texts import _day
from homeroom.board.words import groups, marks

COLUMNS = ("name", "about", "value", "unit", "since", "clause", "source", "mark", "set_by")


@needs(*READERS)
@require_safe
def parameters(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XVII.D: every number as it stands today or on ?on=, with its source; ?q= and ?group= narrow."""
    on = _day(request.GET.get("on", "")) or today()
    rows = _filtered(queries.parameters(on), request.GET)
    if listing.wants_csv(request):
        return listing.csv("parameters", COLUMNS, (_line(each) for each in rows))
    page = {
        "rows": rows,
        "on": on,
        "past": on != today(),
        "groups": groups(),
        "marks": marks(),
        "board": request.actor.holds(*BOARD),
    }
    return render(request, "board/parameters.html", page)


def _filtered(rows: list[Any], asked: Any) -> list[Any]:
    words, group = asked.get("q", "").strip().lower(), asked.get("group", "")
    if words:
        rows = [
            each
            for each in rows
            if words in f"{each.parameter.about} {each.parameter.name} {each.source} {each.parameter.clause}".lower()
        ]
    return [each for each in rows if each.parameter.group == group] if group in groups() else rows


def _line(each: Any) -> tuple[object, ...]:
    since = "" if each.since <= date(1900, 1, 1) else each.since
    row = each.parameter
    return (row.name, row.about, each.value, row.unit, since, row.clause, each.source, each.mark, each.by)


@needs(*READERS)
@require_safe
def parameter(request: Any, name: str) -> HttpResponse:
    """XVII.D: one number: today, before, to come, and what a bill would bring."""
    row = stated.by_name().get(name)
    if row is None:
        raise Http404
    page = {
        "row": row,
        "held": queries.held(name, today()),
        "shipped": list(reversed(row.values)),
        "mine": queries.history(name),
        "on": today(),
        "marks": marks(),
        "may_set": request.actor.holds(*BOARD) and row.group != "retention",
    }
    return render(request, "board/parameter.html", page)


@needs(*BOARD)
@FORM
def set_value(request: Any, name: str) -> HttpResponse:
    """XVII.D: a new value from a day on; ?pending=1 fills in what a bill would bring."""
    row = stated.by_name().get(name)
    if row is None:
        raise Http404
    ready = row.pending[0] if row.pending and request.GET.get("pending") else None
    now = queries.held(name, today())
    initial = {"value": ready.value if ready else now.value, "source": ready.source if ready else ""}
    return change(
        request, ValueForm(request.POST or None, parameter=row, initial=initial), row.about, actions.set_parameter,
        reverse("board:parameter", args=[name]), said=_("The new value is kept; it holds from its day on."),
        act_on={"name": name}, hint=_("What held before stays known, so that any past day has an answer."),
    )  # fmt: skip


@needs(*READERS)
@require_safe
def sources(request: Any) -> HttpResponse:
    """REF.legal: the statutes, cases and policies that the text refers to, and when somebody last looked."""
    months = int(queries.parameter("source-check-months", today()))
    on = today()
    rows = [(each, _due(each, months, on)) for each in queries.sources()]
    page = {"rows": rows, "due": sum(late for _each, late in rows), "board": request.actor.holds(*BOARD)}
    return render(request, "board/sources.html", page)


def _due(row: Source, months: int, on: date) -> bool:
    return row.checked_on is None or (on - row.checked_on).days > months * 31


@needs(*BOARD)
@FORM
def check(request: Any, pk: int) -> HttpResponse:
    """REF.legal: somebody looked at a source today."""
    row = Source.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    form = SourceForm(request.POST if request.method == "POST" else None, initial={"place": row.place})
    return change(
        request, form, _("Looked at today"), actions.check_source, reverse("board:sources"),
        said=_("It is written down."), hint=row.citation, act_on={"source": pk},
    )  # fmt: skip
