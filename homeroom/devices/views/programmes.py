"""XIV.C.0, VIII.C: programmes, written suspicions, the console's findings, discoveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.devices import titles
from homeroom.devices.actions import announcing, console, programmes, suspicion
from homeroom.devices.forms.access import AnswerForm
from homeroom.devices.forms.programmes import (
    DiscoveryForm,
    FindingForm,
    ProgrammeForm,
    ReviewForm,
    SuspicionForm,
    TellForm,
)
from homeroom.devices.forms.resources import FileForm
from homeroom.devices.models import ConsoleAct, Discovery, Programme
from homeroom.devices.queries import matching, register, told
from homeroom.devices.views.shared import ADMINISTRATOR, DIRECTOR, Desk, desk, officials
from homeroom.journal import actions as journal

SUSPECTED = ("id", "person", "clause", "facts", "scope", "written by", "written", "judged by", "reasonable",
             "not reasonable", "answer")  # fmt: skip
ACTED = ("id", "console", "when", "who", "act", "looked at", "device", "access", "programme", "answered by", "answer")
FOUND = ("id", "found", "work", "programme", "access", "found by", "when", "who has it")


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def programme_list(request: Any) -> HttpResponse:
    """XIV.C.0: the standing ways of looking, and when each is looked at again."""
    at_desk, features, grounds = desk(request), titles.features(), titles.grounds()
    part = listing.page(request, Programme.objects.order_by("-ended_at", "name"))
    rows = [(row, ", ".join(features.get(each, each) for each in row.features), grounds[row.ground]) for row in part]
    told_ones, students = told.reached(at_desk.on)
    page = {
        "page": part, "rows": rows, "on": at_desk.on, "director": at_desk.actor.holds(DIRECTOR),
        "told": told_ones, "students": students,
    }  # fmt: skip
    return render(request, "devices/programmes.html", page)


@needs(DIRECTOR)
@FORM
def programme_add(request: Any) -> HttpResponse:
    """XIV.C.0: authorise a programme that somebody else asks for."""
    at_desk = desk(request)

    def do(said: dict[str, Any]) -> Programme:
        asked_by = said.pop("asked_by")
        return programmes.authorise(
            actor=request.actor, plan=programmes.Plan(**said), asked_by=asked_by, at=at_desk.now
        )

    page = page_of(
        _("Authorize a programme"), "devices:programmes", _("Programmes"), _("Authorize"),
        lede=_("A programme stands for a year. Tell the students and their parents before it begins."),
    )  # fmt: skip
    return work(request, ProgrammeForm(request.POST or None, officials=officials(at_desk)), do,
                done=_("The programme stands."), to=lambda _row: ("devices:programmes",), page=page)  # fmt: skip


@needs(DIRECTOR)
@FORM
def programme_tell(request: Any) -> HttpResponse:
    """XIV.C.1b: the notice that goes out before anybody looks."""
    at_desk = desk(request)
    page = page_of(
        _("Tell students and parents"), "devices:programmes", _("Programmes"), _("Make a draft"),
        lede=_("It is built from the programmes that stand. You release it under Notices."),
    )  # fmt: skip
    return work(
        request, TellForm(request.POST or None),
        lambda said: announcing.plan_notice(actor=request.actor, at=at_desk.now, **said),
        done=_("Planned. Look at whom it reaches, then let it go out."), to=lambda row: ("notices:notice", row.pk),
        page=page,
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def programme_review(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: the yearly look."""
    at_desk, row = desk(request), Programme.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return work(
        request, ReviewForm(request.POST or None),
        lambda said: programmes.review(
            actor=request.actor, programme=pk, keep=said["keep"] == "yes", words=said["words"], at=at_desk.now
        ),
        done=_("Written down."), to=lambda _row: ("devices:programmes",),
        page=page_of(
            _("Look at %(name)s again") % {"name": row.name}, "devices:programmes", _("Programmes"), _("Save")
        ),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def suspicions(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VIII.C.1: the written suspicions within one's reach."""
    at_desk, words = desk(request), request.GET.get("q", "").strip()
    rows = register.suspicions(at_desk.reach, at_desk.on, words)
    if listing.wants_csv(request):
        told_lines = (
            (row.pk, row.person.name, row.rule, row.facts, row.scope, row.made_by_name, row.made_at,
             row.approved_by_name, row.approved_at, row.refused_at, row.answer)
            for row in rows
        )  # fmt: skip
        return _taken(request, at_desk, "suspicions", SUSPECTED, told_lines)
    part = listing.page(request, rows)
    return render(request, "devices/suspicions.html", {"page": part, "me": at_desk.actor.id, "words": words})


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def suspicion_add(request: Any) -> HttpResponse:
    """VIII.C.1: write a suspicion down before anybody is searched."""
    at_desk = desk(request)
    page = page_of(
        _("Write a suspicion down"), "devices:suspicions", _("Suspicions"), _("Save"),
        lede=_("A search needs this and one of the six grounds. Somebody else judges whether it is reasonable."),
    )  # fmt: skip
    return work(
        request, SuspicionForm(request.POST or None, among=at_desk.students),
        lambda said: suspicion.record_suspicion(actor=request.actor, at=at_desk.now, **said),
        done=_("Written down."), to=lambda _row: ("devices:suspicions",), page=page,
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def suspicion_answer(request: Any, pk: int) -> HttpResponse:
    """VIII.C.1: somebody else judges it."""
    at_desk = desk(request)
    row = register.suspicions(at_desk.reach, at_desk.on).filter(pk=pk).first()
    if row is None:
        raise Http404
    page = page_of(_("Is this suspicion reasonable?"), "devices:suspicions", _("Suspicions"), _("Save"))
    return work(
        request, AnswerForm(request.POST or None),
        lambda said: suspicion.answer_suspicion(
            actor=request.actor, suspicion=pk, approve=said["grant"] == "yes", words=said["words"], at=at_desk.now
        ),
        done=_("Written down."), to=lambda _row: ("devices:suspicions",), template="devices/suspicion.html",
        page={**page, "row": row},
    )  # fmt: skip


@needs(DIRECTOR)
@FORM
def findings(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIV.C.0: what the consoles' own logs show, and what of it has no ground."""
    at_desk, features = desk(request), titles.features()
    form = FileForm(request.POST or None, request.FILES or None)
    report = None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        report = console.take_in_log(
            actor=request.actor, data=file.read(), file=file.name, at=at_desk.now, load=form.cleaned_data["load"]
        )
        if report.loaded:
            messages.success(request, _("The log is taken in."))
    open_ones, words = request.GET.get("state") != "all", request.GET.get("q", "").strip()
    rows = matching.acts(words, open_only=open_ones)
    if listing.wants_csv(request):
        acts = (
            (row.pk, row.source, row.at, row.who, row.act, features.get(row.feature, ""), row.device, row.access_id,
             row.programme.name if row.programme else "", row.answered_by_name, row.answer)
            for row in rows
        )  # fmt: skip
        return _taken(request, at_desk, "console-acts", ACTED, acts)
    part = listing.page(request, rows)
    page = {"page": part, "rows": [(row, features.get(row.feature, "")) for row in part], "form": form,
            "report": report, "open_ones": open_ones, "words": words}  # fmt: skip
    return render(request, "devices/findings.html", page)


@needs(DIRECTOR)
@FORM
def finding_answer(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: say what stood behind an act."""
    at_desk, row = desk(request), ConsoleAct.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    lede = f"{row.act}, {row.device}, {row.who}"
    return work(
        request, FindingForm(request.POST or None),
        lambda said: console.answer_finding(actor=request.actor, act=pk, at=at_desk.now, **said),
        done=_("Written down. The finding stays in the register."), to=lambda _row: ("devices:findings",),
        page=page_of(_("An act without a ground"), "devices:findings", _("Console logs"), _("Save"), lede=lede),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def discoveries(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VIII.B: what routine work brought to light; an administrator sees their own entries."""
    words = request.GET.get("q", "").strip()
    rows = register.discoveries(words)
    if not request.actor.holds(DIRECTOR):
        rows = rows.filter(found_by=request.actor.id)
    if listing.wants_csv(request):
        lines = (
            (row.pk, row.found, row.work, row.programme.name if row.programme else "", row.access_id,
             row.found_by_name, row.found_at, row.handed_to)
            for row in rows
        )  # fmt: skip
        return _taken(request, desk(request), "discoveries", FOUND, lines)
    return render(request, "devices/discoveries.html", {"page": listing.page(request, rows), "words": words})


def _taken(
    request: Any, at_desk: Desk, what: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> StreamingHttpResponse:  # fmt: skip
    """A list leaves the house as a file, and that is written down."""
    journal.list_taken(actor=request.actor, what=what, asked=request.GET, at=at_desk.now)
    return listing.csv(what, columns, rows)


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def discovery_add(request: Any) -> HttpResponse:
    """VIII.B: write down what work brought to light."""
    at_desk = desk(request)
    chosen = [(str(row.pk), row.name) for row in register.programmes()]

    def do(said: dict[str, Any]) -> Discovery:
        programme = int(said["programme"]) if said["programme"] else None
        known = {name: said[name] for name in ("work", "found", "handed_to", "on_device", "access")}
        return console.record_discovery(actor=request.actor, at=at_desk.now, programme=programme, **known)

    page = page_of(_("Write a discovery down"), "devices:discoveries", _("Discoveries"), _("Save"))
    return work(request, DiscoveryForm(request.POST or None, programmes=chosen), do, done=_("Written down."),
                to=lambda _row: ("devices:discoveries",), page=page)  # fmt: skip
