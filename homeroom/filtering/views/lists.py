"""Lists: where they come from, how fresh they are, and what a new version would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.filtering import tables, titles
from homeroom.filtering.actions import builds as build_actions
from homeroom.filtering.actions import sources as actions
from homeroom.filtering.forms.lists import ReasonForm, SourceForm
from homeroom.filtering.models import ListSource, ListVersion, VersionState
from homeroom.filtering.queries import builds
from homeroom.filtering.queries import lists as queries
from homeroom.filtering.views.shared import DIRECTOR, refuse

COLUMNS = ("name", "format", "location", "licence", "homepage", "version", "entries", "unread", "looked_at", "trouble")


@needs(DIRECTOR)
@require_safe
def lists(request: Any) -> HttpResponse:
    """VI.Alt3.A.2: every list with its live version, its age and its trouble."""
    now = timezone.now()
    rows = queries.freshness(now)
    if listing.wants_csv(request):
        return listing.csv("lists", COLUMNS, (_line(each) for each in rows))
    page = {
        "rows": rows,
        "entries": sum(each["live"].entries for each in rows if each["live"]),
        "waiting": queries.waiting(),
        "build": builds.last_build(),
        "building": builds.progress(),
        "current": builds.current(),
    }
    return render(request, "filtering/lists.html", page)


def _line(each: queries.Freshness) -> tuple[object, ...]:
    source, live = each["source"], each["live"]
    seen = (live.label, live.entries, live.unread_count) if live else ("", 0, 0)
    licence = (source.name, source.format, source.location, source.licence, source.homepage)
    return (*licence, *seen, source.looked_at, source.trouble)


@needs(DIRECTOR)
@require_safe
def source(request: Any, name: str) -> HttpResponse:
    """One list: its live version by category, the lines nobody could read, its earlier versions."""
    row = _source(name)
    live = queries.live(row)
    page = {
        "source": row,
        "live": live,
        "held": row.versions.filter(state=VersionState.HELD).first(),
        "counts": _counts(live),
        "page": listing.page(request, queries.versions(row), per=20),
        "progress": queries.progress(f"update:{name}"),
        "category": titles.title(row.category) if row.category else "",
    }
    return render(request, "filtering/list.html", page)


@needs(DIRECTOR)
@require_safe
def version(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.C: one version: what it would change, and what the viewpoint report says of it."""
    row = _version(pk)
    page = {
        "version": row,
        "source": row.source,
        "counts": _counts(row),
        "changes": [(titles.title(category), change) for category, change in sorted(row.changes.items())],
        "report": row.reports.first(),
        "findings": [(f, titles.title(f.category)) for f in _findings(row)],
        "decides": row.state in (VersionState.HELD, VersionState.CHECKED),
    }
    return render(request, "filtering/version.html", page)


@needs(DIRECTOR)
@FORM
def add(request: Any) -> HttpResponse:
    """Add a list; it is fetched, read and checked before anything of it counts."""
    form = SourceForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.add_source(actor=request.actor, at=timezone.now(), **form.cleaned_data)
            actions.ask_update(actor=request.actor, name=row.name, at=timezone.now())
        except Refused as error:
            refuse(form, error)
        else:
            return redirect("filtering:progress", f"update:{row.name}")
    return render(request, "filtering/list_add.html", {"form": form})


@needs(DIRECTOR)
@require_POST
def update(request: Any, name: str) -> HttpResponse:
    """Look for a newer version at once."""
    _source(name)
    actions.ask_update(actor=request.actor, name=name, at=timezone.now())
    return redirect("filtering:progress", f"update:{name}")


@needs(DIRECTOR)
@require_POST
def build(request: Any) -> HttpResponse:
    """Build from all lists at once."""
    build_actions.ask_build(actor=request.actor, at=timezone.now())
    return redirect("filtering:progress", "build")


@needs(DIRECTOR)
@require_safe
def progress(request: Any, subject: str) -> HttpResponse:
    """How far a long job is; asks again by itself, with or without scripts."""
    row = queries.progress(subject)
    name = subject.removeprefix("update:") if subject.startswith("update:") else ""
    if subject != "build" and not (row and name):
        raise Http404
    back = reverse("filtering:list", args=[name]) if name else reverse("filtering:lists")
    running = row is not None and (row.running or row.wanted_at is not None)
    page = {"progress": row, "subject": subject, "name": name, "back": back, "running": running}
    if not name:
        page["build"] = builds.last_build()
    else:
        page["source"] = _source(name)
        page["newest"] = queries.versions(page["source"]).first()
    return render(request, "filtering/progress_part.html" if request.htmx else "filtering/progress.html", page)


@needs(DIRECTOR)
@FORM
def accept(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.C: let a held version go live, with a reason that is kept."""
    row = _version(pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.release_version(actor=request.actor, version=pk, at=timezone.now(), **form.cleaned_data)
            build_actions.ask_build(actor=request.actor, at=timezone.now())
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("Accepted. The version goes live with the build that was just asked for."))
            return redirect("filtering:progress", "build")
    return render(request, "filtering/version_decide.html", {"form": form, "version": row, "accept": True})


@needs(DIRECTOR)
@FORM
def refuse_version(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.C: refuse a version; the one before stays live."""
    row = _version(pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.refuse_version(actor=request.actor, version=pk, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("Refused. The version before stays live."))
            return redirect("filtering:version", pk)
    return render(request, "filtering/version_decide.html", {"form": form, "version": row, "accept": False})


@needs(DIRECTOR)
@FORM
def end(request: Any, name: str) -> HttpResponse:
    """No longer use a list, after asking."""
    row = _source(name)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.end_source(actor=request.actor, name=name, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("The list is no longer used. The next build leaves it out."))
            return redirect("filtering:lists")
    return render(request, "filtering/list_end.html", {"form": form, "source": row})


def _source(name: str) -> ListSource:
    row = queries.source(name)
    if row is None:
        raise Http404
    return row


def _version(pk: int) -> ListVersion:
    row = queries.version(pk)
    if row is None:
        raise Http404
    return row


def _counts(version: ListVersion | None) -> list[tuple[str, str, int]]:
    counts = version.counts if version else {}
    return [(each, titles.title(each), counts[each]) for each in tables.categories() if each in counts]


def _findings(version: ListVersion) -> list[Any]:
    report = version.reports.first()
    return list(report.findings.all()[:200]) if report else []
