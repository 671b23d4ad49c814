"""Builds of the big table, bundles that were published, and how far a running job has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    """How a build ended."""

    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class BuildRun(models.Model):
    """One build of the table from all live versions. `sentence` says why it failed, and what serves meanwhile.

    `counts` maps a category to its number of entries; `lists` are the versions as [source, label]; `pages`
    the "host/path" patterns that lie under a viewpoint control, as of the controls at its start. `recipe` is
    what the table depends on beside the lists (`tables.recipe`).
    """

    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    sentence = models.TextField(blank=True)
    lists = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    entries = models.PositiveIntegerField(default=0)
    pages = models.JSONField(default=list)
    table = models.CharField(max_length=100, blank=True)
    bundle = models.CharField(max_length=100, blank=True)
    recipe = models.CharField(max_length=60, blank=True)
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ("-id",)


class Published(models.Model):
    """One bundle that the doors were given, so that a past moment can be explained by what was current then.

    In the order in which they were published, which a clock that jumps does not disturb.
    """

    bundle = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)
    rules = models.CharField(max_length=100, blank=True)
    policy = models.CharField(max_length=100)
    overlay = models.CharField(max_length=100)
    roll = models.CharField(max_length=100)
    changes = models.CharField(max_length=100, blank=True, default="")
    journal = models.BigIntegerField(default=0)
    rules_purged_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)


class Progress(models.Model):
    """How far a long job is, for the page that waits: `subject` is "build" or "update:LIST"."""

    subject = models.CharField(max_length=80, unique=True)
    stage = models.CharField(max_length=200)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    started = models.DateTimeField()
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The worker's question: which job did somebody ask for?
            models.Index(fields=("wanted_at",), name="filtering_job_wanted", condition=Q(wanted_at__isnull=False)),
        ]

    @property
    def running(self) -> bool:
        """Whether the job is at work."""
        return self.ended is None
