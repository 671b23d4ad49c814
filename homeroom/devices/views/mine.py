"""XIV.D: what students and parents see: what was lent, who looked into it, and what stands for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.devices import titles
from homeroom.devices.actions import resources as actions
from homeroom.devices.models import Loan
from homeroom.devices.queries import family, register, resources
from homeroom.devices.views.access import Line, lines
from homeroom.devices.views.shared import desk


@needs()
@require_safe
def mine(request: Any) -> HttpResponse:
    """XIV.C.0, XIV.D.1: one's own and one's children's: what is lent, every access and why, unless lawfully put off."""
    at_desk, features = desk(request), titles.features()
    people = family.mine(request.actor, at_desk.on)
    own = register.own(people, request.actor.id, at_desk.now)
    page = {
        "own": [(each, [_with_uses(line) for line in lines(each.accesses, at_desk.now)]) for each in own],
        "purposes": titles.purposes(),
        "programmes": [
            (row, ", ".join(features.get(each, each) for each in row.features)) for row in register.programmes()
        ],
        "words": resources.words(at_desk.on),
    }
    return render(request, "devices/mine.html", page)


def _with_uses(line: Line) -> Line:
    """XIV.C.0: when somebody did look, and at what; what was seen stays with those who may read it."""
    known = titles.features()
    looks = ((use.at, ", ".join(known.get(each, each) for each in use.features)) for use in line.access.uses.all())
    return replace(line, uses=tuple(looks))


@needs()
@FORM
def accept(request: Any, pk: int) -> HttpResponse:
    """XIV.A: read the words and accept them."""
    at_desk = desk(request)
    ids = [person.pk for person in family.mine(request.actor, at_desk.on)]
    loan = Loan.objects.filter(pk=pk, person_id__in=ids).select_related("resource", "person").first()
    if loan is None:
        raise Http404
    said = ""
    if request.method == "POST":
        try:
            actions.accept(actor=request.actor, loan=pk, sha256=request.POST.get("sha256", ""), at=at_desk.now)
        except Refused as error:
            said = str(error)
        else:
            messages.success(request, _("Accepted. You find these words here whenever you want to read them."))
            return redirect("devices:mine")
    return render(request, "devices/accept.html", {"loan": loan, "words": resources.words(at_desk.on), "said": said})
