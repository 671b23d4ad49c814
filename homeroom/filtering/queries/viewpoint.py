"""Viewpoint controls and reports."""

from __future__ import annotations

from django.db.models import QuerySet

from homeroom.filtering.models import ViewpointControl, ViewpointReport


def controls() -> QuerySet[ViewpointControl]:
    """The pairs and names that lists are held against."""
    return ViewpointControl.objects.filter(ended_at=None)


def reports() -> QuerySet[ViewpointReport]:
    """All reports, newest first; their `findings` name list and line."""
    return ViewpointReport.objects.select_related("version__source")


def report(pk: int) -> ViewpointReport | None:
    """One report."""
    return reports().filter(pk=pk).first()


def last_report() -> ViewpointReport | None:
    """The newest report on the lists that were live."""
    return reports().filter(version=None).first()
