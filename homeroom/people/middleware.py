"""Pages show times in the district's zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from homeroom.people import queries


def zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: instants on pages and in forms are in the district's time zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        with queries.one_zone() as zone, timezone.override(zone):
            return get_response(request)

    return answer
