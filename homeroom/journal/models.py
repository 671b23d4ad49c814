"""The one table. The database itself refuses to change or remove its rows; see migrations/0002."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act: who did what to whom, when, why, under which clause.

    `id` counts from 1 without gaps. `actor` is `Actor.id`. `verb` names the act as
    "app.thing.done"; `subject` is "kind:id". `previous` is the `hash` of the entry before, and
    `hash` covers everything else in the row (see chain.digest).
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=100)
    subject = models.CharField(max_length=300)
    clause = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("subject", "id"), name="journal_by_subject"),
            models.Index(fields=("verb", "id"), name="journal_by_verb"),
            models.Index(fields=("at",), name="journal_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject}"
