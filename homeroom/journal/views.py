"""The journal, to be read: who did what to whom, when, why, under which clause."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.journal import queries, witness
from homeroom.journal.models import Entry

COLUMNS = ("id", "at", "actor", "verb", "subject", "clause", "reason", "data", "previous", "hash")


@needs("technology_director")
@require_safe
def journal(request: Any) -> HttpResponse | StreamingHttpResponse:
    """Every act, newest first, with search."""
    found = _filtered(Entry.objects.order_by("-id"), request.GET)
    if listing.wants_csv(request):
        return listing.csv("journal", COLUMNS, found.values_list(*COLUMNS).iterator(chunk_size=2000))
    page = {
        "page": listing.page(request, found),
        "head": queries.head(),
        "filtered": any(request.GET.get(key) for key in ("q", "from", "to")),
    }
    return render(request, "journal/journal.html", page)


@needs("technology_director")
@require_safe
def verify(request: Any) -> HttpResponse:
    """Walk the whole chain and say whether anything is changed, missing or out of place."""
    return render(request, "journal/verify.html", {"result": queries.verify(known=witness.last_seen())})


def _filtered(rows: QuerySet[Entry], asked: Any) -> QuerySet[Entry]:
    for word in asked.get("q", "").split():
        rows = rows.filter(
            Q(actor__icontains=word) | Q(verb__icontains=word) | Q(subject__icontains=word)
            | Q(clause__iexact=word) | Q(reason__icontains=word)
        )  # fmt: skip
    first, last = _day(asked.get("from")), _day(asked.get("to"))
    if first:
        rows = rows.filter(at__gte=first)
    return rows.filter(at__lt=last + timedelta(days=1)) if last else rows


def _day(text: str | None) -> datetime | None:
    """The beginning of a day of the district; None for what is no day."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return datetime.combine(day, time(), timezone.get_current_timezone()) if day else None
