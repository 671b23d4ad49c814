"""V.C: telling an accident by name, and the desk of those to whom accidents come."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.board import queries as board
from homeroom.filtering import titles
from homeroom.filtering.actions import accidents as actions
from homeroom.filtering.forms.reviews import CloseForm, TellForm
from homeroom.filtering.queries import accidents as queries
from homeroom.filtering.queries import pages
from homeroom.filtering.queries.accidents import Accident
from homeroom.people import queries as people
from homeroom.people.models import STAFF


@needs("student", *STAFF)
@FORM
def tell(request: Any) -> HttpResponse:
    """V.C.1, V.C.2: say what one came upon by accident; an employee's goes to their administrator and supervisor."""
    now = timezone.now()
    student = request.actor.holds("student")
    if student:
        lede = _(
            "It happens. Say so at once; that is no admission of anything, and may count in your favor. It goes to the "
            "building administrator of your school."
        )
    else:
        lede = _(
            "It happens. Say so at once; that is no admission of anything, and may count in your favor. It goes to the "
            "building administrator of your school, and to your supervisor where the roster names one."
        )
    back = ("agreements:mine", _("My agreement")) if student else ("home", _("Today"))
    return work(
        request, TellForm(request.POST or None),
        lambda said: actions.tell_accident(
            actor=request.actor, at=now, site=said["site"], met_at=said["met_at"] or now, words=said["words"]
        ),
        done=_("Thank you. It is on the desk of the official now."), to=lambda _row: ("filtering:accident-tell",),
        page=page_of(_("I came upon something by accident"), *back, _("Tell it"), lede=lede),
    )  # fmt: skip


@needs(*STAFF)
@require_safe
def accidents(request: Any) -> HttpResponse:
    """V.C.1: what was told and waits to be read, the oldest first; or what is closed. By name, or on block pages."""
    closed, named = request.GET.get("state") == "closed", request.GET.get("told") != "block-page"
    of = {each: _mine(request, named=each) for each in (True, False)}
    waiting = {each: rows.filter(closed_at=None) for each, rows in of.items()}
    rows = of[named].exclude(closed_at=None) if closed else waiting[named].reverse()
    page = {
        "page": listing.page(request, rows), "closed": closed, "named": named,
        "by_name": waiting[True].count(), "on_pages": waiting[False].count(),
        "days": board.kept(queries.KEPT, timezone.now()).days,
    }  # fmt: skip
    return render(request, "filtering/accidents.html", page)


@needs(*STAFF)
@FORM
def accident(request: Any, told: str, pk: int) -> HttpResponse:
    """V.C.1: one of them, and the note with which it is closed."""
    now, named = timezone.now(), told == "named"
    row = _mine(request, named=named).filter(pk=pk).first()
    if row is None or told not in ("named", "block-page"):
        raise Http404
    form = CloseForm(request.POST or None) if row.closed_at is None else None
    if form is not None and form.is_bound and form.is_valid():
        try:
            actions.close_accident(actor=request.actor, at=now, accident=row, note=form.cleaned_data["note"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Closed."))
            return redirect("filtering:accidents")
    actions.look_at_accident(actor=request.actor, at=now, accident=row)
    return render(request, "filtering/accident.html", {"row": row, "form": form, "named": named, **_words(row)})


def _mine(request: Any, *, named: bool) -> QuerySet[Any]:
    on = people.today(timezone.now())
    return queries.named(request.actor, on) if named else queries.on_block_pages(request.actor, on)


def _words(row: Accident) -> dict[str, str]:
    school = pages.titles([f"school:{row.school}"])[f"school:{row.school}"] if row.school else ""
    return {"title": titles.title(row.category) if getattr(row, "category", "") else "", "school": school}
