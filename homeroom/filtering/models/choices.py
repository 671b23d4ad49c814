"""What the district chose within Article VI: rows, never settings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Audience(models.TextChoices):
    """Whom a profile is for."""

    STUDENT = "student", "Students"
    ADULT = "adult", "Adults"
    UNKNOWN = "unknown", "Nobody we know"


class YouTube(models.TextChoices):
    """How video sites answer."""

    OFF = "off", "As they are"
    MODERATE = "moderate", "Moderate"
    STRICT = "strict", "Strict"


class Chosen(models.Model):
    """Who chose, when and why. `by` is a person's id, `by_name` the name at that time."""

    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        abstract = True


class AlternativeChoice(Chosen):
    """VI.note1.c: which one of the three alternatives is in force; the newest row counts, older ones are history."""

    alternative = models.CharField(max_length=1)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(alternative__in=("1", "2", "3")), name="filtering_one_of_three"),
        ]


class CategoryChoice(Chosen):
    """III.2: one category that the district blocks or leaves open for one audience, against the table's default."""

    audience = models.CharField(max_length=10, choices=Audience)
    category = models.CharField(max_length=60)
    blocked = models.BooleanField()
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("category", "audience")
        constraints = [
            models.UniqueConstraint(fields=("audience", "category"), name="filtering_one_choice_per_category"),
        ]


class AudienceChoice(Chosen):
    """III.2: how search engines and video sites answer one audience, and whether only named sites are open to it."""

    audience = models.CharField(max_length=10, choices=Audience, unique=True)
    safe_search = models.BooleanField()
    youtube = models.CharField(max_length=10, choices=YouTube)
    only_named = models.BooleanField(default=False)


class SensitiveDecision(Chosen):
    """VI.Alt3.C: the recorded decision without which a category of topic or viewpoint is not offered for blocking."""

    category = models.CharField(max_length=60, unique=True)


class Essential(Chosen):
    """XII.B.3: a name that stays reachable for a person without standing, subdomains included."""

    host = models.CharField(max_length=253, unique=True)

    class Meta:
        ordering = ("host",)
