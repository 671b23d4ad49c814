"""What a parent may ask for: that an account ends, or that activities without the Internet take its place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person


class Termination(models.Model):
    """VIII.D.2: a parent asks to end the child's account. C.2: requested, authority checked, executed.

    Ended at a new word of the same parent (`reversed_on`), or by an act of the school with its reason
    (`reversed_why`), after which a fresh agreement is signed.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="terminations")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_terminations")
    reason = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=100)  # who typed it in: the guardian, or an official for them
    authority = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=100, blank=True)
    executed_on = models.DateField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_why = models.TextField(blank=True)
    reversed_on = models.DateField(null=True, blank=True)
    reversed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reversed_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("child",),
                condition=Q(executed_on__isnull=False, reversed_on__isnull=True),
                name="agreements_one_termination",
            ),
        )

    @property
    def state(self) -> str:
        """requested, executed, declined or reversed; the check stands between the first two in the same act.

        Where another parent had ended the account before, a checked request stands beside theirs: executed too.
        """
        if self.reversed_on:
            return "reversed"
        if self.declined_at:
            return "declined"
        return "executed" if self.checked_at else "requested"

    def __str__(self) -> str:
        return f"{self.guardian_id} ends the account of {self.child_id}"


class Alternative(models.Model):
    """XII.B.0b, C.3: activities without the Internet in place of those with it, as a parent asked."""

    class Scope(models.TextChoices):
        """How much of it."""

        ALL = "all"  # no use of the Internet at all: the network closes while it is in effect
        TOOLS = "tools"
        ASSIGNMENTS = "assignments"

    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="alternatives")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_alternatives")
    scope = models.CharField(max_length=12, choices=Scope.choices)
    words = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    teacher = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    plan = models.TextField(blank=True)
    neutrality = models.TextField(blank=True)  # that no grade suffers
    offered_at = models.DateTimeField(null=True, blank=True)
    explanation = models.TextField(blank=True)  # why nothing is offered, in writing
    explained_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, blank=True)  # accepted, disputed
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    from_day = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("student", "scope"), condition=Q(ended_on__isnull=True, scope="all"),
                name="agreements_one_alternative",
            ),
            models.CheckConstraint(condition=~Q(offered_at__isnull=False) | ~Q(plan=""), name="agreements_offer_plan"),
        )  # fmt: skip

    @property
    def state(self) -> str:
        """requested, explained, offered, accepted, disputed, in_effect, ended."""
        if self.ended_on:
            return "ended"
        if self.from_day:
            return "in_effect"
        if self.answer:
            return self.answer
        if self.offered_at:
            return "offered"
        return "explained" if self.explained_at else "requested"

    def __str__(self) -> str:
        return f"{self.scope} for {self.student_id}"
