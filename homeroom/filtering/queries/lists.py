"""Lists and their versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import QuerySet

from homeroom.filtering.models import ListSource, ListVersion, Progress


def sources() -> QuerySet[ListSource]:
    """All lists in use, by name."""
    return ListSource.objects.filter(ended_at=None)


def source(name: str) -> ListSource | None:
    """One list in use by name."""
    return sources().filter(name=name).first()


def versions(source: ListSource) -> QuerySet[ListVersion]:
    """All versions of a list, newest first."""
    return source.versions.all()


def version(pk: int) -> ListVersion | None:
    """One version."""
    return ListVersion.objects.select_related("source").filter(pk=pk).first()


def live(source: ListSource) -> ListVersion | None:
    """The version that doors decide by."""
    return source.versions.filter(state="live").first()


def held() -> QuerySet[ListVersion]:
    """Versions that wait for somebody to look at their viewpoint report."""
    return ListVersion.objects.select_related("source").filter(state="held", source__ended_at=None)


def waiting() -> QuerySet[ListVersion]:
    """Versions that go live with the next build."""
    return ListVersion.objects.select_related("source").filter(state="checked", source__ended_at=None)


def progress(subject: str) -> Progress | None:
    """How far "build" or "update:LIST" is; None where it never ran."""
    return Progress.objects.filter(subject=subject).first()


class Freshness(TypedDict):
    """One list on the dashboard."""

    source: ListSource
    live: ListVersion | None
    held: ListVersion | None
    age: timedelta | None
    trouble: str
    overdue: bool


def freshness(at: datetime) -> list[Freshness]:
    """VI.Alt3.A.2: each list with its live version, age since it was last looked at, and its trouble."""
    raise NotImplementedError
