"""IX.C.2, VIII.D.2, XII.B: a parent's pages: what is signed for each child, ending an account, other activities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions
from homeroom.agreements.forms.pages import AnswerForm, EndForm, InsteadForm
from homeroom.agreements.models import Alternative
from homeroom.agreements.queries import family
from homeroom.agreements.views import said
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people.models import Person


@needs("guardian")
@require_safe
def children(request: Any) -> HttpResponse:
    """IX.C.2: my children: what is signed, what is missing, and what I may do about it."""
    on = people.today(timezone.now())
    found = family.children(request.actor, on)
    standings = request.standings([each.person.pk for each in found], on) if found else {}
    rows = [(each, standings[each.person.pk].open, said.reasons_of(standings[each.person.pk])) for each in found]
    page = {
        "rows": rows,
        "waiting": sum(1 for each in found if each.mine is not None and each.mine.waits),
        "states": said.alternative_states(),
        "scopes": said.scopes(),
    }
    return render(request, "agreements/children.html", page)


@needs("guardian")
@FORM
def end(request: Any, pk: str) -> HttpResponse:
    """VIII.D.2: end a child's account."""
    child, form = _child(request, pk), EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.request_termination(
                actor=request.actor, at=timezone.now(), child=pk, guardian=request.actor.id,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            done = _("The account is ended. It is closed at every door within a second.")
            messages.success(request, done if row.state == "executed" else _("Your request is with the school office."))
            return redirect("agreements:children")
    return _form(request, form, child, "end")


@needs("guardian")
@FORM
def again(request: Any, pk: str) -> HttpResponse:
    """C.2: ask for the account again; then the agreement is signed anew."""
    child = _child(request, pk)
    if request.method == "POST":
        try:
            actions.reverse_termination(actor=request.actor, at=timezone.now(), child=pk, guardian=request.actor.id)
        except Refused as error:
            messages.error(request, str(error))
        else:
            again = _("A fresh agreement is open. It is signed anew by everybody.")
            stays = _("Your word is taken back. Another parent ended the account as well, so it stays closed.")
            messages.success(request, stays if family.still_ended(pk) else again)
        return redirect("agreements:children")
    return _form(request, forms.Form(), child, "again")


@needs("guardian")
@FORM
def instead(request: Any, pk: str) -> HttpResponse:
    """XII.B.0b: ask for activities without the Internet."""
    child, form = _child(request, pk), InsteadForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.request_alternative(
                actor=request.actor, at=timezone.now(), student=pk, asked_by=request.actor.id, **form.cleaned_data
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The teacher has your request and answers with a plan."))
            return redirect("agreements:children")
    return _form(request, form, child, "instead")


@needs("guardian")
@FORM
def instead_over(request: Any, pk: int) -> HttpResponse:
    """C.3: whoever asked for other activities wants the Internet again."""
    row = _asked(request, pk)
    if request.method == "POST":
        try:
            actions.end_alternative(actor=request.actor, at=timezone.now(), alternative=row)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Ended. The teacher sees it."))
        return redirect("agreements:children")
    return render(request, "agreements/family_over.html", {"row": row, "scopes": said.scopes()})


@needs("guardian")
@FORM
def answer(request: Any, pk: int) -> HttpResponse:
    """C.3: accept the teacher's plan, or say what should be different."""
    row = _asked(request, pk)
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.answer_alternative(
                actor=request.actor, at=timezone.now(), alternative=row,
                accepted=form.cleaned_data["accepted"] == "yes", words=form.cleaned_data["words"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The teacher has your answer."))
            return redirect("agreements:children")
    return render(request, "agreements/answer.html", {"row": row, "form": form})


def _asked(request: Any, pk: int) -> Alternative:
    """What I asked for, while the child is still mine to ask for."""
    row = Alternative.objects.filter(pk=pk, asked_by=request.actor.id).select_related("student", "teacher").first()
    if row is None:
        raise Http404
    _child(request, row.student_id)
    return row


def _child(request: Any, pk: str) -> Person:
    child = family.child(request.actor, pk, people.today(timezone.now()))
    if child is None:
        raise Http404
    return child


def _form(request: Any, form: forms.Form, child: Person, what: str) -> HttpResponse:
    return render(request, f"agreements/family_{what}.html", {"form": form, "child": child})
