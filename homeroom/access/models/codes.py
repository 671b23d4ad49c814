"""Codes by which parents and students sign in, without a password."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person


class CodeAsk(models.Model):
    """Somebody asked for a code. Kept alike for addresses that are known and for those that are not.

    `typed` is emptied once it was looked at; `place` is its keyed digest, by which asks are counted.
    `due` is when the worker is to look at it (None: nothing is left to do). `digest` is that of the
    code, "" where none was sent; `people` are those whom it may sign in.
    """

    class By(models.TextChoices):
        """By which way the code goes."""

        EMAIL = "email"
        SMS = "sms"

    handle = models.CharField(max_length=43, unique=True)
    typed = models.CharField(max_length=254, blank=True)
    place = models.CharField(max_length=64)
    by = models.CharField(max_length=10, choices=By.choices)
    language = models.CharField(max_length=10)
    people = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    due = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("due",), name="access_code_due", condition=Q(due__isnull=False)),
            models.Index(fields=("place", "created"), name="access_code_place"),
            models.Index(fields=("created",), name="access_code_age"),
        )

    def __str__(self) -> str:
        return f"code asked for at {self.created:%Y-%m-%d %H:%M}"


class LetterCode(models.Model):
    """A longer code on paper, for one person. Only its keyed digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="letter_codes")
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(used__isnull=True, ended__isnull=True), name="access_one_live_letter"
            ),
        )

    def __str__(self) -> str:
        return f"letter for {self.person_id}"
