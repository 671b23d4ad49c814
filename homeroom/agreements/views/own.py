"""IX.C: somebody's own agreement and standing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homeroom.agreements import queries
from homeroom.agreements.queries import own as own_queries
from homeroom.agreements.views import said
from homeroom.base.needs import needs
from homeroom.people import queries as people
from homeroom.people.models import STAFF

ROLES = ("student", *(role.value for role in STAFF))


@needs(*ROLES)
@require_safe
def mine(request: Any) -> HttpResponse:
    """IX.C: whether the network is open to me, what is missing, and what I and others signed."""
    on = people.today(timezone.now())
    standing = request.standings([request.actor.id], on)[request.actor.id]
    held = [each for each in queries.to_sign_for(request.actor, on) if each.slot.part in ("student", "employee")]
    page = {
        "standing": standing,
        "reasons": said.reasons_of(standing),
        "waiting": [each for each in held if each.waits],
        "agreements": own_queries.of_person(request.actor.id),
        "parts": said.parts(),
    }
    return render(request, "agreements/mine.html", page)
