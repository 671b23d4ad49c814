"""Suspensions and cancellations of the use of the network, each with who decided it and why."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from homeroom.people.models import Person


class Restrictions(models.QuerySet["Restriction"]):
    """Restrictions, asked by day."""

    def in_force(self, on: date) -> Restrictions:
        """Those that hold on a day; lifted ones hold until the day before."""
        running = Q(last_day=None) | Q(last_day__gte=on)
        return self.filter(running, Q(lifted_on=None) | Q(lifted_on__gt=on), first_day__lte=on)


class Restriction(models.Model):
    """IV.2a: one decision. A suspension has a last day, which still counts; a cancellation has none.

    `lifted_on` is the first day on which it does not hold any more, also where an appeal lifted it.
    """

    class Kind(models.TextChoices):
        """Which of the two."""

        SUSPENSION = "suspension"
        CANCELLATION = "cancellation"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    reason = models.TextField()
    decided_by = models.CharField(max_length=100)
    decided_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appealed_by = models.CharField(max_length=100, blank=True)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=100, blank=True)
    lifted_name = models.CharField(max_length=200, blank=True)
    lifted_why = models.TextField(blank=True)

    objects = Restrictions.as_manager()

    class Meta:
        ordering = ("-first_day", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="cancellation", last_day__isnull=True)
                | Q(kind="suspension", last_day__gte=F("first_day")),
                name="access_restriction_days",
            ),
        )

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day; see `Restrictions.in_force`."""
        lifted = self.lifted_on is not None and self.lifted_on <= on
        return self.first_day <= on and (self.last_day is None or on <= self.last_day) and not lifted

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id} from {self.first_day}"
