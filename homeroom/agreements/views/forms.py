"""XVII.A: the forms and their versions, from words to the board's approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions, approval
from homeroom.agreements.actions import Words
from homeroom.agreements.forms.pages import VersionForm
from homeroom.agreements.models import FormVersion, Kind
from homeroom.agreements.queries import forms as queries
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people

ROLES = ("technology_director", "superintendent", "board_clerk")


@needs(*ROLES, "building_administrator", "clerk")
@require_safe
def forms(request: Any) -> HttpResponse:
    """XVII.A.2: every version of each form, which is in effect, and which the board has yet to approve."""
    on = people.today(timezone.now())
    effect = {each.version.pk for each in approval.in_effect(on).values()}
    page = {
        "kinds": queries.kinds(on), "effect": effect, "missing": [each for each in Kind.values if each],
        "may": request.actor.holds(*ROLES),
    }  # fmt: skip
    return render(request, "agreements/forms.html", page)


@needs(*ROLES)
@FORM
def add(request: Any, kind: str) -> HttpResponse:
    """IX.C: a new version, from the words of the last one."""
    if kind not in Kind.values:
        raise Http404
    last = queries.newest(kind)
    form = VersionForm(request.POST or None, initial=_initial(last))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        words = [Words(*each) for each in form.words()]
        try:
            row = actions.add_version(
                actor=request.actor, at=timezone.now(), kind=kind, words=words, material=said["material"],
                term=said["term"], changes=said["changes"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The version is on file. Submit it to the board when it is ready."))
            return redirect("agreements:form", row.pk)
    return render(request, "agreements/form_add.html", {"form": form, "kind": kind, "last": last})


@needs(*ROLES, "building_administrator", "clerk")
@FORM
def version(request: Any, pk: int) -> HttpResponse:
    """XVII.A.1: one version in all its languages; it goes to the board from here."""
    row = FormVersion.objects.select_related("form").prefetch_related("texts").filter(pk=pk).first()
    if row is None:
        raise Http404
    may = request.actor.holds(*ROLES)
    if request.method == "POST" and may:
        try:
            actions.submit_version(actor=request.actor, at=timezone.now(), version=row)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Submitted. The board’s approval is entered under Addenda."))
        return redirect("agreements:form", pk)
    on = people.today(timezone.now())
    effect = any(each.version.pk == pk for each in approval.in_effect(on).values())
    page = {"row": row, "addendum": queries.addendum(row), "effect": effect, "may": may}
    return render(request, "agreements/form.html", page)


def _initial(last: FormVersion | None) -> dict[str, Any]:
    if last is None:
        return {}
    found: dict[str, Any] = {"term": last.term}
    for text in last.texts.all():
        found |= {f"title_{text.language}": text.title, f"body_{text.language}": text.body}
    return found
