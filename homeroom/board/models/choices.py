"""What the board chose beside the text: the money it seeks, numbers from a day on, sources last checked."""

from __future__ import annotations

from django.db import models


class FundingProfile(models.Model):
    """VI.note1.b: which money the district seeks for its Internet; the newest row counts, older ones are history."""

    state_aid = models.BooleanField()
    erate_access = models.BooleanField()
    federal_other = models.BooleanField()
    reason = models.TextField(blank=True)
    from_day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-from_day", "-id")

    def __str__(self) -> str:
        return f"Funding from {self.from_day}"


class ParameterValue(models.Model):
    """A number or word of the district from a day on, against the one that ships. Never changed, only followed."""

    name = models.CharField(max_length=60)
    value = models.JSONField()
    from_day = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name", "-from_day", "-id")
        indexes = [models.Index(fields=("name", "-from_day", "-id"), name="board_parameter_newest")]

    def __str__(self) -> str:
        return f"{self.name} from {self.from_day}"


class Source(models.Model):
    """REF.legal: a statute, case or other policy that a text refers to, and when somebody last looked at it."""

    class Kind(models.TextChoices):
        """What is referred to."""

        LAW = "law"
        POLICY = "policy"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    citation = models.CharField(max_length=300, unique=True)
    place = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("kind", "citation")

    def __str__(self) -> str:
        return self.citation
