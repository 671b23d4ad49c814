"""Sign in at the network: the address somebody comes from is theirs for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeroom.access import actions, leases, queries
from homeroom.access.models import Lease
from homeroom.base import client
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM


@needs()
@FORM
def signin(request: Any) -> HttpResponse:
    """V.A.7.4: tie this address to me, for a lesson at a shared machine or for a day at my own."""
    now, address, trouble = timezone.now(), client.address_of(request), ""
    if request.method == "POST":
        try:
            _refuse_half(request, now)
            actions.sign_in_here(
                actor=request.actor, address=address, shared=request.POST.get("machine") != "own",
                session=request.session.session_key, at=now,
            )  # fmt: skip
        except Refused as error:
            trouble = str(error)
        else:
            return redirect("access:signin")
    mine = list(Lease.objects.filter(person_id=request.actor.id, ended=None, until__gt=now).order_by("-created"))
    page = {
        "address": address,
        "mine": mine,
        "here": next((each for each in mine if each.address == address), None),
        "place": leases.Places().of(actions.spelt(address)) if address else None,
        "minutes": int(leases.SHARED.total_seconds() // 60),
        "hours": int(leases.OWN.total_seconds() // 3600),
        "trouble": trouble,
    }
    return render(request, "access/network_signin.html", page, status=409 if trouble else 200)


def _refuse_half(request: Any, now: datetime) -> None:
    """V.A.5a: a code in a mailbox at home opens no official's desk, and no official's filter either."""
    if queries.by_code(request) and queries.is_official(request.actor.id, queries.day(now)):
        raise Refused(_("You came in as a parent. Sign in as a member of staff to use the network here."))


@needs()
@require_POST
def leave(request: Any) -> HttpResponse:
    """V.A.7.4: give an address of mine back before its time."""
    pk = request.POST.get("lease", "")
    lease = Lease.objects.filter(pk=pk if pk.isdecimal() else 0, person_id=request.actor.id).first()
    try:
        if lease is None:
            raise Refused(_("This was ended already."))
        actions.end_lease(actor=request.actor, lease=lease, at=timezone.now(), reason="Signed out.")
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You are signed out at the network."))
    return redirect("access:signin")
