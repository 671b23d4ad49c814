"""The two pages of sign-in that allauth does not have."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from homeroom.access import actions, demo, queries
from homeroom.access.adapters import note_session
from homeroom.base.needs import needs, public


@needs(first=True)
@require_GET
def second_factor(request: Any) -> HttpResponse:
    """V.A.5a: choose between an authenticator app and a passkey; nothing else opens before."""
    if not queries.second_factor_missing(request):
        return redirect("mfa_index")
    return render(request, "access/second_factor.html")


@public("The link itself is the key; it exists in a demonstration only.")
@require_GET
def demo_enter(request: Any, ticket: str) -> HttpResponse:
    """Sign in with a link that `homeroom demo` printed: good for one account and one use, within a day."""
    account = actions.use_demo_link(ticket=ticket, at=timezone.now())
    if account is None:
        return render(request, "access/demo_over.html", status=410)
    login(request, account, backend=demo.BACKEND)
    record_authentication(request, account, method="demo")
    request.session[queries.DEMO_SESSION] = True
    note_session(request, account, ["demo"])
    return redirect("/")
