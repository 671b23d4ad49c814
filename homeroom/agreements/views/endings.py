"""VIII.D.2, IX.B.1: what ends a student's use by a word of others: a parent's termination, a permission taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions
from homeroom.agreements.forms.office import AskedForm, AuthorityForm, OverruleForm, WithdrawForm
from homeroom.agreements.models import Agreement, Permission, Termination
from homeroom.agreements.views.papers import OFFICE
from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.notices.models import Letter
from homeroom.notices.queries import progress
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Guardianship, Person

DECIDE = ("technology_director", "building_administrator")


@needs(*OFFICE)
@require_safe
def terminations(request: Any) -> HttpResponse:
    """VIII.D.2: what parents asked for, those that wait for a look at a court order first."""
    rows = Termination.objects.filter(child__in=_reached(request)).select_related("child", "guardian")
    waiting = rows.filter(checked_at=None, declined_at=None, reversed_on=None).order_by("requested_at")
    page = {"waiting": waiting, "page": listing.page(request, rows.exclude(checked_at=None, declined_at=None))}
    return render(request, "agreements/terminations.html", page)


@needs(*OFFICE)
@FORM
def termination(request: Any, pk: int) -> HttpResponse:
    """VIII.D.2: one request: who asked, which orders are on record, and what an official found."""
    row = (
        Termination.objects.filter(pk=pk, child__in=_reached(request))
        .select_related("child", "guardian", "reversed_by")
        .first()
    )
    if row is None:
        raise Http404
    may = request.actor.holds(*DECIDE) and row.state == "requested"
    form = AuthorityForm(request.POST or None) if may else None
    if form is not None and form.is_bound and form.is_valid() and _decide(request, row, form):
        return redirect("agreements:terminations")
    bonds = Guardianship.objects.on(people.today(timezone.now())).filter(child=row.child).select_related("guardian")
    page = {
        "row": row, "form": form, "bonds": bonds.order_by("id"), "checker": _name(row.checked_by),
        "letter": _letter(request, row), "overrules": request.actor.holds(*DECIDE) and row.state == "executed",
    }  # fmt: skip
    return render(request, "agreements/termination.html", page)


@needs(*DECIDE)
@FORM
def overrule(request: Any, pk: int) -> HttpResponse:
    """VIII.D.2: the school opens an account that a parent ended, with a reason."""
    row = Termination.objects.filter(pk=pk, child__in=_reached(request)).select_related("child", "guardian").first()
    if row is None or row.state != "executed":
        raise Http404
    title = _("Open the account of %(name)s against a parent’s word") % {"name": row.child.name}
    lede = _("Every parent who ended it reads your reason. A fresh agreement opens and is signed anew by everybody.")
    return work(
        request, OverruleForm(request.POST or None),
        lambda said: actions.overrule_termination(
            actor=request.actor, at=timezone.now(), child=row.child_id, reason=said["reason"]
        ),
        done=_("A fresh agreement is open. It is signed anew by everybody."),
        to=lambda _row: ("agreements:termination", pk),
        page=page_of(title, "agreements:termination", _("Ended by parents"), _("Open it again"), pk, lede=lede),
    )  # fmt: skip


def _decide(request: Any, row: Termination, form: AuthorityForm) -> bool:
    said, how = form.cleaned_data, {"actor": request.actor, "at": timezone.now(), "termination": row}
    try:
        if said["may"] == "yes":
            actions.check_authority(**how, authority=said["words"])
            messages.success(request, _("The account is ended. It is closed at every door within a second."))
        else:
            actions.decline_termination(**how, reason=said["words"])
            messages.success(request, _("Declined. The account stays as it is."))
    except Refused as error:
        form.add_error(None, str(error))
        return False
    return True


@needs(*OFFICE)
@FORM
def asked(request: Any, child: str) -> HttpResponse:
    """VIII.D.2: a parent asked by telephone, by letter or in person; the office writes it down."""
    now = timezone.now()
    student = _reached(request).filter(pk=child).first()
    if student is None:
        raise Http404
    parents = people.parents(child, people.today(now))
    form = AskedForm(request.POST or None, parents=[(each.pk, each.name) for each in parents])
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            row = actions.request_termination(
                actor=request.actor, at=now, child=child, guardian=said["parent"], reason=said["reason"]
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            done = _("The account is ended. It is closed at every door within a second.")
            order = _("Written down. A court order is on record, so an administrator looks at it first.")
            messages.success(request, done if row.state == "executed" else order)
            return redirect("agreements:termination", row.pk)
    return render(request, "agreements/termination_asked.html", {"form": form, "student": student, "parents": parents})


@needs("teacher", "building_administrator")
@FORM
def permission(request: Any, pk: int) -> HttpResponse:
    """IX.B.1: who permitted a student's use; giving it, and taking it back with a reason."""
    agreement = Agreement.objects.select_related("person").filter(pk=pk, person__in=_reached(request)).first()
    if agreement is None or agreement.form_id != "student":
        raise Http404
    rows = list(Permission.objects.filter(agreement=agreement).select_related("by"))
    stands = any(each.withdrawn_on is None for each in rows)
    form = WithdrawForm(request.POST or None) if stands else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form is None:
                actions.permit(actor=request.actor, at=timezone.now(), agreement=agreement)
            else:
                actions.withdraw_permission(
                    actor=request.actor, at=timezone.now(), agreement=agreement, reason=form.cleaned_data["reason"]
                )
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Kept. It is in force at every door within a second."))
        return redirect("agreements:permission", pk)
    page = {"agreement": agreement, "rows": [(each, _name(each.withdrawn_by)) for each in rows], "form": form}
    return render(request, "agreements/permission.html", page)


def _reached(request: Any) -> QuerySet[Person]:
    on: date = people.today(timezone.now())
    return reach.persons(reach.of(request.actor, on), on)


def _letter(request: Any, row: Termination) -> Letter | None:
    """The letter that told the parent of the opening against their word, where one may see it."""
    rows = progress.letters(request.actor, people.today(timezone.now()))
    return rows.filter(notice__about=actions.opened_about(row)).first() if row.reversed_why else None


def _name(id: str) -> str:
    person = Person.objects.filter(pk=id).first() if id else None
    return person.name if person else id
