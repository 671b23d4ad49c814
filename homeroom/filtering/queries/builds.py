"""Builds and published bundles."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from homeroom.filtering import tables
from homeroom.filtering.models import BuildRun, ListVersion, Outcome, Progress, Published, VersionState

AGAIN = timedelta(minutes=2)  # between two attempts that nobody asked for


def builds() -> QuerySet[BuildRun]:
    """All builds, newest first."""
    return BuildRun.objects.all()


def last_build() -> BuildRun | None:
    """The newest build that has ended; its sentence says why it failed."""
    return BuildRun.objects.exclude(outcome=Outcome.RUNNING).first()


def progress() -> Progress | None:
    """How far the build is."""
    return Progress.objects.filter(subject="build").first()


def to_build() -> QuerySet[ListVersion]:
    """The version of each list in use that the next build takes: the one that waits, else the live one."""
    ready = (VersionState.CHECKED, VersionState.LIVE)
    versions = ListVersion.objects.filter(source__ended_at=None, state__in=ready).select_related("source")
    newest: dict[int, ListVersion] = {}
    for version in versions.order_by("source__name", "state"):  # "checked" sorts before "live"
        newest.setdefault(version.source_id, version)
    return versions.filter(pk__in=[version.pk for version in newest.values()]).order_by("source__name")


def wanted(at: datetime) -> bool:
    """Whether somebody asked for a build, or lists or recipe are no longer those that were built with.

    Other lists are what a build that was cut off or failed leaves behind; it is tried again after a while. Another
    recipe means that Homeroom was upgraded: doors may not be able to read the table at all until it is built anew.
    """
    row = progress()
    if row is not None and row.wanted_at is not None and row.wanted_at <= at:
        return True
    if BuildRun.objects.filter(started__gt=at - AGAIN).exists():
        return False
    done = BuildRun.objects.filter(outcome=Outcome.DONE).first()
    if done is not None and done.table and done.recipe != tables.recipe():
        return True
    lists = [[version.source.name, version.label] for version in to_build()]
    return (done.lists if done else []) != lists


def last_table() -> str:
    """The table of the last build that went well; "" before the first."""
    return BuildRun.objects.filter(outcome=Outcome.DONE).values_list("table", flat=True).first() or ""


def published() -> QuerySet[Published]:
    """All bundles ever published, newest first."""
    return Published.objects.all()


def current() -> Published | None:
    """The newest published bundle."""
    return Published.objects.first()


def current_at(at: datetime) -> Published | None:
    """The bundle that doors had at that instant; None before the first."""
    return Published.objects.filter(at__lte=at).first()
