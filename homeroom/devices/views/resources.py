"""XIV.A: the list of devices and programs, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.devices import titles
from homeroom.devices.actions import inventory
from homeroom.devices.actions import resources as actions
from homeroom.devices.forms.resources import (
    BackForm,
    FileForm,
    FoundForm,
    LendForm,
    LoanWordsForm,
    LossForm,
    PaperForm,
    ResourceForm,
    RetireForm,
    UseAgainForm,
)
from homeroom.devices.models import IssuedResource, LossReport
from homeroom.devices.queries import resources as queries
from homeroom.devices.views.shared import ADMINISTRATOR, CLERK, DIRECTOR, Desk, desk
from homeroom.journal import actions as journal
from homeroom.people import reach

COLUMNS = ("id", "kind", "title", "tag", "serial", "school", "source", "person", "accepted", "missing", "retired")


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@require_safe
def devices(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIV.A: all devices and programs within one's reach."""
    at_desk = desk(request)
    mine = queries.within(queries.resources(), at_desk.reach, at_desk.on)
    state = request.GET.get("state", "")
    found = queries.find(queries.in_state(mine, state, at_desk.on), request.GET.get("q", ""))
    if request.GET.get("kind") in IssuedResource.Kind.values:
        found = found.filter(kind=request.GET["kind"])
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="devices", asked=request.GET, at=at_desk.now)
        rows = (queries.as_json(row, at_desk.now) for row in found.iterator(chunk_size=1000))
        return listing.csv("devices", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    part = listing.page(request, found)
    page = {
        "page": part,
        "rows": list(_shown(part)),
        "counts": {
            name: queries.in_state(mine, name, at_desk.on).count() for name in ("lent", "unaccepted", "missing")
        },
        "states": [(name, title) for name, (title, _tone) in titles.states().items()],
        "director": at_desk.actor.holds(DIRECTOR),
        "filtered": any(request.GET.get(name) for name in ("q", "kind", "state")),
    }
    return render(request, "devices/devices.html", page)


def _shown(rows: Iterable[IssuedResource]) -> Iterable[tuple[IssuedResource, Any, str, str]]:
    """Each row with its holder and where it stands, in words and tone."""
    known = titles.states()
    for row in rows:
        loan = next(iter(row.held), None)  # type: ignore[attr-defined]
        yield row, loan, *known[_state(row, loan, bool(row.lost))]  # type: ignore[attr-defined]


def _state(row: IssuedResource, loan: Any, lost: bool) -> str:
    if row.retired_at:
        return "retired"
    if lost:
        return "missing"
    if loan is None:
        return "free"
    return "lent" if loan.accepted_at else "unaccepted"


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def add(request: Any) -> HttpResponse:
    """XIV.A: put a device or a program on record."""
    at_desk = desk(request)
    form = ResourceForm(request.POST or None, schools=reach.schools(at_desk.reach, at_desk.on))
    return work(
        request, form, lambda said: actions.add_resource(actor=request.actor, at=at_desk.now, **said),
        done=_("It is on record."), to=lambda row: ("devices:resource", row.pk),
        page=page_of(_("Add a device or program"), "devices:devices", _("Devices"), _("Add")),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@require_safe
def resource(request: Any, pk: int) -> HttpResponse:
    """XIV.A: one resource, who has it and had it."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    loan, lost = queries.open_loan(pk), LossReport.objects.filter(resource=row, found_at__isnull=True).first()
    title, tone = titles.states()[_state(row, loan, lost is not None)]
    page = {
        "row": row, "loan": loan, "lost": lost, "official": at_desk.actor.holds(DIRECTOR, ADMINISTRATOR),
        "words": queries.words(at_desk.on),
        "state": title, "tone": tone,
        "loans": row.loans.select_related("person")[:50], "losses": row.losses.all()[:20],
    }  # fmt: skip
    return render(request, "devices/resource.html", page)


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def lend(request: Any, pk: int) -> HttpResponse:
    """XIV.A: give it to one student."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, LendForm(request.POST or None, among=at_desk.students),
        lambda said: actions.lend(actor=request.actor, resource=pk, at=at_desk.now, **said),
        done=_("It is lent. The student accepts the words when signing in."), to=lambda _loan: ("devices:resource", pk),
        page=page_of(_("Lend %(what)s") % {"what": row.label}, "devices:resource", row.label, _("Lend"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def take_back(request: Any, pk: int) -> HttpResponse:
    """XIV.A: it came back."""
    at_desk = desk(request)
    row, loan = _one(at_desk, pk), queries.open_loan(pk)
    if loan is None:
        return redirect("devices:resource", pk)
    return work(
        request, BackForm(request.POST or None),
        lambda said: actions.take_back(actor=request.actor, loan=loan.pk, at=at_desk.now, **said),
        done=_("It is back."), to=lambda _loan: ("devices:resource", pk),
        page=page_of(_("Take back %(what)s") % {"what": row.label}, "devices:resource", row.label, _("Take back"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def loss(request: Any, pk: int) -> HttpResponse:
    """XIV.C.3: it is missing or stolen."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, LossForm(request.POST or None),
        lambda said: actions.report_loss(actor=request.actor, resource=pk, at=at_desk.now, **said),
        done=_("The loss is on record. Its location may now be looked for, on ground 3."),
        to=lambda _report: ("devices:resource", pk),
        page=page_of(_("%(what)s is missing") % {"what": row.label}, "devices:resource", row.label, _("Record"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def found(request: Any, pk: int) -> HttpResponse:
    """XIV.C.3: it is found, and looking for it ends."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, FoundForm(request.POST or None),
        lambda said: actions.record_found(actor=request.actor, resource=pk, at=at_desk.now, **said),
        done=_("It is found. Whatever looked for it has ended."), to=lambda _report: ("devices:resource", pk),
        page=page_of(_("%(what)s is found") % {"what": row.label}, "devices:resource", row.label, _("Record"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def retire(request: Any, pk: int) -> HttpResponse:
    """XIV.A: it is given out no more."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, RetireForm(request.POST or None),
        lambda said: actions.retire_resource(actor=request.actor, resource=pk, at=at_desk.now, **said),
        done=_("It is retired."), to=lambda _row: ("devices:resource", pk),
        page=page_of(_("Retire %(what)s") % {"what": row.label}, "devices:resource", row.label, _("Retire"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def use_again(request: Any, pk: int) -> HttpResponse:
    """XIV.A: it was retired by mistake, or came back."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, UseAgainForm(request.POST or None),
        lambda said: actions.use_again(actor=request.actor, resource=pk, at=at_desk.now, **said),
        done=_("It may be lent again."), to=lambda _row: ("devices:resource", pk),
        page=page_of(_("Use %(what)s again") % {"what": row.label}, "devices:resource", row.label, _("Use again"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, CLERK)
@FORM
def paper(request: Any, pk: int) -> HttpResponse:
    """XIV.A: the words to print, and who signed them on paper."""
    at_desk = desk(request)
    row, loan, held = _one(at_desk, pk), queries.open_loan(pk), queries.words(at_desk.on)
    if loan is None or loan.accepted_at is not None or held is None:
        return redirect("devices:resource", pk)
    page = page_of(_("The words on paper"), "devices:resource", row.label, _("It is signed"), pk)
    return work(
        request, PaperForm(request.POST or None, initial={"sha256": held.sha256, "name": loan.person.name}),
        lambda said: actions.accept_on_paper(actor=request.actor, loan=loan.pk, at=at_desk.now, **said),
        done=_("Written down. Keep the paper."), to=lambda _loan: ("devices:resource", pk),
        template="devices/paper.html", page={**page, "loan": loan, "words": held},
    )  # fmt: skip


@needs(DIRECTOR)
@FORM
def words(request: Any) -> HttpResponse:
    """XIV.A: the words that are accepted with every loan from now on."""
    at_desk = desk(request)
    current, to_come = queries.words(at_desk.on), queries.words_to_come(at_desk.on)
    shown = to_come or current
    form = LoanWordsForm(request.POST or None, initial={"text": shown.text if shown else ""})
    lede = _("The board has not approved the newest words yet. Until then those before them hold.") if to_come else ""
    return work(
        request, form, lambda said: actions.set_words(actor=request.actor, at=at_desk.now, **said),
        done=_("The words went to the board. They hold once it has approved them; enter that under Addenda."),
        to=lambda _row: ("devices:devices",),
        page=page_of(_("Words to accept with a loan"), "devices:devices", _("Devices"), _("Save"), lede=lede),
    )  # fmt: skip


@needs(DIRECTOR)
@FORM
def take_in(request: Any) -> HttpResponse:
    """XIV.A: an inventory from a file: look first, then take it in."""
    now, form = desk(request).now, FileForm(request.POST or None, request.FILES or None)
    page = {**page_of(_("Take in an inventory"), "devices:devices", _("Devices"), _("Go on")), "form": form}
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        page["report"] = report = inventory.take_in_inventory(
            actor=request.actor, data=file.read(), file=file.name, at=now, load=form.cleaned_data["load"]
        )
        if report.loaded:
            messages.success(request, _("The inventory is taken in."))
    return render(request, "devices/import.html", page)


def _one(at_desk: Desk, pk: int) -> IssuedResource:
    row = queries.within(IssuedResource.objects.select_related("school"), at_desk.reach, at_desk.on).filter(pk=pk)
    found = row.first()
    if found is None:
        raise Http404
    return found
