"""Categories: what each is in law, and what the district chose."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.filtering import tables, titles
from homeroom.filtering.actions import choices as actions
from homeroom.filtering.forms.lists import ChoiceForm, ReasonForm
from homeroom.filtering.models import Audience, CategoryChoice
from homeroom.filtering.queries import choices as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR, TEACHER, refuse


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@require_safe
def categories(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VI: the reviewed table: legal class, reason, and for whom each category is blocked."""
    rows = queries.categories()
    if listing.wants_csv(request):
        header = ("id", "title", "legal", "clause", "entries", *Audience.values, "reason")
        return listing.csv("categories", header, (_line(each) for each in rows))
    words = request.GET.get("q", "").strip().casefold()
    if words:
        rows = tuple(each for each in rows if words in _words(each))
    page = {
        "groups": [
            ("law", [each for each in rows if each.legal]),
            ("safety", [each for each in rows if not each.legal and each.kind == "safety"]),
            ("district", [each for each in rows if not each.legal and each.kind != "safety" and not each.sensitive]),
            ("sensitive", [each for each in rows if not each.legal and each.sensitive]),
        ],
        "alternative": queries.alternative(),
        "director": request.actor.holds(DIRECTOR),
        "found": len(rows),
    }
    return render(request, "filtering/categories.html", page)


def _words(each: queries.CategoryView) -> str:
    return f"{each.id} {each.title} {titles.title(each.id)} {each.reason}".casefold()


def _line(each: queries.CategoryView) -> tuple[object, ...]:
    held = [audience.state for audience in each.audiences]
    return (each.id, each.title, " ".join(each.legal), each.clause, each.entries, *held, each.reason)


@needs(DIRECTOR)
@FORM
def choose(request: Any, category: str, audience: str) -> HttpResponse:
    """III.2: block or open a category for an audience, with a reason."""
    row, held = _find(category, audience)
    if held.locked:
        return render(request, "filtering/category_locked.html", {"category": row, "held": held}, status=403)
    chosen = CategoryChoice.objects.filter(category=category, audience=audience).first()
    initial = {"blocked": "no" if held.state == "blocked" else "yes"}
    form = ChoiceForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.choose_category(
                actor=request.actor, audience=audience, category=category, at=timezone.now(), **form.cleaned_data
            )
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved. It is in force at every door within a second."))
            return redirect("filtering:categories")
    page = {
        "form": form,
        "category": row,
        "held": held,
        "chosen": chosen,
        "decide_first": row.sensitive and not row.decided,
    }
    return render(request, "filtering/category.html", page)


@needs(DIRECTOR)
@FORM
def decide(request: Any, category: str) -> HttpResponse:
    """VI.Alt3.C: record why a category of topic or viewpoint may be blocked at all."""
    row = _row(category)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.decide_sensitive(actor=request.actor, category=category, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("The decision is on record. Now choose for whom it is blocked."))
            return redirect("filtering:categories")
    return render(request, "filtering/category_decide.html", {"form": form, "category": row})


def _row(category: str) -> queries.CategoryView:
    if category not in tables.categories():
        raise Http404
    return next(each for each in queries.categories() if each.id == category)


def _find(category: str, audience: str) -> tuple[queries.CategoryView, queries.Held]:
    row = _row(category)
    held = next((each for each in row.audiences if each.audience == audience), None)
    if held is None:
        raise Http404
    return row, held
