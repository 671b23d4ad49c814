"""XIII.D, Minn. Stat. 125B.022: who asks to read a contract, who is shown no advertising; also on paper or by phone."""

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
from homeroom.people.models import Person, Role
from homeroom.providers import actions
from homeroom.providers.forms.wishes import AdvertisingWishForm, AskedForm
from homeroom.providers.models import Contract
from homeroom.providers.queries import contracts
from homeroom.providers.queries import register as queries
from homeroom.providers.views.register import MANAGE, SEE

ASKED = ("id", "who", "contract", "wish", "asked", "answered", "answer", "denied by")
OUT = ("student", "name", "since")


@needs(*SEE)
@require_safe
def inspections(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIII.D: who asked to read what, the open ones first."""
    words = request.GET.get("q", "").strip()
    rows = queries.inspections_of(words).order_by("answered_at", "-id")
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="contract-requests", asked=request.GET, at=timezone.now())
        told = (
            (each.pk, each.person.name, each.contract.provider, each.wish, each.asked_at, each.answered_at,
             each.answer, each.citation)
            for each in rows
        )  # fmt: skip
        return listing.csv("contract-requests", ASKED, told)
    page = {"page": listing.page(request, rows), "words": words, "manages": request.actor.holds(*MANAGE)}
    return render(request, "providers/inspections.html", page)


@needs(*MANAGE)
@FORM
def enter(request: Any) -> HttpResponse:
    """XIII.D: what a parent or a student asked on paper, by phone or at the counter."""
    now = timezone.now()
    on = people.today(now)
    form = AskedForm(request.POST or None, among=_people(on, "guardian", "student"), contracts=contracts.active(on))
    return work(
        request, form, lambda said: actions.ask_inspection(actor=request.actor, at=now, **said),
        done=_("The clock runs."), to=lambda _row: ("providers:inspections",),
        page=page_of(_("Enter a request"), "providers:inspections", _("Requests to read a contract"), _("Enter it")),
    )  # fmt: skip


@needs(*MANAGE)
@require_safe
def opt_outs(request: Any, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Minn. Stat. 125B.022: the students whom this product shows no advertising, to be told to the provider."""
    row = _advertises(pk)
    held = queries.opt_outs(row)
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what=f"no-advertising-{pk}", asked=request.GET, at=timezone.now())
        told = ((each.student_id, each.student.name, each.at) for each in held)
        return listing.csv(f"no-advertising-{row.provider.slug}", OUT, told)
    return render(request, "providers/opt_outs.html", {"contract": row, "page": listing.page(request, held)})


@needs(*MANAGE)
@FORM
def opt_out(request: Any, pk: int) -> HttpResponse:
    """Minn. Stat. 125B.022: a parent's word that came on paper, by phone or at the counter."""
    row, now = _advertises(pk), timezone.now()
    form = AdvertisingWishForm(request.POST or None, among=_people(people.today(now), "student"))

    def do(said: dict[str, Any]) -> None:
        act = actions.opt_out if said["wish"] == "none" else actions.withdraw_opt_out
        student = Person.objects.get(pk=said["student"])
        act(actor=request.actor, at=now, contract=row, student=student, heard=said["heard"])

    page = page_of(_("A parent’s word about advertising"), "providers:opt-outs", row.provider.title, _("Save"), pk)
    return work(request, form, do, done=_("Saved."), to=lambda _row: ("providers:opt-outs", pk), page=page)


def _advertises(pk: int) -> Contract:
    row = contracts.contract(pk)
    if row is None or not row.provider.advertising:
        raise Http404
    return row


def _people(on: Any, *roles: str) -> Any:
    held = Role.objects.on(on).filter(role__in=roles).values("person_id")
    return Person.objects.filter(pk__in=held)
