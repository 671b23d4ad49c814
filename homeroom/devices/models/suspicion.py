"""VIII.C: why somebody's things are searched, written down before."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from homeroom.devices.models.resources import by
from homeroom.people.models import Person


class SuspicionRecord(models.Model):
    """VIII.C.1: facts, their source and how far it is believed, the rule, what a search should show, its bounds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suspicions")
    facts = models.TextField()
    source = models.TextField()
    reliability = models.TextField()
    rule = models.CharField(max_length=200)
    expected = models.TextField()
    scope = models.TextField()
    made_at = models.DateTimeField()
    made_by = by()
    made_by_name = by()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = by()
    approved_by_name = by()
    refused_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(approved_by="") | ~Q(approved_by=F("made_by")), name="devices_two_eyes"),
        )

    def __str__(self) -> str:
        return f"suspicion {self.pk}"
