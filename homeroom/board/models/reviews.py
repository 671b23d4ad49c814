"""The board's yearly look at the policy, and what was reread after a change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Review(models.Model):
    """XVII.D: one yearly review: opened with its packet, held at a meeting, with an outcome. `held_on` None: open."""

    class Outcome(models.TextChoices):
        """What the board decided."""

        REAFFIRMED = "reaffirmed"
        AMENDED = "amended"

    opened_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    held_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    minutes = models.CharField(max_length=300, blank=True)
    packet_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on=None, outcome="")
                | Q(held_on__isnull=False, outcome__in=("reaffirmed", "amended")) & ~Q(minutes=""),
                name="board_review_whole",
            ),
            models.UniqueConstraint(fields=("outcome",), condition=Q(outcome=""), name="board_one_review_open"),
        ]

    def __str__(self) -> str:
        return f"Review {self.pk}"


class Reread(models.Model):
    """XVII.B: somebody read again what a change may have touched. `change` is "text:3" or "addendum:7"."""

    change = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    fits = models.BooleanField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("change", "what"), name="board_reread_once")]

    def __str__(self) -> str:
        return f"{self.what} after {self.change}"
