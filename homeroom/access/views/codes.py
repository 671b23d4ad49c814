"""Sign-in for parents and students: a language, an address, a code. No password."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.access import actions, household, queries, secretcode
from homeroom.access.adapters import note_session
from homeroom.access.forms.codes import AskForm, CodeForm, LetterForm, WhoForm
from homeroom.access.models import CodeAsk
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.needs import public
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HANDLE, NEXT, FOUND, SENT = "code_handle", "code_next", "code_found", "code_sent"
CHOOSING = 10 * 60  # seconds in which one of a household says who they are
# A school may share one address, so it gets room; a code itself gives five tries and no more.
RATES = {"ask": "300/10m/ip", "try": "1000/10m/ip", "letter": "60/10m/ip"}
WHY = "Parents and students sign in here, and are not signed in yet."


@public(WHY)
@require_safe
def language(request: Any) -> HttpResponse:
    """XII: the language first, in its own words; then the address."""
    if "next" in request.GET:
        request.session[NEXT] = _inside(request, request.GET["next"])
    return render(request, "access/code_language.html")


@public(WHY)
@FORM
def ask(request: Any) -> HttpResponse:
    """Ask for a code. The answer is the same for every address."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _limit(request, "ask")
            handle = actions.ask_code(
                typed=form.cleaned_data["address"], language=get_language() or "en", at=timezone.now()
            )
        except Refused as error:
            form.add_error("address", str(error))
        else:
            request.session[HANDLE] = handle
            request.session[SENT] = household.sent_to(form.cleaned_data["address"])
            return redirect("access:code-enter")
    return render(request, "access/code_ask.html", {"form": form})


@public(WHY)
@FORM
def enter(request: Any) -> HttpResponse:
    """Type the code in."""
    if HANDLE not in request.session:
        return redirect("access:code-ask")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        now = timezone.now()
        try:
            _limit(request, "try")
            found = actions.try_code(handle=request.session[HANDLE], code=form.cleaned_data["code"], at=now)
            if len(found) == 1:
                return _enter(request, found[0], _way(request))
        except Refused as error:
            form.add_error("code", str(error))
        else:
            request.session.cycle_key()
            request.session[FOUND] = {"people": [each.pk for each in found], "at": now.timestamp()}
            return redirect("access:code-who")
    return render(request, "access/code_enter.html", {"form": form, "minutes": secretcode.MINUTES})


@public(WHY)
@FORM
def who(request: Any) -> HttpResponse:
    """Who of those that share an address sits at the screen. Only the code leads here."""
    now, found = timezone.now(), request.session.get(FOUND)
    if not found or not 0 <= now.timestamp() - found["at"] < CHOOSING:
        return redirect("access:code-ask")
    household_ = household.those_who_may(found["people"], people.today(now))
    form = WhoForm(household_, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = next(each for each in household_ if each.pk == form.cleaned_data["person"])
        try:
            return _enter(request, chosen, _way(request), shared=len(household_))
        except Refused as error:
            form.add_error(None, str(error))
    return render(request, "access/code_who.html", {"form": form})


@public(WHY)
@FORM
def letter(request: Any) -> HttpResponse:
    """Sign in with the code of a letter."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _limit(request, "letter")
            return _enter(request, actions.use_letter(code=form.cleaned_data["code"], at=timezone.now()), "letter")
        except Refused as error:
            form.add_error("code", str(error))
    return render(request, "access/code_letter.html", {"form": form})


def _way(request: Any) -> str:
    """By which way the code came that was typed in: "code" by e-mail, "sms" by text message."""
    return "sms" if request.session.get(SENT, {}).get("by") == CodeAsk.By.SMS else "code"


def _enter(request: Any, person: Person, method: str, shared: int = 1) -> HttpResponse:
    """Sign somebody in. 325L.09: where the code went, and how many share the place, stays with the session."""
    account = actions.enter_by_code(
        actor=Actor(id=person.pk, name=person.name), person=person, method=method, at=timezone.now()
    )
    onward, sent = request.session.get(NEXT) or "/", request.session.get(SENT, {}) if method != "letter" else {}
    for key in (HANDLE, FOUND, NEXT, SENT):
        request.session.pop(key, None)
    login(request, account, backend=BACKEND)
    request.session.set_expiry(0)  # ends with the browser: the screen may be the library's
    record_authentication(request, account, method=method, to=sent.get("to", ""), shared=shared)
    request.session[queries.CODE_SESSION] = True
    note_session(request, account, [method])
    return redirect(onward)


def _limit(request: Any, action: str) -> None:
    if not ratelimit.consume(request, app="access", action=action, config=RATES):
        raise Refused(_("Too many tries came from your network just now. Wait ten minutes and try again."))


def _inside(request: Any, target: str) -> str:
    """A way back that stays in this house."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"
