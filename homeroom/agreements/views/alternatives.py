"""XII.B.0b, C.3: activities without the Internet: the teacher's plans, and the office's view of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions
from homeroom.agreements.forms.office import OverForm
from homeroom.agreements.forms.pages import PlanForm, StartForm
from homeroom.agreements.models import Alternative
from homeroom.agreements.views import said
from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people import reach

ROLES = ("teacher", "building_administrator", "technology_director", "clerk")
COLUMNS = ("student", "name", "scope", "state", "due", "teacher")


@needs(*ROLES)
@require_safe
def alternatives(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XII.B.0b: the requests that my role reaches, the most urgent first."""
    on = people.today(timezone.now())
    rows = _reached(request, on)
    over = request.GET.get("state") == "ended"
    rows = rows.filter(ended_on__isnull=not over).order_by("due_on", "id")
    if listing.wants_csv(request):
        lines = ((r.student_id, r.student.name, r.scope, r.state, r.due_on, r.teacher or "") for r in rows)
        return listing.csv("alternatives", COLUMNS, lines)
    page = {
        "page": listing.page(request, rows), "over": over, "on": on, "states": said.alternative_states(),
        "scopes": said.scopes(),
    }  # fmt: skip
    return render(request, "agreements/alternatives.html", page)


@needs(*ROLES)
@FORM
def one(request: Any, pk: int) -> HttpResponse:
    """C.3: one request: the plan, the answer, from when it is in effect."""
    now = timezone.now()
    row = _reached(request, people.today(now)).filter(pk=pk).first()
    if row is None:
        raise Http404
    over = OverForm(request.POST if "over" in request.POST else None) if row.state != "ended" else None
    if over is not None and over.is_bound and over.is_valid():
        return _end(request, row, over.cleaned_data["reason"])
    form = _form(request, row)
    if form is not None and form.is_bound and form.is_valid():
        try:
            _act(request, row, form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("agreements:alternative", pk)
    page = {"row": row, "form": form, "over": over, "states": said.alternative_states(), "scopes": said.scopes()}
    return render(request, "agreements/alternative.html", page)


def _end(request: Any, row: Alternative, reason: str) -> HttpResponse:
    """C.3: it ends, as the office or the teacher notes; a network that was closed for it opens again."""
    try:
        actions.end_alternative(actor=request.actor, at=timezone.now(), alternative=row, reason=reason)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Ended."))
    return redirect("agreements:alternative", row.pk)


def _form(request: Any, row: Alternative) -> PlanForm | StartForm | None:
    if row.state in ("requested", "explained", "disputed"):
        return PlanForm(_sent(request), initial={"plan": row.plan})
    return StartForm(_sent(request)) if row.state == "accepted" else None


def _sent(request: Any) -> Any:
    return request.POST if request.method == "POST" and "over" not in request.POST else None


def _act(request: Any, row: Alternative, values: dict[str, Any]) -> None:
    now = timezone.now()
    if "from_day" in values:
        actions.start_alternative(actor=request.actor, at=now, alternative=row, from_day=values["from_day"])
    elif values["plan"].strip() or row.state != "requested":
        actions.offer_alternative(actor=request.actor, at=now, alternative=row, plan=values["plan"])
    else:
        actions.explain_alternative(actor=request.actor, at=now, alternative=row, explanation=values["explanation"])


def _reached(request: Any, on: Any) -> QuerySet[Alternative]:
    mine = reach.persons(reach.of(request.actor, on), on)
    rows = Alternative.objects.select_related("student", "teacher", "asked_by")
    return rows.filter(Q(student__in=mine) | Q(teacher=request.actor.id))
