"""What the management console says was done, and what routine work brought to light."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.devices.models.access import Access, Programme
from homeroom.devices.models.resources import IssuedResource, by


class ConsoleAct(models.Model):
    """XIV.C.0: one line of a console's audit log. Without an access or programme it is a finding to be answered."""

    source = models.CharField(max_length=20)
    external = models.CharField(max_length=200)
    at = models.DateTimeField()
    who = models.CharField(max_length=254)
    act = models.CharField(max_length=200)
    feature = models.CharField(max_length=12)
    device = models.CharField(max_length=200)
    resource = models.ForeignKey(IssuedResource, null=True, on_delete=models.PROTECT, related_name="console_acts")
    access = models.ForeignKey(Access, null=True, on_delete=models.PROTECT, related_name="console_acts")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="console_acts")
    taken_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = by()
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint(fields=("source", "external"), name="devices_console_once"),)
        indexes = (
            models.Index(
                fields=("at",), name="devices_finding_at",
                condition=Q(access__isnull=True, programme__isnull=True, answered_at__isnull=True),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.act} on {self.device}"


class Discovery(models.Model):
    """VIII.B: what maintenance or monitoring brought to light: the work, its ground, who found it, who has it now."""

    work = models.TextField()
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="discoveries"
    )
    access = models.ForeignKey(Access, null=True, blank=True, on_delete=models.PROTECT, related_name="discoveries")
    on_device = models.BooleanField(default=False)
    found = models.TextField()
    found_at = models.DateTimeField()
    found_by = by()
    found_by_name = by()
    handed_to = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-found_at", "-id")
        verbose_name_plural = "discoveries"
        constraints = (
            models.CheckConstraint(
                condition=Q(on_device=False) | Q(programme__isnull=False) | Q(access__isnull=False),
                name="devices_discovery_ground",
            ),
        )

    def __str__(self) -> str:
        return f"discovery {self.pk}"
