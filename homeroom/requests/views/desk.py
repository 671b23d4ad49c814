"""VIII.D.1: the officials' page of requests for records, and one request from asking to answering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from homeroom.notices.models import Clock
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Person
from homeroom.requests import titles
from homeroom.requests.actions import data
from homeroom.requests.forms.requests import CheckForm, CloseForm, EnterForm, PartForm, RefuseForm
from homeroom.requests.models import DataRequest
from homeroom.requests.queries import data as queries
from homeroom.requests.views.mine import parts, wanted
from homeroom.requests.views.shared import DIRECTOR, OFFICIALS, SUPERINTENDENT

COLUMNS = ("id", "student", "asked by", "wants", "asked", "due", "state", "closed", "outcome", "law")


@needs(*OFFICIALS)
@require_safe
def desk(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VIII.D.1: every request within one's reach with its clock, the open ones first."""
    now = timezone.now()
    rows = queries.within(request.actor, people.today(now))
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(student__in=reach.find(Person.objects.all(), words))
    state = request.GET.get("state", "")
    if state in ("open", "closed"):
        rows = rows.filter(closed_at__isnull=state == "open")
    rows = rows.order_by("closed_at", "asked_at") if state != "closed" else rows.order_by("-closed_at")
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="data-requests", asked=request.GET, at=now)
        return listing.csv("data-requests", COLUMNS, _csv(rows[:5000], now))
    part = listing.page(request, rows)
    page = {"page": part, "rows": _lines(list(part), now), "filtered": bool(words or state), "state": state,
            "authorities": request.actor.holds(DIRECTOR, SUPERINTENDENT)}  # fmt: skip
    return render(request, "requests/desk.html", page)


@needs(*OFFICIALS)
@require_safe
def case(request: Any, pk: int) -> HttpResponse:
    """VIII.D.1: one request; each look is written into the journal."""
    now = timezone.now()
    row = data.look_at(actor=request.actor, request=_one(request, pk), at=now)
    known = titles.wants()
    page = {
        "row": row, "clock": queries.clock_of(row), "wants": wanted(row), "parts": parts(row),
        "open": [(kind, known[kind]) for kind in queries.open_kinds(row)],
        "cautions": [titles.cautions()[each] for each in queries.to_look_at(row, people.today(now))],
        "outcome": titles.outcomes()[row.outcome],
    }  # fmt: skip
    page["standing"] = titles.states()[page["clock"].state(now)] if page["clock"] else ("", "")
    return render(request, "requests/case.html", page)


@needs(*OFFICIALS)
@FORM
def enter(request: Any) -> HttpResponse:
    """VIII.D.1: what was asked on paper, by phone or at the counter."""
    now = timezone.now()
    form = EnterForm(request.POST or None, among=queries.students(request.actor, people.today(now)))
    return work(
        request, form, lambda said: data.enter(actor=request.actor, at=now, **said), done=_("The clock runs."),
        to=lambda row: ("requests:case", row.pk),
        page=page_of(_("Enter a request"), "requests:desk", _("Requests for records"), _("Enter it")),
    )  # fmt: skip


@needs(*OFFICIALS)
@FORM
def check(request: Any, pk: int) -> HttpResponse:
    """VIII.D.1: who asks, and with which right."""
    row, now = _one(request, pk), timezone.now()
    lede = " ".join(titles.cautions()[each] for each in queries.to_look_at(row, people.today(now)))
    return work(
        request, CheckForm(request.POST or None),
        lambda said: data.check(actor=request.actor, request=row, at=now, **said), done=_("Written down."),
        to=lambda _row: ("requests:case", pk), page=_page(_("Who asks, and with which right"), _("Save"), pk, lede),
    )  # fmt: skip


@needs(*OFFICIALS)
@FORM
def part(request: Any, pk: int, kind: str) -> HttpResponse:
    """VIII.D.1: one thing is shown, or kept back by a law."""
    row = _one(request, pk)
    if kind not in titles.wants():
        raise Http404
    return work(
        request, PartForm(request.POST or None, initial={"state": "given"}),
        lambda said: data.settle(actor=request.actor, request=row, kind=kind, at=timezone.now(), **said),
        done=_("Written down."), to=lambda _row: ("requests:case", pk),
        page=_page(titles.wants()[kind], _("Save"), pk),
    )  # fmt: skip


@needs(*OFFICIALS)
@FORM
def close(request: Any, pk: int) -> HttpResponse:
    """VIII.D.1: the answer; the clock stops."""
    row = _one(request, pk)
    return work(
        request, CloseForm(request.POST or None),
        lambda said: data.close(actor=request.actor, request=row, at=timezone.now(), **said),
        done=_("Answered, and the clock has stopped."), to=lambda _row: ("requests:case", pk),
        page=_page(_("Answer"), _("Answer"), pk),
    )  # fmt: skip


@needs(*OFFICIALS)
@FORM
def refuse(request: Any, pk: int) -> HttpResponse:
    """VIII.D.1: there is no right to it; a law is named."""
    row = _one(request, pk)
    return work(
        request, RefuseForm(request.POST or None),
        lambda said: data.refuse(actor=request.actor, request=row, at=timezone.now(), **said),
        done=_("Refused. Whoever asked reads why."), to=lambda _row: ("requests:case", pk),
        page=_page(_("Refuse by law"), _("Refuse"), pk),
    )  # fmt: skip


def _lines(rows: list[DataRequest], now: Any) -> list[tuple[Any, ...]]:
    clocks, states = queries.clocks(rows), titles.states()
    return [
        (row, wanted(row), clocks.get(row.pk), *(states[clocks[row.pk].state(now)] if row.pk in clocks else ("", "")))
        for row in rows
    ]  # fmt: skip


def _csv(rows: Iterable[DataRequest], now: Any) -> Iterator[tuple[object, ...]]:
    found = list(rows)
    clocks = queries.clocks(found)
    return (_line(row, clocks.get(row.pk), now) for row in found)


def _line(row: DataRequest, clock: Clock | None, now: Any) -> tuple[object, ...]:
    return (row.pk, row.student.name, row.asked_by.name, wanted(row), row.asked_at, clock.due_at if clock else "",
            clock.state(now) if clock else "", row.closed_at, row.outcome, row.citation)  # fmt: skip


def _one(request: Any, pk: int) -> DataRequest:
    row = queries.within(request.actor, people.today(timezone.now())).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _page(title: str, button: str, pk: int, lede: str = "") -> dict[str, Any]:
    return page_of(title, "requests:case", _("The request"), button, pk, lede=lede)
