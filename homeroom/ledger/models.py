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
