"""Builds and published bundles."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from homeroom.filtering.models import BuildRun, Progress, Published


def builds() -> QuerySet[BuildRun]:
    """All builds, newest first."""
    return BuildRun.objects.all()


def last_build() -> BuildRun | None:
    """The newest build that has ended; its sentence says why it failed."""
    return BuildRun.objects.exclude(outcome="running").first()


def progress() -> Progress | None:
    """How far the build is."""
    return Progress.objects.filter(subject="build").first()


def published() -> QuerySet[Published]:
    """All bundles ever published, newest first."""
    return Published.objects.all()


def current() -> Published | None:
    """The newest published bundle."""
    return Published.objects.first()


def current_at(at: datetime) -> Published | None:
    """The bundle that doors had at that instant; None before the first."""
    return Published.objects.filter(at__lte=at).first()
