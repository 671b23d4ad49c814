"""Where lists come from, and each version that was fetched."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q


class ListSource(models.Model):
    """One list: a file or a URL in one format, for one category or (archives) a mapping of folders to categories.

    `next_at` is the next moment at which the worker looks for a newer version (null: never by itself).
    `trouble` is the sentence of the last failed update, "" when the last one went well.
    """

    name = models.SlugField(max_length=60, unique=True)
    format = models.CharField(max_length=20)
    category = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    location = models.CharField(max_length=1000)
    covers = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    homepage = models.CharField(max_length=500, blank=True)
    every_hours = models.PositiveIntegerField(default=24)
    statutory = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)
        indexes = [
            # The worker's question: whose update is due?
            models.Index(fields=("next_at",), name="filtering_list_due", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def due(self, at: datetime) -> bool:
        """Whether it is time to look for a newer version."""
        return self.ended_at is None and self.next_at is not None and self.next_at <= at

    @property
    def remote(self) -> bool:
        """Whether the location is a URL."""
        return self.location.startswith(("http://", "https://"))


class VersionState(models.TextChoices):
    """The life of one fetched version, in order."""

    FETCHED = "fetched", "Fetched, not yet read"
    CHECKED = "checked", "Read, goes live with the next build"
    HELD = "held", "Held until somebody has looked at the viewpoint report"
    LIVE = "live", "Live"
    REPLACED = "replaced", "Replaced by a newer version"
    REFUSED = "refused", "Refused"


NEXT_BUILD = "It goes live with the next build"
LATER: dict[str, str] = {VersionState.LIVE: "It is live", VersionState.REPLACED: "It is no longer used"}


class ListVersion(models.Model):
    """One version of one list, named by the SHA-256 of the file as fetched.

    `counts` maps a category to its number of entries, `unread` holds the first lines that no reader
    understood as [line, text, why, part], `changes` the difference to the version that was live
    before as {category: {added, removed, samples_added, samples_removed}}. `parts` are the parts of
    an archive that were left out, as [part, why].
    """

    source = models.ForeignKey(ListSource, on_delete=models.PROTECT, related_name="versions")
    hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.FETCHED)
    fetched_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    unread_count = models.PositiveIntegerField(default=0)
    unread = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    sentence = models.TextField(blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-fetched_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=("source", "hash"), name="filtering_version_once"),
            models.UniqueConstraint(
                fields=("source",), condition=Q(state=VersionState.LIVE), name="filtering_one_live_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.name} {self.label}"

    @property
    def told(self) -> str:
        """The sentence, true of its state by now: it was written before the version went live or was replaced."""
        return self.sentence.replace(NEXT_BUILD, LATER.get(self.state, NEXT_BUILD))

    @property
    def label(self) -> str:
        """How decisions and tables name this version: the day it was fetched and the start of its hash."""
        return f"{self.fetched_at.astimezone(UTC):%Y-%m-%d}.{self.hash[:8]}"
