"""Rosters: uploaded or fetched, looked at, and taken in or let go of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import roster_runs as actions
from homeroom.people.forms.roster import ColumnsForm, ConfirmForm, ConnectionForm, UploadForm
from homeroom.people.models import RosterConnection, RosterRun
from homeroom.people.roster import progress, running

DIRECTOR = "technology_director"
SHOWN = 100  # problems on the page; the file has them all


@needs(DIRECTOR)
@FORM
def roster(request: Any) -> HttpResponse:
    """Bring a roster in, and see what came before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        how = {name: form.cleaned_data[name] for name in ("format", "delta")}
        try:
            row = actions.ask_run(actor=request.actor, files=form.uploads(), at=timezone.now(), **how)
        except Refused as error:
            form.add_error("files", str(error))
        else:
            return redirect("people:roster-run", row.pk)
    page = {
        "form": form,
        "page": listing.page(request, running.runs(), per=20),
        "connections": running.connections(),
    }
    return render(request, "people/roster.html", page)


@needs(DIRECTOR)
@require_safe
def run(request: Any, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One roster on its way in: how far it is, what it would change, what is wrong with it."""
    row = _run(pk)
    if listing.wants_csv(request):
        return listing.csv(f"roster-{pk}-problems", ("file", "line", "column", "sentence"), running.problems(row))
    return _page(request, row, ConfirmForm())


def _page(request: Any, row: RosterRun, form: forms.Form) -> HttpResponse:
    report = row.report or {}
    if not report.get("guesses"):
        form.fields.pop("accept_guesses", None)
    if not actions.too_many_leave(report):
        form.fields.pop("remove_anyway", None)
    header = running.header(row)
    page = {
        "run": row, "report": report, "form": form, "working": running.works(row),
        "progress": progress.told(actions.folder(row)), "kinds": running.kinds(report),
        "problems": report.get("problems", [])[:SHOWN],
        "problem_count": len(report.get("problems", [])) + report.get("more_problems", 0),
        "mapping": ColumnsForm(header, row.options.get("mapped") or {}) if header else None,
        "nothing": report and not any(report[how] for how in ("added", "changed", "ended")),
    }  # fmt: skip
    return render(request, "people/roster_run_part.html" if request.htmx else "people/roster_run.html", page)


@needs(DIRECTOR)
@require_POST
def take_in(request: Any, pk: int) -> HttpResponse:
    """Confirm what was shown."""
    row, form = _run(pk), ConfirmForm(request.POST)
    form.is_valid()
    try:
        actions.confirm_run(actor=request.actor, run=row, at=timezone.now(), **form.cleaned_data)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, row, form)
    return redirect("people:roster-run", pk)


@needs(DIRECTOR)
@FORM
def columns(request: Any, pk: int) -> HttpResponse:
    """Say which column means what."""
    row = _run(pk)
    header = running.header(row)
    if not header:
        raise Http404
    form = ColumnsForm(header, row.options.get("mapped") or {}, request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.map_columns(actor=request.actor, run=row, mapped=form.mapped(), at=timezone.now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("people:roster-run", pk)
    return render(request, "people/roster_columns.html", {"form": form, "run": row})


@needs(DIRECTOR)
@require_POST
def let_go(request: Any, pk: int) -> HttpResponse:
    """Do not take it in; it can be uploaded again."""
    return _done(request, lambda: actions.let_go(actor=request.actor, run=_run(pk), at=timezone.now()),
                 _("Let go. Nothing was changed, and its files are gone."))  # fmt: skip


@needs(DIRECTOR)
@FORM
def connection_add(request: Any) -> HttpResponse:
    """Fetch from a student information system from now on."""
    form = ConnectionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.add_connection(actor=request.actor, at=timezone.now(), **form.cleaned_data)
            first = actions.ask_pull(actor=request.actor, connection=row, at=timezone.now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("people:roster-run", first.pk)
    return render(request, "people/roster_connection_add.html", {"form": form})


@needs(DIRECTOR)
@require_POST
def connection_fetch(request: Any, pk: int) -> HttpResponse:
    """Fetch now, and show it before it is taken in."""
    try:
        row = actions.ask_pull(actor=request.actor, connection=_connection(pk), at=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect("people:roster")
    return redirect("people:roster-run", row.pk)


@needs(DIRECTOR)
@FORM
def connection_end(request: Any, pk: int) -> HttpResponse:
    """Fetch no more, after asking."""
    row = _connection(pk)
    if request.method == "POST":
        return _done(request, lambda: actions.end_connection(actor=request.actor, connection=row, at=timezone.now()),
                     _("It is not fetched any more. Everybody it brought stays."))  # fmt: skip
    return render(request, "people/roster_connection_end.html", {"connection": row})


def _done(request: Any, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("people:roster")


def _run(pk: int) -> RosterRun:
    row = running.run(pk)
    if row is None:
        raise Http404
    return row


def _connection(pk: int) -> RosterConnection:
    row = running.connections().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
