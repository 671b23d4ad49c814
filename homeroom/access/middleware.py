"""Puts a face to each request, and asks officials for a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from homeroom.access import facts, queries
from homeroom.base.needs import need_of
from homeroom.people import queries as people

GetResponse = Callable[[HttpRequest], HttpResponse]


def who(get_response: GetResponse) -> GetResponse:
    """Middleware: `request.actor` is who acts, with the roles of today (base.actor.Actor); read at first use.

    `request.standings(ids, on)` tells the pages of the apps below whose network is open, and what is missing.
    """

    def answer(request: Any) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: queries.actor_of_request(request, timezone.now()))
        request.standings = facts.standings
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
        if need is None or need.public or not request.user.is_authenticated:
            return None
        if need.whole and queries.by_code(request) and queries.is_official(request.actor.id, _today()):
            raise PermissionDenied(
                _("You came in as a parent. Sign out, and sign in as a member of staff to change how you sign in.")
            )
        if need.first:
            return None
        if queries.second_factor_missing(request):
            return redirect("access:second-factor")
        return None


def _today() -> date:
    return people.today(timezone.now())
