"""Texts of the policy as the board adopted or may adopt them, and their clauses."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce


class TextQuerySet(models.QuerySet["AdoptedText"]):
    """Texts, asked by day."""

    def in_force(self, on: date) -> TextQuerySet:
        """Those in force on a day: at most one."""
        return self.filter(Q(until_day=None) | Q(until_day__gte=on), from_day__lte=on)


class AdoptedText(models.Model):
    """524: one text of the policy, as a file said it.

    `sha256` is the hash of that file. A text without `from_day` is a draft; `until_day` is its last
    day. `alternative` is the one of Article VI that the board chose ("VI.Alt3"), where the text
    offers several; `options` are the optional paragraphs it took up ("V.A.6.a"). `adult_monitoring`
    is whether Alternative 3 watches over adults as its words say, which is more than the law asks.
    `noticed_sha256` and `heard_sha256` are hashes of the very words of which the public was told and
    that it heard; from the notice on the words are frozen. `notes`, `findings` and `unplaced` are
    lists of {"line", ...}; one set aside has a "why".
    """

    title = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    imported_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    notes = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    references = models.JSONField(default=list)
    from_day = models.DateField(null=True, blank=True)
    until_day = models.DateField(null=True, blank=True)
    alternative = models.CharField(max_length=20, blank=True)
    noticed_on = models.DateField(null=True, blank=True)
    hearing_on = models.DateField(null=True, blank=True)
    minutes = models.CharField(max_length=300, blank=True)
    notice_where = models.CharField(max_length=300, blank=True)
    noticed_sha256 = models.CharField(max_length=64, blank=True, default="")
    heard_sha256 = models.CharField(max_length=64, blank=True, default="")
    voted_on = models.DateField(null=True, blank=True)
    vote = models.CharField(max_length=100, blank=True)
    options = models.JSONField(default=list)
    adult_monitoring = models.BooleanField(default=True)
    reason = models.TextField(blank=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")), name="board_text_days"
            ),
            models.UniqueConstraint(
                Coalesce("until_day", Value(date.max)), condition=Q(from_day__isnull=False), name="board_one_text_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Text {self.pk}: {self.title or self.file}"

    @property
    def told_on(self) -> date | None:
        """VI.Alt3.note.b: when the public was told of these words, by notice or at the hearing; None for never."""
        return self.noticed_on or self.hearing_on


class PlacedClause(models.Model):
    """524: one clause of a text, with everything needed to read it alone. `place` is its place in the text, from 0."""

    text = models.ForeignKey(AdoptedText, on_delete=models.PROTECT, related_name="clauses")
    place = models.PositiveIntegerField()
    clause = models.CharField(max_length=60)
    title = models.TextField(blank=True)
    words = models.TextField(blank=True)
    lead_in = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=16)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    optional = models.BooleanField(default=False)
    struck = models.JSONField(default=list)

    class Meta:
        ordering = ("place",)
        constraints = [models.UniqueConstraint(fields=("text", "place"), name="board_place_once")]
        indexes = [models.Index(fields=("text", "clause"), name="board_by_clause")]

    def __str__(self) -> str:
        return self.clause
