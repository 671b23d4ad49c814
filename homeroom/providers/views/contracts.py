"""One contract: its files, what was found in it, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from homeroom.base import onething
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.providers import actions, vocabulary
from homeroom.providers.forms import contracts as given
from homeroom.providers.models import Contract, FileKind
from homeroom.providers.queries import contracts as queries
from homeroom.providers.queries import register
from homeroom.providers.views.register import MANAGE, SEE


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with a contract: its form, how it is called, and the action."""

    form: type[forms.Form]
    title: str | Promise
    lede: str | Promise
    do: Callable[..., Any]


def _file(contract: Contract, *, kind: str, file: Any, title: str = "", **who: Any) -> Any:
    return actions.add_file(contract=contract, kind=kind, name=file.name, pieces=file.chunks(), title=title, **who)


def _certify(contract: Contract, *, file: Any, **who: Any) -> None:
    paper = _file(contract, kind=FileKind.CERTIFICATE, file=file, **who)
    actions.certify_return(contract=contract, file=paper, **who)


def _with(action: Any, **fixed: Any) -> Callable[..., Any]:
    return lambda contract, **said: action(contract=contract, **fixed, **said)


ACTS = {
    "file": Act(
        given.FileForm, _("Add a file"), _("Every version, amendment and exhibit. Files are never taken away."), _file
    ),
    "activate": Act(
        forms.Form, _("Make it active"), _("From now on the product may be used."), _with(actions.activate_contract)
    ),
    "override": Act(
        given.OverrideForm, _("Use it although terms are missing"),
        _("It stands under your name and ends by itself."), _with(actions.override_contract),
    ),
    "refuse": Act(
        given.ReasonForm, _("Do not enter into it"), _("Whoever asked for it will read the reason."),
        _with(actions.refuse_contract),
    ),
    "renew": Act(
        given.RenewForm, _("Renew it"), _("The contract runs on until a new last day."), _with(actions.renew_contract)
    ),
    "expect": Act(
        given.ExpectForm, _("A renewal is expected"), _("Until the day on which that is decided the data may stay."),
        _with(actions.renew_contract, expected=True),
    ),
    "end": Act(
        given.EndForm, _("End it"), _("The day after its last day the clock starts by which the data come back."),
        _with(actions.end_contract),
    ),
    "certify": Act(
        given.CertifyForm, _("Data returned or destroyed"),
        _("Add the provider’s certificate; that meets the clock."), _certify,
    ),
    "advertising": Act(
        given.AdvertisingForm, _("Advertising: the board’s hearing"),
        _("Minn. Stat. 125B.022 asks for a hearing, a finding, and a written notice to parents."),
        _with(actions.record_advertising),
    ),
}  # fmt: skip


@needs(*SEE)
@require_safe
def contract(request: Any, pk: int) -> HttpResponse:
    """XIII.D, XIII.E.0: one contract whole: files, checklist, what is missing."""
    row, on = _contract(pk), people.today(timezone.now())
    found = queries.latest(row)
    missing = {term.id for term in queries.missing_in(found, on)}
    page = {
        "contract": row, "files": register.files(row), "kinds": dict(given.KINDS), "on": on,
        "lacking": queries.lacking(row, on),
        "terms": [(term, found.get(term.id), term.id in missing) for term in vocabulary.terms()],
        "override": queries.override_in_force(row, on) if missing else None, "acts": _offered(row, on),
        "holds": row.holds(on), "ran_out": row.has_run_out(on), "clocks": queries.return_clocks(row),
        "manages": request.actor.holds(*MANAGE),
    }  # fmt: skip
    return render(request, "providers/contract.html", page)


def _offered(row: Contract, on: Any) -> list[tuple[str, Any]]:
    """What makes sense now."""
    by_state = {"review": ("activate", "override", "refuse"), "active": ("renew", "expect", "end")}
    names = list(by_state.get(row.state, ()))
    names += ["certify"] if row.has_run_out(on) else []
    names += ["advertising"] if row.provider.advertising else []
    return [(name, ACTS[name].title) for name in names]


@needs(*MANAGE)
@FORM
def act(request: Any, pk: int, name: str) -> HttpResponse:
    """Do one thing with a contract."""
    row, found = _contract(pk), ACTS.get(name)
    if found is None:
        raise Http404
    form = found.form(request.POST, request.FILES) if request.method == "POST" else found.form()
    return _done(request, row, form, found.title, found.lede, found.do)


@needs(*MANAGE)
@FORM
def finding(request: Any, pk: int, term: str) -> HttpResponse:
    """XIII.E.0: what the contract says about one term."""
    row, asked = _contract(pk), vocabulary.term(term)
    if asked is None:
        raise Http404
    last = queries.latest(row).get(term)
    known = ("outcome", "page", "quotation", "note")
    initial = {name: getattr(last, name) for name in known} | {"file": last.file_id} if last else {}
    form = given.FindingForm(row, request.POST or None, initial=initial)
    return _done(request, row, form, asked.title, asked.asks, _with(actions.record_finding, term=term))


@needs(*MANAGE)
@FORM
def redact(request: Any, pk: int, file: int) -> HttpResponse:
    """XIII.D, T22: show a file in another form, by a recorded legal decision."""
    row, held = _contract(pk), register.file(file)
    if held is None or held.contract_id != pk:  # type: ignore[attr-defined]
        raise Http404
    form = given.RedactForm(request.POST, request.FILES) if request.method == "POST" else given.RedactForm()

    def do(contract: Contract, *, shown: Any, **said: Any) -> None:
        who = {"actor": said["actor"], "at": said["at"]}
        other = _file(contract, kind=FileKind.EXHIBIT, file=shown, **who)
        actions.redact_file(file=held, shown=other, **said)

    return _done(request, row, form, held.title, _("Without a law the whole contract is shown."), do)


@needs(*MANAGE)
@FORM
def show_whole(request: Any, pk: int, file: int) -> HttpResponse:
    """XIII.D, T22: a decision that was entered wrongly is taken back, with a reason."""
    row, held = _contract(pk), register.file(file)
    if held is None or held.contract_id != pk or held.redaction is None:  # type: ignore[attr-defined]
        raise Http404
    lede = _("The decision stays on file with your reason. From now on the whole file opens.")

    def do(contract: Contract, **said: Any) -> None:
        actions.end_redaction(file=held, **said)

    return _done(request, row, given.ReasonForm(request.POST or None), held.title, lede, do)


def _done(request: Any, row: Contract, form: Any, title: Any, lede: Any, do: Callable[..., Any]) -> HttpResponse:
    return onething.work(
        request, form, lambda said: do(row, actor=request.actor, at=timezone.now(), **said),
        to=lambda _came: ("providers:contract", row.pk),
        page={"title": title, "lede": lede, "back": reverse("providers:contract", args=[row.pk])},
    )  # fmt: skip


def _contract(pk: int) -> Contract:
    row = queries.contract(pk)
    if row is None:
        raise Http404
    return row
