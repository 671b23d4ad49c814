"""The yearly review: its clock, its packet, its outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions, queries
from homeroom.board import parameters as stated
from homeroom.board.forms.addenda import ReviewForm
from homeroom.board.models import Review
from homeroom.board.views.shared import BOARD, READERS, change, today


@needs(*READERS)
@require_safe
def review(request: Any) -> HttpResponse:
    """XVII.D: when the next review is due, the one under way, those held."""
    on = today()
    clock = queries.review_clock(on)
    page = {
        "clock": clock,
        "late": bool(clock and clock.due < on),
        "left": (clock.due - on).days if clock else 0,
        "open": queries.open_review(),
        "held": queries.reviews().exclude(held_on=None),
        "motion": [(row, each) for row in stated.table() for each in row.pending],
        "packet": _packet(),
        "on": on,
        "board": request.actor.holds(*BOARD),
    }
    return render(request, "board/review.html", page)


def _packet() -> str:
    """Where a higher app builds the packet; "" where this installation has none."""
    try:
        return reverse("ledger:packet")
    except NoReverseMatch:
        return ""


@needs(*BOARD)
@FORM
def begin(request: Any) -> HttpResponse:
    """XVII.D: begin the yearly review."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    return change(
        request, form, _("Begin the yearly review?"), actions.open_review, reverse("board:review"),
        said=_("The review is under way."), button=_("Begin"),
        hint=_("The packet shows what happened under each clause since the last review."),
    )  # fmt: skip


@needs(*BOARD)
@FORM
def close(request: Any, pk: int) -> HttpResponse:
    """XVII.D: the board held the review."""
    if not Review.objects.filter(pk=pk).exists():
        raise Http404
    return change(
        request, ReviewForm(request.POST or None), _("The review was held"), actions.close_review,
        reverse("board:review"), said=_("The review is written down; the next one is due in a year."),
        act_on={"review": pk},
    )  # fmt: skip
