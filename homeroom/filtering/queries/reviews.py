"""Review requests and accidents."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from homeroom.filtering.models import InadvertentAccess, ReviewRequest


def waiting() -> QuerySet[ReviewRequest]:
    """Requests that wait for an answer, the most urgent first."""
    return ReviewRequest.objects.filter(state="waiting")


def late(at: datetime) -> QuerySet[ReviewRequest]:
    """Requests whose answer is overdue."""
    return waiting().filter(due_at__lt=at)


def answered() -> QuerySet[ReviewRequest]:
    """Answered requests, newest answer first."""
    return ReviewRequest.objects.filter(state="answered").order_by("-answered_at")


def request(pk: int) -> ReviewRequest | None:
    """One request."""
    return ReviewRequest.objects.select_related("rule").filter(pk=pk).first()


def accidents() -> QuerySet[InadvertentAccess]:
    """V.C.1: what people said they came upon by accident, newest first."""
    return InadvertentAccess.objects.all()
