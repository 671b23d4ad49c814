"""Addenda: forms, guidelines and procedures on their way into the policy."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions, queries
from homeroom.board.forms.addenda import AddendumForm, ApproveForm, EndForm, RereadForm
from homeroom.board.forms.fields import ReasonForm
from homeroom.board.models import Addendum, AddendumKind, AddendumState
from homeroom.board.views.shared import ADMINISTRATION, BOARD, READERS, change, one_form, today
from homeroom.journal import queries as journal

COLUMNS = (
    "number", "kind", "title", "subject", "sha256", "state", "approved_on", "effective_on", "until_day", "minutes",
)  # fmt: skip


@needs(*READERS)
@require_safe
def addenda(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XVII.A: all addenda with search and filters, and which notices wait to be read again (XVII.B)."""
    found = _filtered(queries.addenda(), request.GET)
    if listing.wants_csv(request):
        return listing.csv("addenda", COLUMNS, ([getattr(each, name) for name in COLUMNS] for each in found.iterator()))
    part, on = listing.page(request, found), today()
    page = {
        "page": part,
        "rows": [(each, queries.standing(each, on)) for each in part],
        "states": AddendumState.choices,
        "kinds": AddendumKind.choices,
        "waiting": queries.waiting(),
        "unread": queries.unread(on),
        "may_draft": request.actor.holds(*ADMINISTRATION),
        "filtered": any(request.GET.get(key) for key in ("q", "state", "kind")),
    }
    return render(request, "board/addenda.html", page)


def _filtered(rows: Any, asked: Any) -> Any:
    if words := asked.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=words) | Q(subject__icontains=words) | Q(number=words))
    if asked.get("state") in AddendumState.values:
        rows = rows.filter(state=asked["state"])
    if asked.get("kind") in AddendumKind.values:
        rows = rows.filter(kind=asked["kind"])
    return rows


@needs(*ADMINISTRATION)
@FORM
def add(request: Any) -> HttpResponse:
    """XVII.A.1: draft a guideline, procedure or form from a file; the file's hash says which words are meant."""
    form = AddendumForm(request.POST or None, request.FILES or None)

    def do(said: dict[str, Any]) -> str:
        row = actions.draft_addendum(
            actor=request.actor, at=timezone.now(), subject=f"{said['kind']}:{said['title'].strip()}"[:200],
            kind=said["kind"], title=said["title"], sha256=hashlib.sha256(said["file"].read()).hexdigest(),
        )  # fmt: skip
        return _back(row.pk)

    return one_form(request, form, do, title=_("Draft an addendum"), back=reverse("board:addenda"))


@needs(*READERS)
@require_safe
def addendum(request: Any, pk: int) -> HttpResponse:
    """XVII.A.2: one addendum with its history and its next step."""
    row = _the_addendum(pk)
    page = {
        "addendum": row,
        "standing": queries.standing(row, today()),
        "history": journal.about(f"addendum:{pk}")[:50],
        "may_draft": request.actor.holds(*ADMINISTRATION),
        "board": request.actor.holds(*BOARD),
    }
    return render(request, "board/addendum.html", page)


@needs(*ADMINISTRATION)
@FORM
def submit(request: Any, pk: int) -> HttpResponse:
    """XVII.A.1: hand it to the board."""
    row = _the_addendum(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return change(
        request, form, _("Hand it to the board?"), actions.submit_addendum, _back(pk),
        said=_("The board has it before it now."), hint=row.title, button=_("Hand it in"), act_on={"addendum": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def approve(request: Any, pk: int) -> HttpResponse:
    """XVII.A.2: the board approved it."""
    row = _the_addendum(pk)
    return change(
        request, ApproveForm(request.POST or None), _("The board approved it"), actions.approve_addendum, _back(pk),
        said=_("The approval is written down."), hint=row.title, act_on={"addendum": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def give_back(request: Any, pk: int) -> HttpResponse:
    """XVII.A.2: the board returned it."""
    row = _the_addendum(pk)
    return change(
        request, ReasonForm(request.POST or None), _("The board returned it"), actions.return_addendum, _back(pk),
        said=_("It is returned, with the reason."), hint=row.title, act_on={"addendum": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def end(request: Any, pk: int) -> HttpResponse:
    """XVII.A.2: it leaves the policy."""
    row = _the_addendum(pk)
    return change(
        request, EndForm(request.POST or None), _("It leaves the policy"), actions.end_addendum, _back(pk),
        said=_("Its last day is written down."), hint=row.title, act_on={"addendum": pk},
    )  # fmt: skip


@needs(*ADMINISTRATION)
@FORM
def reread(request: Any, change_id: str, pk: int) -> HttpResponse:
    """XVII.B: a notice was read again after a change."""
    row = _the_addendum(pk)
    return change(
        request, RereadForm(request.POST or None), _("Read again: %(title)s") % {"title": row.title}, actions.reread,
        reverse("board:addenda"), said=_("It is written down."),
        act_on={"change": change_id, "what": f"addendum:{pk}"},
        hint=_("Does the notice still say what the policy says now? If not, draft a new version of it."),
    )  # fmt: skip


def _the_addendum(pk: int) -> Addendum:
    row = queries.addendum(pk)
    if row is None:
        raise Http404
    return row


def _back(pk: int) -> str:
    return reverse("board:addendum", args=[pk])
