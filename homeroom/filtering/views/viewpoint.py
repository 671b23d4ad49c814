"""The viewpoint report: opposing views are treated alike, and names that must stay open are open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.filtering import titles
from homeroom.filtering.actions import viewpoint as actions
from homeroom.filtering.models import FindingKind, ViewpointReport
from homeroom.filtering.queries import viewpoint as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR

COLUMNS = ("kind", "topic", "host", "counterpart", "category", "list", "version", "line", "text", "fresh", "corrected")


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def reports(request: Any) -> HttpResponse:
    """VI.Alt3.C: the newest report on the lists now live, and all earlier ones."""
    last = queries.last_report()
    page = {
        "report": last,
        **(_findings(last) if last else {}),
        "page": listing.page(request, queries.reports(), per=20),
        "controls": queries.controls().count(),
        "director": request.actor.holds(DIRECTOR),
    }
    return render(request, "filtering/viewpoint.html", page)


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def report(request: Any, pk: int) -> HttpResponse | StreamingHttpResponse:
    """VI.Alt3.C: one report, as it was written."""
    row = queries.report(pk)
    if row is None:
        raise Http404
    if listing.wants_csv(request):
        found = row.findings.values_list(*COLUMNS)
        return listing.csv(f"viewpoint-{row.at:%Y-%m-%d}-{pk}", COLUMNS, found.iterator())
    page = {"report": row, **_findings(row), "director": request.actor.holds(DIRECTOR)}
    return render(request, "filtering/viewpoint_report.html", page)


@needs(DIRECTOR)
@require_POST
def make(request: Any) -> HttpResponse:
    """VI.Alt3.C: hold all controls against the lists now live, and keep the result."""
    try:
        row = actions.report(actor=request.actor, at=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect("filtering:viewpoint")
    messages.success(request, _("The report is made and kept."))
    return redirect("filtering:viewpoint-report", row.pk)


def _findings(row: ViewpointReport) -> dict[str, Any]:
    found = [(each, titles.title(each.category)) for each in row.findings.all()[:500]]
    return {
        "asymmetries": [pair for pair in found if pair[0].kind == FindingKind.ASYMMETRY],
        "hits": [pair for pair in found if pair[0].kind == FindingKind.HIT],
    }
