"""Addenda: forms, guidelines and procedures that join the policy once the board approved them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


class AddendumState(models.TextChoices):
    """How far an addendum has come. That it is effective is not stored: it follows from its days."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class AddendumKind(models.TextChoices):
    """What may become an addendum."""

    FORM = "form"
    NOTICE = "notice"
    GUIDELINE = "guideline"
    PROCEDURE = "procedure"


class AddendumQuerySet(models.QuerySet["Addendum"]):
    """Addenda, asked by day."""

    def effective(self, on: date) -> AddendumQuerySet:
        """Those that are part of the policy on a day; a later one of the same subject does not end an earlier one."""
        open_end = Q(until_day=None) | Q(until_day__gte=on)
        return self.filter(open_end, state=AddendumState.APPROVED, effective_on__lte=on)


class Addendum(models.Model):
    """XVII.A.2: one form, guideline or procedure on its way into the policy.

    `subject` says which thing of which app it is ("agreements.form:student:3"), `sha256` is the hash of its very
    words, so that one changed word is another addendum. `number` is given at approval ("2026-4").
    """

    subject = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=AddendumState.choices, default=AddendumState.DRAFTED)
    number = models.CharField(max_length=12, blank=True)
    drafted_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    minutes = models.CharField(max_length=300, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    until_day = models.DateField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = AddendumQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("subject", "effective_on"), name="board_addendum_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AddendumState.values), name="board_addendum_state"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_on__isnull=False, effective_on__gte=F("approved_on")) & ~Q(minutes="") & ~Q(number=""),
                name="board_addendum_approved",
            ),
            models.UniqueConstraint(fields=("number",), condition=~Q(number=""), name="board_addendum_number"),
            models.UniqueConstraint(
                fields=("subject", "sha256"), condition=~Q(state="returned"), name="board_addendum_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or f'Addendum {self.pk}'}: {self.title}"
