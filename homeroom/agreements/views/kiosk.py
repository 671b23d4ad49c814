"""IX.C: the kiosk: the office sees who it is and hands out a code; a screen of the office takes it and forgets all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.agreements import actions
from homeroom.agreements.actions.kiosk import GOOD_FOR
from homeroom.agreements.forms.signing import KioskCodeForm, KioskForm
from homeroom.agreements.views import signing
from homeroom.agreements.views import visitor as visitors
from homeroom.agreements.views.papers import OFFICE
from homeroom.agreements.views.visitor import Visitor
from homeroom.base.errors import Refused
from homeroom.base.needs import needs, public
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Guardianship, Person

WHY = "Whoever signs at the office’s screen has no account; the code of the office opens it, once."
RATES = {"kiosk": "30/10m/ip"}
SHOWN = 90  # seconds until the screen turns back by itself


@needs(*OFFICE)
@FORM
def open_(request: Any, person: str) -> HttpResponse:
    """IX.C: a member of staff sees who it is, and lets them sign at the screen."""
    now = timezone.now()
    row = _reached(request, person)
    form = KioskForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"person": row, "form": form}
    if form.is_bound and form.is_valid():
        try:
            visit, code = actions.open_kiosk(actor=request.actor, at=now, person=row, how=form.said())
        except Refused as error:
            form.add_error("words", str(error))
        else:
            if "here" in request.POST:
                return _hand_over(request, code)
            page |= {"visit": visit, "code": code, "public": settings.PUBLIC_URL}
    return render(request, "agreements/signing/kiosk_open.html", page)


def _reached(request: Any, person: str) -> Person:
    """Somebody of the office's schools, or a parent of such a student."""
    on = people.today(timezone.now())
    there = reach.persons(reach.of(request.actor, on), on)
    parents = Guardianship.objects.on(on).filter(child__in=there).values("guardian_id")
    row = (there.filter(pk=person) | Person.objects.filter(pk=person, id__in=parents)).distinct().first()
    if row is None:
        raise Http404
    return row


def _hand_over(request: Any, code: str) -> HttpResponse:
    """The very screen becomes the kiosk: the member of staff is signed out before anybody else touches it."""
    logout(request)
    return _begin(request, code)


@public(WHY)
@FORM
def kiosk(request: Any) -> HttpResponse:
    """IX.C: the waiting screen: a code, please."""
    form = KioskCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            if not ratelimit.consume(request, app="agreements", action="kiosk", config=RATES):
                raise Refused(_("Too many codes were tried here. Wait ten minutes, or sign on paper."))
            return _begin(request, form.cleaned_data["code"])
        except Refused as error:
            form.add_error("code", str(error))
    return render(request, "agreements/signing/kiosk.html", {"form": form})


def _begin(request: Any, code: str) -> HttpResponse:
    visit = actions.start_visit(code=code, at=timezone.now())
    request.session.flush()  # whoever sat here before is gone
    request.session[visitors.KIOSK] = visit.pk
    request.session.set_expiry(GOOD_FOR)
    return redirect("agreements:kiosk-sign")


def seated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only while somebody's visit is open; else back to the waiting screen."""

    @public(WHY)
    @wraps(view)
    def guarded(request: Any, **arguments: Any) -> HttpResponse:
        visitor = visitors.at_kiosk(request, timezone.now())
        if visitor is None:
            visitors.forget(request)
            return redirect("agreements:kiosk")
        return view(request, visitor, **arguments)

    return guarded


start = seated(FORM(signing.start_of))
consent = seated(FORM(signing.consent_of))
on_paper = seated(require_safe(signing.paper_of))
place = seated(FORM(signing.place_of))
decline = seated(FORM(signing.decline_of))
receipt = seated(require_safe(signing.receipt_of))


@seated
@require_safe
def done(request: Any, visitor: Visitor, pk: UUID) -> HttpResponse:
    """325L.08: what was signed is shown once; with it the visit is over and the screen forgets everything."""
    answer = signing.done_of(request, visitor, pk)
    if not any(each.waits for each in signing.mine(visitor)):
        _over(request, visitor)
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        answer.headers["Refresh"] = f"{SHOWN}; url={reverse('agreements:kiosk')}"
    return answer


def _over(request: Any, visitor: Visitor) -> None:
    if visitor.visit is not None:
        actions.end_visit(actor=visitor.actor, at=timezone.now(), visit=visitor.visit)
    request.session.flush()


@public(WHY)
@require_POST
def leave(request: Any) -> HttpResponse:
    """IX.C: done, or gone: the screen forgets everything."""
    visitor = visitors.at_kiosk(request, timezone.now())
    if visitor is None:
        request.session.flush()
    else:
        _over(request, visitor)
    answer = redirect("agreements:kiosk")
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return answer
