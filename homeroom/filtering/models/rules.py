"""Local rules: blocks, allows and list corrections, each with an owner, a reason and an end."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class Effect(models.TextChoices):
    """What a rule does."""

    BLOCK = "block", "Block"
    ALLOW = "allow", "Allow"
    CORRECT = "correct", "Correct a list"


class Scope(models.TextChoices):
    """Whom a rule reaches."""

    EVERYONE = "everyone", "Everyone"
    SCHOOL = "school", "One school"
    ROLE = "role", "One role"
    CLASS = "class", "One class"
    PERSON = "person", "One person"


class LocalRuleQuerySet(models.QuerySet["LocalRule"]):
    """Questions over many rules."""

    def not_over(self, at: datetime) -> LocalRuleQuerySet:
        """Rules that count now or will: not ended by anybody, not past their end."""
        return self.filter(Q(until=None) | Q(until__gt=at), ended_at=None)


class LocalRule(models.Model):
    """One row of the overlay (kernel.decision.overlay.Rule), with who made it and why.

    A correction names the categories (and, if known, the list) whose entry is wrong. `limited` rules were
    made by somebody who may not open what guards the network itself.
    """

    effect = models.CharField(max_length=10, choices=Effect)
    host = models.CharField(max_length=253)
    path = models.CharField(max_length=2000, blank=True)
    exact = models.BooleanField(default=False)
    scope_kind = models.CharField(max_length=10, choices=Scope, default=Scope.EVERYONE)
    scope_id = models.CharField(max_length=100, blank=True)
    categories = models.JSONField(default=list)
    list = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=100)
    owner_name = models.CharField(max_length=200)
    reason = models.TextField()
    starts = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    asked_by_self = models.BooleanField(default=False)
    limited = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_why = models.TextField(blank=True)

    objects = LocalRuleQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(scope_kind=Scope.EVERYONE, scope_id="") | (~Q(scope_kind=Scope.EVERYONE) & ~Q(scope_id="")),
                name="filtering_scope_has_its_id",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(starts=None) | Q(until__gt=models.F("starts")),
                name="filtering_rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect} {self.host}{self.path} for {self.scope}"

    @property
    def scope(self) -> str:
        """The scope as the overlay writes it: "everyone", "school:ID" and so on."""
        return f"{self.scope_kind}:{self.scope_id}" if self.scope_id else self.scope_kind

    def in_force(self, at: datetime) -> bool:
        """Whether the rule counts at that instant."""
        if self.ended_at is not None and self.ended_at <= at:
            return False
        return (self.starts is None or self.starts <= at) and (self.until is None or at < self.until)
