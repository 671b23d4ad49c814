"""One person's page: what they are today, and whether the network is open to them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homeroom.access.actions import records
from homeroom.base.needs import needs
from homeroom.people import queries as people
from homeroom.people import reach

MAY_ASK = ("technology_director", "building_administrator", "teacher")


@needs("technology_director", "building_administrator", "teacher", "clerk")
@require_safe
def person(request: Any, id: str) -> HttpResponse:
    """Somebody's record, for those whose role reaches it today; each look is written into the journal."""
    now = timezone.now()
    on = people.today(now)
    row = reach.persons(reach.of(request.actor, on), on).filter(pk=id).first()
    if row is None:
        raise Http404
    page = {"record": records.look_at(actor=request.actor, person=row, at=now), "why": request.actor.holds(*MAY_ASK)}
    return render(request, "access/person.html", page)
