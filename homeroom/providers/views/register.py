"""The register: providers, their classification, breaches, requests, and the yearly notice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from homeroom.base import listing, onething
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.kernel.providers import classification
from homeroom.people import queries as people
from homeroom.providers import actions, csvfile
from homeroom.providers.forms.contracts import AnswerForm, ContractForm, ReasonForm
from homeroom.providers.forms.providers import AddForm, BreachForm, ClassifyForm, LoadForm, NoticeForm
from homeroom.providers.models import Provider
from homeroom.providers.queries import notice
from homeroom.providers.queries import register as queries

MANAGE = ("technology_director", "superintendent")
SEE = (*MANAGE, "building_administrator", "board_clerk")


@needs(*SEE)
@require_safe
def register(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIII: every provider on file, how its contract stands, what is missing."""
    on = people.today(timezone.now())
    found = queries.providers(request.GET.get("q", ""))
    if listing.wants_csv(request):
        return listing.csv("provider-register", csvfile.COLUMNS, csvfile.lines(found))
    rows = queries.lines(found, on)
    state = request.GET.get("state", "")
    if state in queries.STATES:
        rows = [row for row in rows if row.state == state]
    page = {
        "page": listing.page(request, rows), "states": queries.STATES, "filtered": bool(request.GET.get("q") or state),
        "asked": queries.inspections(open_only=True).count(), "told": len(notice.notice_rows(on)),
        "manages": request.actor.holds(*MANAGE),
    }  # fmt: skip
    return render(request, "providers/register.html", page)


@needs(*SEE)
@require_safe
def record(request: Any, slug: str) -> HttpResponse:
    """One provider: its answers, the duties that follow, its contracts, what went wrong."""
    row, on = _provider(slug), people.today(timezone.now())
    page = {
        "provider": row, "line": queries.lines(queries.providers().filter(pk=row.pk), on)[0],
        "duties": classification.duties(row.answers), "contracts": row.contracts.all(),  # type: ignore[attr-defined]
        "breaches": queries.breaches(row), "on": on, "manages": request.actor.holds(*MANAGE),
    }  # fmt: skip
    return render(request, "providers/record.html", page)


@needs(*MANAGE)
@FORM
def add(request: Any) -> HttpResponse:
    """Put a provider on file; its classification comes next."""
    form = AddForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        return actions.add_provider(actor=request.actor, at=timezone.now(), **said).slug

    return _form(request, form, act, _("Add a provider"), then="providers:classify", back=("providers:register",))


@needs(*MANAGE)
@FORM
def classify(request: Any, slug: str) -> HttpResponse:
    """XIII.A.1, XIII.A.2: answer what the product does."""
    row = _provider(slug)
    form = ClassifyForm.of(row, request.POST or None)

    def act(said: dict[str, Any]) -> str:
        return actions.classify_provider(actor=request.actor, at=timezone.now(), provider=row, answers=said).slug

    return _form(request, form, act, row.title, then="providers:record", back=("providers:record", slug))


@needs(*MANAGE)
@FORM
def contract_add(request: Any, slug: str) -> HttpResponse:
    """XIII.D: a contract comes on file."""
    row, form = _provider(slug), ContractForm(request.POST or None)

    def act(said: dict[str, Any]) -> int:
        return actions.add_contract(actor=request.actor, at=timezone.now(), provider=row, **said).pk

    title = _("A contract with %(name)s") % {"name": row.title}
    return _form(request, form, act, title, then="providers:contract", back=("providers:record", slug))


@needs(*MANAGE)
@FORM
def breach_add(request: Any, slug: str) -> HttpResponse:
    """XIII.E.0: a provider lost data; the clock runs from the discovery."""
    row, form = _provider(slug), BreachForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        actions.report_breach(actor=request.actor, at=timezone.now(), provider=row, **said)
        return slug

    title = _("A breach at %(name)s") % {"name": row.title}
    return _form(request, form, act, title, then="providers:record", back=("providers:record", slug))


@needs(*MANAGE)
@FORM
def breach_close(request: Any, pk: int) -> HttpResponse:
    """Those affected were told."""
    row = queries.breach(pk)
    if row is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("Who was told, how and when")

    def act(said: dict[str, Any]) -> str:
        actions.close_breach(actor=request.actor, at=timezone.now(), breach=row, outcome=said["reason"])
        return row.provider.slug

    back = ("providers:record", row.provider.slug)
    return _form(request, form, act, _("Close the breach"), then="providers:record", back=back)


@needs(*MANAGE)
@FORM
def load(request: Any) -> HttpResponse:
    """A register from a CSV file: all of it or nothing, every problem with its line."""
    form = LoadForm(request.POST, request.FILES) if request.method == "POST" else LoadForm()
    found = None
    if form.is_bound and form.is_valid():
        found = csvfile.read(form.cleaned_data["file"].read(8 << 20))
        if not found.problems:
            try:
                added, changed = actions.load_register(actor=request.actor, at=timezone.now(), rows=found.rows)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                said = {"added": added, "changed": changed}
                messages.success(
                    request,
                    ngettext(
                        "%(added)d provider is new, %(changed)d changed.",
                        "%(added)d providers are new, %(changed)d changed.",
                        added,
                    )
                    % said,
                )
                return redirect("providers:register")
    return render(request, "providers/load.html", {"form": form, "found": found, "columns": csvfile.COLUMNS})


@needs(*MANAGE)
@FORM
def plan(request: Any) -> HttpResponse:
    """XIII.C.0: the yearly notice, built from what is active."""
    on = people.today(timezone.now())
    usual = _("Sign in and open the provider under Providers, or ask the department below.")
    form = NoticeForm(request.POST or None, initial={"inspection": usual})
    if form.is_bound and form.is_valid():
        try:
            row = actions.plan_notice(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(title)s” is a draft now. Release it under Notices.") % {"title": row.title})
            return redirect("providers:register")
    return render(request, "providers/plan.html", {"form": form, "rows": notice.notice_rows(on)})


@needs(*MANAGE)
@FORM
def inspection(request: Any, pk: int) -> HttpResponse:
    """XIII.D: answer a request to read."""
    row = queries.inspection(pk)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        actions.answer_inspection(actor=request.actor, at=timezone.now(), inspection=row, **said)

    title = _("%(who)s asks to read the contract of %(name)s") % {"who": row.person.name, "name": row.contract.provider}
    return _form(
        request, form, act, title, then="providers:inspections", back=("providers:inspections",), lede=row.wish
    )


def _form(
    request: Any, form: Any, act: Any, title: str, *, then: str, back: tuple[str, ...], lede: str = ""
) -> HttpResponse:
    """Show a form, and do what it says; what an action refuses stands beside it."""
    return onething.work(
        request, form, act, to=lambda came: (then,) if came is None else (then, came),
        page={"title": title, "back": reverse(back[0], args=back[1:]), "lede": lede},
    )  # fmt: skip


def _provider(slug: str) -> Provider:
    row = queries.provider(slug)
    if row is None:
        raise Http404
    return row
