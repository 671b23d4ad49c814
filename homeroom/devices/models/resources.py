"""XIV.A: hardware and software given to one person, the loan with the words that were accepted, loss and recovery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person, School


def by(**options: object) -> models.CharField:
    """The id or the name of whoever acted."""
    return models.CharField(max_length=200, blank=True, default="", **options)  # type: ignore[arg-type]


class IssuedResource(models.Model):
    """XIV.A, T8: a device, or a program or account, that is given to one student for their own use.

    `external` is its id in the console it came from (`source`), `said_user` who uses it as that console says.
    """

    class Kind(models.TextChoices):
        """Software counts as a device (T8)."""

        HARDWARE = "hardware"
        SOFTWARE = "software"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    tag = models.CharField(max_length=100, blank=True, default="")
    serial = models.CharField(max_length=100, blank=True, default="")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="resources")
    source = models.CharField(max_length=20, default="hand")
    external = models.CharField(max_length=200, blank=True, default="")
    said_user = models.CharField(max_length=254, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("title", "tag", "id")
        constraints = (
            models.UniqueConstraint(fields=("serial",), condition=~Q(serial=""), name="devices_serial_once"),
            models.UniqueConstraint(fields=("tag",), condition=~Q(tag=""), name="devices_tag_once"),
        )
        indexes = (models.Index(fields=("school", "title"), name="devices_resource_where"),)

    @property
    def label(self) -> str:
        """As people call it: its tag or serial number after its name."""
        mark = self.tag or self.serial
        return f"{self.title} ({mark})" if mark else self.title

    def __str__(self) -> str:
        return self.label


class LoanWords(models.Model):
    """The words that whoever takes a resource accepts; a change is a new version."""

    text = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = by()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"words {self.pk} of {self.made_at:%Y-%m-%d}"


class Loan(models.Model):
    """XIV.A: a resource in the hands of one person. `words` is the very text accepted, `words_sha256` its hash."""

    resource = models.ForeignKey(IssuedResource, on_delete=models.PROTECT, related_name="loans")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="loans")
    lent_at = models.DateTimeField()
    lent_by = by()
    lent_by_name = by()
    due_on = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = by()
    accepted_by_name = by()
    words = models.TextField(blank=True, default="")
    words_sha256 = models.CharField(max_length=64, blank=True, default="")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = by()
    condition = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-lent_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("resource",), condition=Q(returned_at__isnull=True), name="devices_lent_to_one"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | ~Q(words_sha256=""), name="devices_accepted_words"
            ),
        )

    def __str__(self) -> str:
        return f"{self.resource_id} lent to {self.person_id}"


class LossReport(models.Model):
    """XIV.C.3: somebody says that a resource is missing or stolen; `found_at` ends what that allowed."""

    resource = models.ForeignKey(IssuedResource, on_delete=models.PROTECT, related_name="losses")
    reported_at = models.DateTimeField()
    reported_by = by()
    reported_by_name = by()
    told_by = by()
    missing_since = models.DateTimeField()
    stolen = models.BooleanField(default=False)
    circumstances = models.TextField()
    police_report = models.CharField(max_length=100, blank=True, default="")
    found_at = models.DateTimeField(null=True, blank=True)
    found_by = by()
    found_how = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-reported_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("resource",), condition=Q(found_at__isnull=True), name="devices_missing_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.resource_id} missing since {self.missing_since:%Y-%m-%d}"
