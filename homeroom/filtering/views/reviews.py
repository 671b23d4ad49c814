"""Review requests: the queue with its clocks, and the answer to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import queries as board
from homeroom.filtering import permits, tables, titles
from homeroom.filtering.actions import reviews as actions
from homeroom.filtering.forms.reviews import AnswerForm
from homeroom.filtering.models import Answer, ReviewRequest
from homeroom.filtering.queries import pages
from homeroom.filtering.queries import reviews as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR, desk, refuse
from homeroom.kernel.decision import wording
from homeroom.kernel.decision.decision import Kind
from homeroom.people import queries as people

COLUMNS = ("id", "host", "path", "kind", "clause", "category", "school", "profile", "words", "asked_at", "due_at",
           "state", "answer", "answered_at", "answered_by_name", "answer_reason")  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@require_safe
def reviews(request: Any) -> HttpResponse | StreamingHttpResponse:
    """VI.Alt3.C: the requests that wait, the most urgent first; or those answered."""
    now, at_desk = timezone.now(), desk(request)
    waiting = permits.requests(at_desk, queries.waiting())
    answered = request.GET.get("state") == "answered"
    found = permits.requests(at_desk, queries.answered()) if answered else waiting
    if words := request.GET.get("q", "").strip():
        found = found.filter(Q(host__icontains=words) | Q(words__icontains=words))
    if listing.wants_csv(request):
        return listing.csv("review-requests", COLUMNS, found.values_list(*COLUMNS).iterator())
    part = listing.page(request, found)
    page = {
        "page": part,
        "rows": [(each, titles.title(each.category), each.late(now)) for each in part],
        "waiting": waiting.count(),
        "late": waiting.filter(due_at__lt=now).count(),
        "answered": answered,
    }
    return render(request, "filtering/reviews.html", page)


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def request(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.C: what was blocked and why, and the answer."""
    at_desk = desk(request)
    row = _seen(at_desk, pk)
    waiting = row.state == "waiting"
    form = AnswerForm(request.POST or None, request=row, desk=at_desk) if waiting else None
    if form and form.is_bound and form.is_valid() and _answer(request, at_desk, row, form):
        return redirect("filtering:review", pk)
    kind = Kind(row.kind) if row.kind in set(Kind) else Kind.DISTRICT
    category = tables.category(row.category)
    page = {
        "harmful": category is not None and "harmful-to-minors" in category.legal,
        "limbs": board.parameter("harmful-limbs", people.today(timezone.now())),
        "row": row,
        "form": form,
        "title": titles.title(row.category),
        "school": pages.titles([f"school:{row.school}"])[f"school:{row.school}"] if row.school else "",
        "lines": pages.lines(row.host + row.path),
        "late": row.late(timezone.now()),
        "meaning": wording.meaning(row.clause, kind, get_language() or "en"),
    }
    return render(request, "filtering/review.html", page)


def _answer(request: Any, at_desk: permits.Desk, row: ReviewRequest, form: AnswerForm) -> bool:
    said, now = form.cleaned_data, timezone.now()
    allow = said["answer"] == Answer.ALLOW
    why_not = allow and permits.why_not_make(at_desk, effect="allow", scope=said["scope"], until=said["until"], at=now)
    if why_not:
        form.add_error(None, why_not)
        return False
    try:
        actions.answer_review(
            actor=request.actor, request=row.pk, answer=said["answer"], reason=said["reason"], at=now,
            scope=said["scope"] if allow else "everyone", until=said["until"] if allow else None,
            whole_host=said.get("whole_host", True),
        )  # fmt: skip
    except Refused as error:
        refuse(form, error)
        return False
    messages.success(request, _("Answered. What you decided is in force at every door within a second."))
    return True


def _seen(at_desk: permits.Desk, pk: int) -> ReviewRequest:
    row = permits.requests(at_desk, ReviewRequest.objects.select_related("rule")).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
