"""Paper that goes out, and mail that comes back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.notices.models.notices import Notice


class PrintRun(models.Model):
    """One print file: which letters, in which order, with which bytes. `mailed_on` is said once, by a named person.

    Its bytes are gone since `purged_at`.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="runs")
    made_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    pieces = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    copies = models.PositiveIntegerField(default=0)
    mailed_on = models.DateField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mailed_by = models.CharField(max_length=100, blank=True)
    mailed_by_name = models.CharField(max_length=200, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(mailed_on__isnull=True) | Q(void_at__isnull=True), name="notices_run_one"
            ),
        )

    def __str__(self) -> str:
        return f"print run {self.pk}"


class Bounce(models.Model):
    """One report about mail of ours, taken in once (`digest`); `attempt` is empty while nothing of ours fits.

    Such a one from the mailbox, to which anybody can write, counts only where a person `believed` it.
    Address and words are struck out after their time; the digest stays, so that it is still taken in once.
    """

    MAILBOX = "mailbox"  # the one source that knows no secret; the others are names of mail services

    digest = models.CharField(max_length=64, unique=True)
    came_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12)  # hard, soft, delivered, complaint, unknown
    status = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300, blank=True)
    attempt = models.ForeignKey(
        "notices.Attempt", on_delete=models.SET_NULL, null=True, blank=True, related_name="bounces"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by_name = models.CharField(max_length=200, blank=True, default="")
    believed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("message_id",), name="notices_bounce_waits", condition=Q(attempt__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.outcome} of {self.address}"
