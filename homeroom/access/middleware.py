"""Puts a face to each request, and asks officials for a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from homeroom.access import queries
from homeroom.base.needs import need_of

GetResponse = Callable[[HttpRequest], HttpResponse]


def who(get_response: GetResponse) -> GetResponse:
    """Middleware: `request.actor` is who acts, with the roles of today (base.actor.Actor); read at first use."""

    def answer(request: Any) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: queries.actor_of_request(request, timezone.now()))
        return get_response(request)

    return answer


class SecondFactor:
    """Middleware: V.A.5a: a signed-in official without a second factor is led to set one up before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the judging happens when the view is known."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None lets the view answer."""
        need = need_of(view)
        if need is None or need.first or not request.user.is_authenticated:
            return None
        if queries.second_factor_missing(request):
            return redirect("access:second-factor")
        return None
