"""One person's page: what they are on a day, whether the network is open to them and why not, and restrictions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.access import actions, sessions
from homeroom.access.actions import records
from homeroom.access.actions.restrictions import DECIDERS
from homeroom.access.forms.restrictions import LiftForm, RestrictForm, WordsForm
from homeroom.access.models import Account, Restriction
from homeroom.access.views.letters import OFFICE
from homeroom.agreements.queries import papers as agreements
from homeroom.agreements.views.said import reasons_of
from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import STAFF, Person

MAY_ASK = ("technology_director", "building_administrator", "teacher")


@needs("technology_director", "building_administrator", "teacher", "clerk")
@require_safe
def person(request: Any, id: str) -> HttpResponse:
    """IV.1: somebody's record on a day, for those whose role reaches it today; each look is written down."""
    now = timezone.now()
    on = people.today(now)
    row = _reached(request, id, on)
    day = _day(request.GET.get("on", ""))
    record = records.look_at(actor=request.actor, person=row, at=now, on=day)
    director = request.actor.holds("technology_director")
    account = Account.objects.filter(person=row).first() if director else None
    page = {
        "record": record,
        "reasons": reasons_of(record.standing, of_another=not request.actor.holds(*DECIDERS)),
        "decisions": _decisions(request, record),
        "why": request.actor.holds(*MAY_ASK),
        "decides": request.actor.holds(*DECIDERS),
        "today": record.on == on,
        "director": director,
        "sessions": sessions.live(account, now) if account else (),
        "identities": account.identities.all() if account else (),
        "agreements": agreements.printable([row.pk]),
        "permits": request.actor.holds("teacher", "building_administrator"),
        "office": request.actor.holds(*OFFICE) and record.is_student,
        "kept_out": people.kept_out(row.pk, on) if request.actor.holds(*OFFICE) else (),
    }
    return render(request, "access/person.html", page)


@needs("student", "guardian", *STAFF)
@require_safe
def decisions(request: Any) -> HttpResponse:
    """IV.2a: what was decided about oneself and one's children, why, by whom, and what became of it."""
    on = people.today(timezone.now())
    ids = [request.actor.id, *(each.pk for each in people.children(request.actor.id, on))]
    rows = Restriction.objects.filter(person__in=ids).select_related("person")
    return render(request, "access/decisions.html", {"page": listing.page(request, rows)})


@needs("technology_director", "building_administrator")
@FORM
def restrict(request: Any, id: str) -> HttpResponse:
    """IV.2a: suspend or cancel somebody's use."""
    now = timezone.now()
    row = _reached(request, id, people.today(now))
    form = RestrictForm(request.POST or None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            actions.restrict(
                actor=request.actor, at=now, person=row, reason=values["reason"], cancel=values["kind"] == "cancel",
                last_day=values["last_day"] if values["kind"] == "suspend" else None,
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Decided. It is in force at every door within a second."))
            return redirect("access:person", id)
    return _form(request, form, row, "restrict")


@needs("technology_director", "building_administrator")
@FORM
def lift(request: Any, pk: int) -> HttpResponse:
    """IV.2a: end a restriction before its time."""
    row, form = _restriction(request, pk), LiftForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.lift(actor=request.actor, at=timezone.now(), restriction=row, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Lifted."))
            return redirect("access:person", row.person_id)
    return _form(request, form, row.person, "lift")


@needs("technology_director", "building_administrator", "clerk")
@FORM
def appeal(request: Any, pk: int) -> HttpResponse:
    """IV.2a: write down what is said against a restriction."""
    row, form = _restriction(request, pk), WordsForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.appeal(actor=request.actor, at=timezone.now(), restriction=row, words=form.cleaned_data["words"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept. Whoever decides sees it on this page."))
            return redirect("access:person", row.person_id)
    return _form(request, form, row.person, "appeal")


def _form(request: Any, form: forms.Form, row: Person, what: str) -> HttpResponse:
    return render(request, "access/restrict.html", {"form": form, "person": row, "what": what})


def _reached(request: Any, id: str, on: date) -> Person:
    row = reach.persons(reach.of(request.actor, on), on).filter(pk=id).first()
    if row is None:
        raise Http404
    return row


def _restriction(request: Any, pk: int) -> Restriction:
    row = Restriction.objects.select_related("person").filter(pk=pk).first()
    if row is None:
        raise Http404
    _reached(request, row.person_id, people.today(timezone.now()))
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _decisions(request: Any, record: records.Record) -> tuple[Restriction, ...]:
    """IV.2a: the decisions as far as somebody may read them: those who decide all of them and why; others only those
    in force that day, without the reason, to know whom to ask."""
    if request.actor.holds(*DECIDERS):
        return record.restrictions
    return tuple(
        Restriction(pk=each.pk, person=each.person, decided_name=each.decided_name)
        for each in record.restrictions
        if each.holds(record.on)
    )
