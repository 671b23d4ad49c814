"""XIV.C.0: open the filter's records about one person; each opening is a use of the access and is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homeroom.activity import retention
from homeroom.activity.actions import opening
from homeroom.activity.queries import tools
from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.devices.queries import gate, register
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.providers.queries import contracts, watch

COLUMNS = ("filter", "domain", "category", "hosts", "requests", "days", "people_at_least", "schools_at_least")


@needs("technology_director", "building_administrator")
@FORM
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


@needs("technology_director")
@require_safe
def tools_without_contract(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIII.A: what is asked for and has no contract, by domain and in numbers."""
    now = timezone.now()
    on = people.today(now)
    days = retention.keep("blocked_requests", on).days
    held = contracts.active(on).values_list("provider__domains", flat=True)
    covered = {name for domains in held for name in domains}
    found = tools.without_contract(now - timedelta(days=days), now, covered)
    term = retention.keep("tool_counts", on).days
    used = tools.used_without_contract(now - timedelta(days=term), now, frozenset(covered))
    if listing.wants_csv(request):
        rows = [("open", each.domain, watch.shipped().get(each.domain, ""), "", each.n, each.days, "", "")
                for each in used]  # fmt: skip
        rows += [("blocked", each.domain, each.category, " ".join(each.hosts), each.n, "", each.people, each.schools)
                 for each in found]  # fmt: skip
        return listing.csv("tools-without-contract", COLUMNS, rows)
    page = {
        "page": listing.page(request, found), "days": days, "term": term, "least": tools.LEAST,
        "used": [(each, watch.shipped().get(each.domain, "")) for each in used[:200]],
    }  # fmt: skip
    return render(request, "activity/tools.html", page)
