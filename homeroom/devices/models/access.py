"""XIV.C: accesses to devices, each on its ground, and the programmes that stand for many of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from homeroom.devices.models.resources import IssuedResource, LossReport, by
from homeroom.devices.models.suspicion import SuspicionRecord
from homeroom.kernel.devices.terms import ActorClass, Ground, Purpose
from homeroom.people.models import Person


def choices(words: type) -> list[tuple[str, str]]:
    """The words of the kernel as choices of a column."""
    return [(str(each), str(each)) for each in words]  # type: ignore[attr-defined]


class Programme(models.Model):
    """XIV.C.0: a standing way of looking (filter log, classroom viewing, proctoring): authorised once, told in advance.

    `review_on` is the day of its yearly review.
    """

    name = models.CharField(max_length=200)
    tool = models.CharField(max_length=200)
    features = models.JSONField(default=list)
    ground = models.CharField(max_length=12, choices=choices(Ground))
    purpose = models.CharField(max_length=15, choices=choices(Purpose))
    citation = models.CharField(max_length=300, blank=True, default="")
    why = models.TextField()
    scope = models.TextField()
    who = models.TextField()
    retention = models.CharField(max_length=200, blank=True, default="")
    tell = models.BooleanField(default=True)
    asked_by = by()
    authorised_at = models.DateTimeField()
    authorised_by = by()
    authorised_by_name = by()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=Q(ended_at__isnull=True), name="devices_programme_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProgrammeReview(models.Model):
    """XIV.C.0: somebody looked at a programme again and kept or ended it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    reviewer = by()
    reviewer_name = by()
    words = models.TextField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"review of {self.programme_id}"


class Access(models.Model):
    """XIV.C: one access to one student's device: features, ground, purpose, bounds, window, who looks.

    `key` is made by the form, so that sending it twice makes one row. `resource` is empty for what is no single
    thing, such as the filter's own records about a student.
    """

    class State(models.TextChoices):
        """Where it stands; whether it is in use, over or ended by recovery is derived."""

        ASKED = "asked"
        AUTHORISED = "authorised"
        REFUSED = "refused"

    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="device_accesses")
    resource = models.ForeignKey(IssuedResource, null=True, on_delete=models.PROTECT, related_name="accesses")
    features = models.JSONField(default=list)
    ground = models.CharField(max_length=12, choices=choices(Ground))
    purpose = models.CharField(max_length=15, choices=choices(Purpose))
    why = models.TextField()
    scope = models.TextField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    looks_from = models.DateTimeField(null=True, blank=True)  # of records: the time they are about
    looks_until = models.DateTimeField(null=True, blank=True)
    actor_class = models.CharField(max_length=20, choices=choices(ActorClass))
    looker = models.CharField(max_length=200)
    told_at = models.DateTimeField(null=True, blank=True)
    warrant_number = models.CharField(max_length=100, blank=True, default="")
    warrant_sha256 = models.CharField(max_length=64, blank=True, default="")
    warrant_scope = models.TextField(blank=True, default="")
    warrant_expires = models.DateTimeField(null=True, blank=True)
    loss = models.ForeignKey(LossReport, null=True, blank=True, on_delete=models.PROTECT, related_name="accesses")
    threat = models.TextField(blank=True, default="")
    citation = models.CharField(max_length=300, blank=True, default="")
    suspicion = models.ForeignKey(
        SuspicionRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="accesses"
    )
    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="accesses")
    key = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = by()
    asked_by_name = by()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = by()
    answered_by_name = by()
    answer = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by()
    result = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_by="") | ~Q(answered_by=F("asked_by")), name="devices_access_two"
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="devices_access_window"),
            models.CheckConstraint(
                condition=Q(ground__in=[str(each) for each in Ground]), name="devices_access_ground"
            ),
        )
        indexes = (models.Index(fields=("student", "starts"), name="devices_access_student"),)

    def __str__(self) -> str:
        return f"access {self.pk}"


class AccessUse(models.Model):
    """XIV.C.0: a moment in which features were in fact reached under an access; `source` says how it is known."""

    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    features = models.JSONField(default=list)
    looker = models.CharField(max_length=200)
    seen = models.TextField(blank=True, default="")
    source = models.CharField(max_length=20, default="hand")
    recorded_at = models.DateTimeField()
    recorded_by = by()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"use of access {self.access_id}"
