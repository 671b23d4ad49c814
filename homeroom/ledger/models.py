"""What probes saw."""

from __future__ import annotations

from django.db import models


class Observation(models.Model):
    """One look of one probe. `failed` is a sentence where it could not look; `good_until` is when the look is too old.

    `probe` is "module.function"; `broken` of `looked_at` things were not as the clause demands.
    """

    probe = models.CharField(max_length=150)
    at = models.DateTimeField()
    looked_at = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    summary = models.TextField(blank=True)
    failed = models.TextField(blank=True)
    good_until = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("probe", "-id"), name="ledger_newest")]

    def __str__(self) -> str:
        return f"{self.probe}: {self.broken} of {self.looked_at}"


class Binder(models.Model):
    """VI.Alt3.note.a: a binder of a funding year that somebody asked for, and how far it has come."""

    year = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=1)
    what = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    failed = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Binder {self.year}"

    @property
    def percent(self) -> int:
        """How far it has come."""
        return min(100, self.step * 100 // max(1, self.of))
