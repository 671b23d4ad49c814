"""What the district chose about agreements, from a day on."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

LONGEST_GRACE = 5  # days, D.7: what a board may allow at most


class HowMany(models.TextChoices):
    """Whether one of several signs, or all of them."""

    ONE = "one"
    ALL = "all"


class Choice(models.Model):
    """T13, D.7: how the district handles agreements. The last row whose first day has come counts.

    `year_begins` is the day on which a school year's agreements begin, as "MM-DD". `decision` says where the board
    decided it, which a grace needs.
    """

    from_day = models.DateField()
    guardians = models.CharField(max_length=3, choices=HowMany.choices, default=HowMany.ONE)
    teachers = models.CharField(max_length=3, choices=HowMany.choices, default=HowMany.ALL)
    grown_alone = models.BooleanField(default=True)
    grace_days = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(LONGEST_GRACE)])
    renewal_days = models.PositiveSmallIntegerField(default=30)
    year_begins = models.CharField(max_length=5, default="07-01")
    decision = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-from_day", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(grace_days__lte=LONGEST_GRACE), name="agreements_grace_limit"),
            models.CheckConstraint(condition=Q(grace_days=0) | ~Q(decision=""), name="agreements_grace_decided"),
        )

    def __str__(self) -> str:
        return f"from {self.from_day}"
