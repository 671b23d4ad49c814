"""VIII.E.1, VIII.F: reviews of employees' files, and what authorities ask for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person
from homeroom.requests import titles
from homeroom.requests.actions import authority, staff
from homeroom.requests.forms.requests import AnswerForm, AuthorityForm, EndForm, ReviewForm
from homeroom.requests.models import AuthorityRequest
from homeroom.requests.queries import others as queries
from homeroom.requests.views.shared import DIRECTOR, OFFICIALS, SUPERINTENDENT

COLUMNS = ("id", "agency", "officer", "file", "about", "wants", "rests on", "received", "wanted by", "answered",
           "outcome", "handed over", "family")  # fmt: skip


@needs(*OFFICIALS)
@require_safe
def reviews(request: Any) -> HttpResponse:
    """VIII.E.1: whose files were looked into, by whom and why; never one's own."""
    rows = queries.reviews(request.actor, people.today(timezone.now()))
    return render(request, "requests/reviews.html", {"page": listing.page(request, rows)})


@needs(*OFFICIALS)
@FORM
def review_add(request: Any) -> HttpResponse:
    """VIII.E.1: written down before the look."""
    now = timezone.now()
    page = page_of(
        _("Look into an employee’s files"), "requests:reviews", _("Looks into employees’ files"), _("Write it down"),
        lede=_("The district may look at any time. Who looks, for which work and how far is written down before."),
    )  # fmt: skip
    return work(
        request, ReviewForm(request.POST or None, among=queries.staff(request.actor, people.today(now))),
        lambda said: staff.begin(actor=request.actor, at=now, **said), done=_("Written down. You may look now."),
        to=lambda _row: ("requests:reviews",), page=page,
    )  # fmt: skip


@needs(*OFFICIALS)
@FORM
def review_end(request: Any, pk: int) -> HttpResponse:
    """VIII.E.1: what came of it."""
    now = timezone.now()
    row = queries.reviews(request.actor, people.today(now)).filter(pk=pk).first()
    if row is None:
        raise Http404
    page = page_of(_("End the look"), "requests:reviews", _("Looks into employees’ files"), _("Save"), lede=row.reason)
    return work(
        request, EndForm(request.POST or None),
        lambda said: staff.end(actor=request.actor, review=row, at=now, **said), done=_("Written down."),
        to=lambda _row: ("requests:reviews",), page=page,
    )  # fmt: skip


@needs(DIRECTOR, SUPERINTENDENT)
@require_safe
def authorities(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VIII.F: what authorities asked for, the open ones first."""
    rows = queries.authorities().order_by("answered_at", "-received_at")
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="authority-requests", asked=request.GET, at=timezone.now())
        return listing.csv("authority-requests", COLUMNS, (_line(row) for row in rows.iterator(2000)))
    part, answers, bases = listing.page(request, rows), titles.answers(), titles.bases()
    on = people.today(timezone.now())
    page = {"page": part, "rows": [
        (row, bases[row.basis], *answers[row.outcome], not row.answered_at and row.wanted_by and row.wanted_by < on)
        for row in part
    ]}  # fmt: skip
    return render(request, "requests/authorities.html", page)


@needs(DIRECTOR, SUPERINTENDENT)
@FORM
def authority_add(request: Any) -> HttpResponse:
    """VIII.F: what came in, and what it rests on."""
    now = timezone.now()
    form = AuthorityForm(
        request.POST or None, among=Person.objects.all(),
        initial={"received_at": people.local(now).replace(tzinfo=None), "basis": "none"},
    )  # fmt: skip

    def do(said: dict[str, Any]) -> AuthorityRequest:
        received = min(said.pop("received_at"), now)
        return authority.receive(actor=request.actor, asked=authority.Asked(**said), received_at=received, at=now)

    page = page_of(
        _("An authority asks"), "requests:authorities", _("Requests of authorities"), _("Write it down"),
        lede=_("Nothing is handed over by this. Somebody decides, on a legal basis."),
    )  # fmt: skip
    return work(request, form, do, done=_("Written down."), to=lambda row: ("requests:authority", row.pk), page=page)


@needs(DIRECTOR, SUPERINTENDENT)
@FORM
def authority_answer(request: Any, pk: int) -> HttpResponse:
    """VIII.F: what the district did; each look is written into the journal."""
    now = timezone.now()
    row = queries.authorities().filter(pk=pk).first()
    if row is None:
        raise Http404
    authority.look_at(actor=request.actor, request=row, at=now)
    form = AnswerForm(request.POST or None, initial={"basis": row.basis, "basis_words": row.basis_words})
    page = page_of(row.agency, "requests:authorities", _("Requests of authorities"), _("Save the answer"))
    shown = {"row": row, "basis": titles.bases()[row.basis], "answer": titles.answers()[row.outcome],
             "family": titles.family().get(row.family, "")}  # fmt: skip
    return work(
        request, form, lambda said: authority.answer(actor=request.actor, request=row, at=now, **said),
        done=_("Written down."), to=lambda _row: ("requests:authorities",), page={**page, **shown},
        template="requests/authority.html",
    )  # fmt: skip


def _line(row: AuthorityRequest) -> tuple[object, ...]:
    return (row.pk, row.agency, row.officer, row.reference, row.person.name if row.person else "", row.wants, row.basis,
            row.received_at, row.wanted_by, row.answered_at, row.outcome, row.disclosed, row.family)  # fmt: skip
