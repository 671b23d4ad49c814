"""What probes saw, what people did that no other part of the house sees, and the binders built from both."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Class, School


class Observation(models.Model):
    """One look of one probe. `failed` is a sentence where it could not look; `good_until` is when the look is too old.

    `probe` is "module.function"; `broken` of `looked_at` things were not as the clause demands.
    """

    probe = models.CharField(max_length=150)
    at = models.DateTimeField()
    looked_at = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    summary = models.TextField(blank=True)
    failed = models.TextField(blank=True)
    good_until = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("probe", "-id"), name="ledger_newest")]

    def __str__(self) -> str:
        return f"{self.probe}: {self.broken} of {self.looked_at}"


class Proof(models.Model):
    """VI.Alt3.note.a: one thing that somebody did, with its day and, where there is one, its paper.

    `since` is another day that counts (a form: when service began; equipment: none), `until` the last day of what
    lasts. `topics` belong to lessons; `group` is the class taught, whose roster of that day is the list of students;
    without one, `school` and `grades` say who was taught ([] for all grades). `file` is the hash of a kept file;
    `names_students` says that it shows students, so that copies which leave the house go without it.
    """

    class Kind(models.TextChoices):
        """What was done."""

        LESSON = "lesson"
        OPENING = "opening"  # the filter opened for an adult outside Homeroom
        MEANS = "means"  # supervision, and other means beside or instead of a filter
        FORM_486 = "form-486"
        FORM_479 = "form-479"
        EQUIPMENT = "equipment"
        PAPER = "paper"  # a notice, an agenda, minutes, a bill

    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    number = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=200, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Class, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    grades = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    students = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    names_students = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-day", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""), name="ledger_proof_withdrawn_why"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("day")), name="ledger_proof_days"
            ),
        )
        indexes = (models.Index(fields=("kind", "day"), name="ledger_proof_kind"),)

    def __str__(self) -> str:
        return self.title


class Binder(models.Model):
    """VI.Alt3.note.a: a binder of a funding year that somebody asked for, and how far it has come.

    `names` says that it holds lists of students, `why` for whom they are; such a file is gone since `purged_at`.
    """

    year = models.PositiveIntegerField()
    names = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=1)
    what = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    failed = models.TextField(blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Binder {self.year}"

    @property
    def percent(self) -> int:
        """How far it has come."""
        return min(100, self.step * 100 // max(1, self.of))
