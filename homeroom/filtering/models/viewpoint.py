"""The viewpoint guard: the controls that lists are held against, and each report as a record."""

from __future__ import annotations

from django.db import models

from homeroom.filtering.models.lists import ListVersion


class ViewpointControl(models.Model):
    """One control: a pair of sites of opposing views (`host` and `counterpart`), or a name that must not be blocked."""

    topic = models.CharField(max_length=200)
    host = models.CharField(max_length=253)
    counterpart = models.CharField(max_length=253, blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("topic", "host")

    @property
    def pair(self) -> bool:
        """Whether two views are compared."""
        return bool(self.counterpart)


class Immutable(models.Model):
    """A record: written once, never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Write a new row; refuses to change one."""
        if self.pk is not None:
            raise TypeError("This record is kept as it was written; make a new one instead.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuses."""
        raise TypeError("This record is kept; it cannot be deleted.")


class ViewpointReport(Immutable):
    """VI.Alt1.2, VI.Alt2.C, VI.Alt3.C: one comparison of all controls with one table.

    `version` is the list version whose going live asked for it; null for the lists that were live.
    `fresh` counts the findings that the report on the lists then live did not have.
    """

    at = models.DateTimeField()
    version = models.ForeignKey(ListVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    table = models.CharField(max_length=100, blank=True)
    lists = models.JSONField(default=list)
    pairs = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    asymmetries = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    sentence = models.TextField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ("-at", "-id")


class FindingKind(models.TextChoices):
    """What was found."""

    ASYMMETRY = "asymmetry", "One side of a pair is listed, the other is not"
    HIT = "hit", "A name that must not be blocked is listed"


class ViewpointFinding(Immutable):
    """One listing that a lawful filter would not hold, with its line and the correction it asks for.

    `profiles` are the audiences for which it blocks as things are; empty when the category is not blocked for
    anybody. The proposed correction is always "correct `host` + `path` in `category`".
    """

    report = models.ForeignKey(ViewpointReport, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=10, choices=FindingKind)
    topic = models.CharField(max_length=200)
    host = models.CharField(max_length=253)
    path = models.CharField(max_length=2000, blank=True)
    counterpart = models.CharField(max_length=253, blank=True)
    category = models.CharField(max_length=60)
    profiles = models.JSONField(default=list)
    list = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    line = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    fresh = models.BooleanField(default=False)
    corrected = models.BooleanField(default=False)

    class Meta:
        ordering = ("-fresh", "topic", "host", "category")
