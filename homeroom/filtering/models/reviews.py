"""What people asked from the block page."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from homeroom.filtering.models.rules import LocalRule


class FromBlockPage(models.Model):
    """What a block page's ticket says. `alias` is that month's pseudonym; no person's id is ever kept here.

    `asked_from` is a keyed digest of the client's address for the day, only to slow down a flood.
    """

    host = models.CharField(max_length=253)
    path = models.CharField(max_length=2000, blank=True)
    kind = models.CharField(max_length=20)
    clause = models.CharField(max_length=40)
    category = models.CharField(max_length=60, blank=True)
    list = models.CharField(max_length=100, blank=True)
    version = models.CharField(max_length=100, blank=True)
    line = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=500, blank=True)
    reason = models.TextField(blank=True)
    profile = models.CharField(max_length=40)
    school = models.CharField(max_length=100, blank=True)
    alias = models.CharField(max_length=100, blank=True)
    bundle = models.CharField(max_length=100, blank=True)
    blocked_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_from = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        abstract = True


class ReviewState(models.TextChoices):
    """Whether somebody answered."""

    WAITING = "waiting", "Waiting"
    ANSWERED = "answered", "Answered"


class Answer(models.TextChoices):
    """What the answer was."""

    ALLOW = "allow", "Opened"
    CORRECT = "correct", "The list was wrong"
    KEEP = "keep", "Stays blocked"


class ReviewRequest(FromBlockPage):
    """VI.Alt3.C: somebody asks whether a block is right; `due_at` is the clock, the answer may make a rule."""

    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answer_reason = models.TextField(blank=True)
    rule = models.ForeignKey(LocalRule, null=True, blank=True, on_delete=models.PROTECT, related_name="requests")

    class Meta:
        ordering = ("due_at", "id")
        indexes = [
            # The dashboard's question: which answers are owed, and since when?
            models.Index(fields=("due_at",), name="filtering_review_due", condition=Q(state=ReviewState.WAITING)),
            models.Index(fields=("alias", "asked_at"), name="filtering_review_alias"),
        ]

    def late(self, at: datetime) -> bool:
        """Whether an answer is owed since before that instant."""
        return self.state == ReviewState.WAITING and self.due_at < at


class Closed(models.Model):
    """Something told that waits until an official read it, and closed it with a note."""

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=100, blank=True, default="")
    closed_by_name = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


WHOLE = Q(closed_at__isnull=True) | ~Q(closed_by="") & ~Q(note="")


class InadvertentAccess(FromBlockPage, Closed):
    """V.C.1: somebody says on the block page that they came upon blocked material by accident.

    Under a pseudonym and without the path; who signs in and tells it is in `ToldAccident`, never beside a pseudonym.
    """

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(fields=("alias", "asked_at"), name="filtering_accident_alias"),
            # The desk's question: what waits for somebody to read it?
            models.Index(fields=("school",), name="filtering_accident_open", condition=Q(closed_at__isnull=True)),
        ]
        constraints = [models.CheckConstraint(condition=WHOLE, name="filtering_accident_closed")]

    @property
    def met_at(self) -> datetime:
        """When the page was met."""
        return self.blocked_at

    @property
    def told_at(self) -> datetime:
        """When it was told."""
        return self.asked_at
