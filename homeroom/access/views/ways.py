"""My ways in: sessions, second steps, tokens; each can be ended by its owner, sessions by the director as well."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from homeroom.access import actions, queries, sessions
from homeroom.access.models import Account, DohToken, Identity
from homeroom.base import posted
from homeroom.base.errors import Refused
from homeroom.base.needs import needs


@needs()
@require_safe
def devices(request: Any) -> HttpResponse:
    """V.A.7.3: where I am signed in, and what signs me in."""
    now = timezone.now()
    page = {
        "sessions": sessions.live(request.user, now),
        "here": request.session.session_key,
        "identities": request.user.identities.all(),
        "tokens": DohToken.objects.filter(person_id=request.actor.id, ended=None).order_by("-created"),
        "factor": queries.has_second_factor(request.user),
        "may_change": not (queries.by_code(request) and queries.is_official(request.actor.id, queries.day(now))),
        "password": request.user.has_usable_password(),
    }
    return render(request, "access/ways.html", page)


@needs()
@require_POST
def end_sessions(request: Any) -> HttpResponse:
    """V.A.7.3: end one session of mine, or all but this one."""
    only = request.POST.get("session", "")
    count = actions.end_sittings(
        actor=request.actor, account=request.user, at=timezone.now(), keep=request.session.session_key,
        only=int(only) if only.isdecimal() else None,
    )  # fmt: skip
    messages.success(request, _ended(count))
    return redirect("access:devices")


@needs("technology_director")
@require_POST
def end_sessions_of(request: Any, id: str) -> HttpResponse:
    """V.A.7.3: the director ends all sessions of somebody, such as after a lost laptop."""
    account = Account.objects.filter(person_id=id).first()
    if account is None:
        raise Http404
    count = actions.end_sittings(actor=request.actor, account=account, at=timezone.now())
    messages.success(request, _ended(count))
    return redirect("access:person", id)


@needs("technology_director")
@require_POST
def untie(request: Any, pk: int) -> HttpResponse:
    """V.A.7.4: the director unties a school account, such as one whose address was given to somebody new."""
    identity = get_object_or_404(Identity.objects.select_related("account"), pk=pk)
    try:
        reason = posted.words(request, "reason", 500)
        actions.untie_identity(actor=request.actor, identity=identity, at=timezone.now(), reason=reason)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Untied. The next sign-in is matched by the e-mail address."))
    return redirect("access:person", identity.account.person_id)


@needs()
@require_POST
def end_token(request: Any, pk: int) -> HttpResponse:
    """V.A.7.4: take back a token of mine that I do not know or need."""
    token = get_object_or_404(DohToken, pk=pk, person_id=request.actor.id)
    try:
        actions.end_token(actor=request.actor, token=token, at=timezone.now(), reason="Ended by its owner.")
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The token has ended. A device that used it is now a stranger."))
    return redirect("access:devices")


def _ended(count: int) -> str:
    return ngettext("%d session has ended.", "%d sessions have ended.", count) % count
