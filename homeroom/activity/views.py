"""XIV.C.0: open the filter's records about one person; each opening is a use of the access and is written down."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from homeroom.activity.actions import opening
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.devices.queries import gate, register
from homeroom.people import queries as people
from homeroom.people import reach


@needs("technology_director", "building_administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def filter_records(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: first a question, then the records; nothing is read before somebody presses the button."""
    now = timezone.now()
    on = people.today(now)
    row = register.within(gate.accesses(), reach.of(request.actor, on), on).filter(pk=pk).first()
    if row is None:
        raise Http404
    page: dict[str, Any] = {"row": row, "why_not": gate.why_not_use(row, ["browsing"], now)}
    if request.method == "POST":
        try:
            page["opened"] = opening.open_activity(actor=request.actor, access=pk, at=now)
        except Refused as error:
            page["why_not"] = str(error)
    return render(request, "activity/open.html", page)
