"""Lessons, forms, equipment and other papers: what people did that no other part of the house sees."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import kept, listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board.forms.fields import ReasonForm
from homeroom.board.views.shared import one_form
from homeroom.ledger import actions, proofs
from homeroom.ledger.forms.proofs import FORMS, LessonForm
from homeroom.ledger.models import Proof
from homeroom.ledger.views.shared import BINDING, TEACHING
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import School

COLUMNS = (
    "kind", "day", "since", "until", "title", "number", "place", "school_id", "group_id", "grades", "topics",
    "students", "file", "by_name",
)  # fmt: skip


@needs(*TEACHING)
@require_safe
def lessons(request: Any) -> HttpResponseBase:
    """VI.Alt3.E: the lessons; a teacher sees their own, officials all of them and which grades still wait."""
    rows = proofs.proofs(Proof.Kind.LESSON)
    if not request.actor.holds(*BINDING):
        rows = rows.filter(by=request.actor.id)
    rows = proofs.filtered(rows, words=request.GET.get("q", "").strip(), kind="")
    if listing.wants_csv(request):
        return _csv("lessons", rows)
    page = {
        "page": listing.page(request, rows),
        "topics": proofs.TOPICS,
        "coverage": _coverage() if request.actor.holds(*BINDING) else [],
        "filtered": bool(request.GET.get("q")),
    }
    return render(request, "ledger/lessons.html", page)


def _coverage() -> list[tuple[Any, int, int]]:
    """Topic by topic: how many grades of schools had a lesson in the last year, of how many."""
    on = people.today(timezone.now())
    found = []
    for topic, title in proofs.TOPICS.items():
        places = proofs.taught(on, topic)
        found.append((title, sum(bool(each.lessons) for each in places), len(places)))
    return found


@needs(*TEACHING)
@FORM
def lesson_add(request: Any) -> HttpResponse:
    """VI.Alt3.E.1: write down a lesson; a teacher for a class of their own."""
    on = people.today(timezone.now())
    whole = request.actor.holds(*BINDING)
    form = LessonForm(
        request.POST or None, request.FILES or None, initial={"day": on},
        classes=reach.classes(reach.Reach(everybody=True) if whole else reach.of(request.actor, on), on),
        schools=School.objects.on(on).order_by("name") if whole else None,
    )  # fmt: skip
    return _add(request, form, _("Write down a lesson"), reverse("ledger:lessons"))


@needs(*BINDING)
@require_safe
def records(request: Any) -> HttpResponseBase:
    """VI.Alt3.note.a: everything that was written down for the binder."""
    kind = request.GET.get("kind", "")
    rows = proofs.filtered(proofs.proofs(), words=request.GET.get("q", "").strip(), kind=kind)
    if listing.wants_csv(request):
        return _csv("records", rows)
    page = {
        "page": listing.page(request, rows), "kinds": proofs.KINDS, "kind": kind,
        "filtered": bool(request.GET.get("q") or kind),
    }  # fmt: skip
    return render(request, "ledger/records.html", page)


@needs(*BINDING)
@FORM
def record_add(request: Any, kind: str) -> HttpResponse:
    """VI.Alt3.note.a: write down a form, equipment, another means, a paper."""
    if kind not in FORMS:
        raise Http404
    if kind == Proof.Kind.LESSON:
        return lesson_add(request)
    form = FORMS[kind](request.POST or None, request.FILES or None)
    return _add(request, form, str(proofs.KINDS[kind]), reverse("ledger:records"))


@needs(*TEACHING)
@FORM
def withdraw(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.note.a: it does not hold; whoever wrote a lesson down may say so, officials of everything."""
    row = proofs.proofs().filter(pk=pk).first()
    if row is None or not (request.actor.holds(*BINDING) or row.by == request.actor.id):
        raise Http404
    back = reverse("ledger:records" if request.actor.holds(*BINDING) else "ledger:lessons")
    return one_form(
        request, ReasonForm(request.POST or None),
        lambda said: actions.withdraw_proof(actor=request.actor, at=timezone.now(), proof=pk, reason=said["reason"]),
        title=_("Withdraw this?"), hint=row.title, back=back, button=_("Withdraw"), said=_("It is withdrawn."),
    )  # fmt: skip


@needs(*BINDING)
@require_safe
def record_file(request: Any, pk: int) -> FileResponse:
    """VI.Alt3.note.a: the paper that was kept."""
    row = proofs.proofs().filter(pk=pk).exclude(file="").first()
    if row is None:
        raise Http404
    actions.take_paper(actor=request.actor, at=timezone.now(), proof=row)
    data = kept.read(row.file)
    answer = FileResponse(iter([data]), as_attachment=True, filename=row.file_name or "file")
    answer.headers["Content-Type"] = "application/octet-stream"
    return answer


def _add(request: Any, form: Any, title: str, back: str) -> HttpResponse:
    return one_form(
        request, form,
        lambda _said: actions.write_down(actor=request.actor, at=timezone.now(), **form.said()),
        title=title, back=back, said=_("It is written down."),
    )  # fmt: skip


def _csv(name: str, rows: Any) -> HttpResponseBase:
    return listing.csv(name, COLUMNS, ([_cell(each, column) for column in COLUMNS] for each in rows.iterator(500)))


def _cell(row: Proof, column: str) -> object:
    value = getattr(row, column)
    return ", ".join(value) if isinstance(value, list) else value
