"""Days that count otherwise than the calendar says."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import School


class Closing(models.Model):
    """One day the district entered. `school` None: for the whole district. A withdrawn row no longer holds."""

    class Kind(models.TextChoices):
        """What the day is."""

        NO_SCHOOL = "no_school"  # no school is held; offices work
        CLOSED = "closed"  # counts like a legal holiday
        OPEN = "open"  # a legal holiday on which this district works

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="closings")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=100)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="no_school") | Q(school__isnull=True), name="notices_holiday_of_all"
            ),
            models.UniqueConstraint(
                fields=("day", "kind"),
                condition=Q(withdrawn_at__isnull=True, school__isnull=True),
                name="notices_closing_once",
            ),
            models.UniqueConstraint(
                fields=("day", "kind", "school"),
                condition=Q(withdrawn_at__isnull=True, school__isnull=False),
                name="notices_school_closing_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day}: {self.title}"
