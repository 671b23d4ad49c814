"""What people tell by name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.filtering.models.reviews import WHOLE, Closed
from homeroom.people.models import Person


class ToldAccident(Closed):
    """V.C.1, V.C.2: somebody signed in says what they came upon by accident: the site's name, when, a few words.

    `to_supervisor` is whom the roster names over an employee that day. Open until an official closed it.
    """

    host = models.CharField(max_length=253)
    school = models.CharField(max_length=100, blank=True)
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accidents")
    employee = models.BooleanField(default=False)
    to_supervisor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    met_at = models.DateTimeField()
    told_at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("-told_at", "-id")
        indexes = [
            models.Index(fields=("school",), name="filtering_told_open", condition=Q(closed_at__isnull=True)),
        ]
        constraints = [models.CheckConstraint(condition=WHOLE, name="filtering_told_closed")]

    def __str__(self) -> str:
        return f"accident {self.pk} at {self.host}"
