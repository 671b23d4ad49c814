"""Reminders to sign: asked for in bulk, sent one by one, and not at all to whoever has signed meanwhile."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.agreements.models.agreements import Slot


class Reminder(models.Model):
    """One message to the holder of a slot. `stopped` says why it was not sent: signed, declined, closed, bounced."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="reminders")
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    sent_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("slot",), condition=Q(sent_at__isnull=True, stopped=""), name="agreements_one_reminder"
            ),
        )
        indexes = (
            models.Index(fields=("id",), name="agreements_to_remind", condition=Q(sent_at__isnull=True, stopped="")),
        )

    def __str__(self) -> str:
        return f"reminder for {self.slot_id}"
