"""Lists and their versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Q, QuerySet

from homeroom.filtering.models import ListSource, ListVersion, Progress, VersionState

GRACE = timedelta(hours=24)  # a list is overdue this long after it should have been looked at


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
    return source.versions.filter(state=VersionState.LIVE).first()


def held() -> QuerySet[ListVersion]:
    """Versions that wait for somebody to look at their viewpoint report, or at what they lost."""
    return ListVersion.objects.select_related("source").filter(state=VersionState.HELD, source__ended_at=None)


def waiting() -> QuerySet[ListVersion]:
    """Versions that go live with the next build."""
    return ListVersion.objects.select_related("source").filter(state=VersionState.CHECKED, source__ended_at=None)


def due(at: datetime) -> list[str]:
    """The names of lists that are due, or that somebody asked to be looked at."""
    asked = Progress.objects.filter(subject__startswith="update:", wanted_at__lte=at).values_list("subject", flat=True)
    names = [subject.removeprefix("update:") for subject in asked]
    return list(sources().filter(Q(next_at__lte=at) | Q(name__in=names)).values_list("name", flat=True))


def progress(subject: str) -> Progress | None:
    """How far "build" or "update:LIST" is; None where it never ran."""
    return Progress.objects.filter(subject=subject).first()


class Freshness(TypedDict):
    """One list on the dashboard. `age` is the time since its live version was fetched."""

    source: ListSource
    live: ListVersion | None
    held: ListVersion | None
    age: timedelta | None
    trouble: str
    overdue: bool


def freshness(at: datetime) -> list[Freshness]:
    """VI.Alt3.A.2: each list with its live version, its age and its trouble; two queries however many lists."""
    states = (VersionState.LIVE, VersionState.HELD)
    found: dict[tuple[int, str], ListVersion] = {}
    for version in ListVersion.objects.filter(state__in=states).defer("unread", "changes").order_by("fetched_at"):
        found[version.source_id, version.state] = version
    return [
        Freshness(
            source=source,
            live=(now := found.get((source.pk, VersionState.LIVE))),
            held=found.get((source.pk, VersionState.HELD)),
            age=at - now.fetched_at if now else None,
            trouble=source.trouble,
            overdue=source.next_at is not None and source.next_at + GRACE < at,
        )
        for source in sources()
    ]


def as_json(source: ListSource, *, whole: bool = False) -> dict[str, Any]:
    """One list for `homeroom lists show --json`; `whole` adds its versions with all that is kept of them."""
    now = live(source)
    newest = versions(source).first()
    return {
        "name": source.name, "format": source.format, "category": source.category, "covers": source.covers,
        "location": source.location, "licence": source.licence, "homepage": source.homepage,
        "statutory": source.statutory, "every_hours": source.every_hours, "trouble": source.trouble,
        "looked_at": _iso(source.looked_at), "live": now.label if now else None,
        "entries": now.entries if now else 0, "counts": now.counts if now else {},
        "unsupported": now.unread_count if now else 0,
        "sentence": source.trouble or (newest.told if newest else "Nothing was fetched yet."),
        **({"versions": [_version(each) for each in versions(source)]} if whole else {}),
    }  # fmt: skip


def _version(version: ListVersion) -> dict[str, Any]:
    return {
        "id": version.pk, "label": version.label, "hash": version.hash, "state": version.state, "size": version.size,
        "fetched_at": _iso(version.fetched_at), "live_at": _iso(version.live_at), "entries": version.entries,
        "counts": version.counts, "unsupported": version.unread_count, "unsupported_lines": version.unread,
        "left_out": version.left_out, "changes": version.changes, "sentence": version.told,
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
