"""The two pages that a block page leads to. No sign-in; the sealed ticket says what was blocked, never to whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from homeroom.base import client
from homeroom.base.errors import Refused
from homeroom.base.needs import public
from homeroom.base.onething import FORM
from homeroom.doors import environment, ticket
from homeroom.filtering import titles
from homeroom.filtering.actions import reviews as actions
from homeroom.filtering.forms.reviews import WordsForm

# The sealed ticket is the key here, never a cookie, so there is nothing that a forged request could borrow.


@public("Whoever was blocked may ask for a review, and has no account (VI.Alt3.C).")
@csrf_exempt
@FORM
def review(request: HttpRequest, ticket: str) -> HttpResponse:
    """VI.Alt3.C: ask whether a block is right."""
    return _page(request, ticket, "review")


@public("Whoever came upon something by accident may say so at once, and has no account (V.C.1).")
@csrf_exempt
@FORM
def accident(request: HttpRequest, ticket: str) -> HttpResponse:
    """V.C.1: say at once that one came here by accident."""
    return _page(request, ticket, "accident")


def _page(request: HttpRequest, sealed: str, what: str) -> HttpResponse:
    now = timezone.now()
    try:
        facts = ticket.unseal(environment.key(environment.home(), "ticket"), sealed, now)
    except ticket.BadTicket as error:
        return render(request, "filtering/public_over.html", {"sentence": str(error)}, status=410)
    form = WordsForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"facts": facts, "form": form, "title": titles.title(str(facts.get("category", "")))}
    if form.is_bound and form.is_valid():
        act = actions.ask_review if what == "review" else actions.record_accident
        try:
            page["done"] = act(
                ticket=facts, words=form.cleaned_data["words"], address=client.address_of(request), at=now
            )
        except Refused as error:
            form.add_error(None, str(error))
    return render(request, f"filtering/public_{what}.html", page)
