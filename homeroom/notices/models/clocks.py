"""Clocks that run: what is owed, by whom, until when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person


class Clock(models.Model):
    """One duty with a last moment. How it stands is computed; `next_at` is the next moment at which anything happens.

    `rule` names a clock of kernel.deadlines.rules, `about` what it is for ("device-access:12"). `stage` counts the
    warnings given. A late clock stays late: only `met_at` or `withdrawn_at` (with a reason) ends it.
    """

    rule = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    clause = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="clocks")
    escalate_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations")
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    stage = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=100)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.TextField(blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_how = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "about"),
                condition=Q(met_at__isnull=True, withdrawn_at__isnull=True),
                name="notices_clock_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(paused_reason=""), name="notices_paused_why"
            ),
        )
        indexes = (
            # The job's question: for which clocks does something happen now?
            models.Index(fields=("next_at",), name="notices_clock_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=("about",), name="notices_clock_about"),
            models.Index(
                fields=("due_at",),
                name="notices_clock_open",
                condition=Q(met_at__isnull=True, withdrawn_at__isnull=True),
            ),
        )

    @property
    def runs(self) -> bool:
        """Whether something is still owed, paused or not."""
        return self.met_at is None and self.withdrawn_at is None

    def state(self, at: datetime) -> str:
        """How it stands: met, met-late, withdrawn, paused, late, warned or running."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.met_at:
            return "met" if self.met_at <= self.due_at else "met-late"
        if self.paused_at:
            return "paused"
        if at > self.due_at:
            return "late"
        return "warned" if self.stage else "running"

    def __str__(self) -> str:
        return f"{self.rule} of {self.about}"


class Feed(models.Model):
    """The secret behind somebody's calendar feed; only its digest is kept, a new one ends the old one."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="clock_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
