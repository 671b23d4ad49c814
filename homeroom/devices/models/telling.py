"""XIV.D: the duty to tell after an emergency, its clock, and the notice that ends it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from homeroom.devices.models.access import Access
from homeroom.devices.models.resources import by
from homeroom.kernel.devices import telling
from homeroom.people.models import Person


class DeviceNotice(models.Model):
    """XIV.D.2: what is told to the student or a parent, in writing; kept as a draft until it is sent."""

    class Way(models.TextChoices):
        """How it reached them."""

        HAND = "hand"
        LETTER = "letter"
        EMAIL = "email"

    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices_about")
    recipient = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="device_notices"
    )
    recipient_why = models.TextField(blank=True, default="")
    only_recipient = models.BooleanField(default=False)  # others of the family do not see this access either
    description = models.TextField(blank=True, default="")
    features = models.JSONField(default=list)
    threat = models.TextField(blank=True, default="")
    drafted_at = models.DateTimeField()
    drafted_by = by()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = by()
    sent_by_name = by()
    way = models.CharField(max_length=10, choices=Way.choices, blank=True, default="")
    proof = models.TextField(blank=True, default="")
    outgoing = models.PositiveBigIntegerField(null=True, blank=True)  # its id among the notices that are sent
    # That it was given was wrong: whoever said so, why, and the draft that took its place.
    unsaid_at = models.DateTimeField(null=True, blank=True)
    unsaid_by = by()
    unsaid_by_name = by()
    unsaid_why = models.TextField(blank=True, default="")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(unsaid_at__isnull=True) | ~Q(unsaid_why=""), name="devices_notice_unsaid_why"
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class TellDuty(models.Model):
    """XIV.D.1: the duty to tell about one access. `next_at` is the next moment that matters; the status is computed."""

    access = models.OneToOneField(Access, on_delete=models.PROTECT, related_name="duty")
    first_access_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(DeviceNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="duties")
    told_at = models.DateTimeField(null=True, blank=True)
    # Asked for and not answered: the clock runs on.
    put_off_asked_at = models.DateTimeField(null=True, blank=True)
    put_off_asked_by = by()
    deferred_at = models.DateTimeField(null=True, blank=True)
    deferred_why = models.TextField(blank=True, default="")
    deferred_by_name = by()
    approved_by = by()
    approved_by_name = by()
    review_by = models.DateTimeField(null=True, blank=True)
    late_already = models.BooleanField(default=False)  # it was late before it was put off, and stays so
    ceased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        verbose_name_plural = "duties to tell"
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("put_off_asked_by")), name="devices_put_off_by_two"
            ),
        )
        indexes = (
            # The clock's question: which duties change next?
            models.Index(fields=("next_at",), name="devices_duty_next", condition=Q(told_at__isnull=True)),
        )

    @property
    def duty(self) -> telling.Duty:
        """As the kernel judges it."""
        warned = telling.warnings(self.counted_from, self.due_at, self.counted_from.date())[0]
        return telling.Duty(self.counted_from, self.due_at, self.told_at, self.review_by, warned, self.late_already)

    def status(self, at: datetime) -> str:
        """How it stands at an instant."""
        return str(telling.status(self.duty, at))

    def __str__(self) -> str:
        return f"duty about access {self.access_id}"
