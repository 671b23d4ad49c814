"""One sending: to whom, with which words, by when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.notices.models.clocks import Clock
from homeroom.notices.models.templates import Template


class NoticeState(models.TextChoices):
    """How far a notice has come. Whether it is finished is counted, not stored."""

    DRAFT = "draft"
    RELEASED = "released"
    STOPPED = "stopped"


class Notice(models.Model):
    """Something that is told to people: a yearly campaign or a single notice after one event.

    `who` says how recipients are found ({"roles": …, "schools": …, "grades": …, "classes": …} or {"readers": [[reader,
    children], …]}), `facts` fills the places of the words. `follow`: people who come later are told too, until
    `follow_until`. `built_at` is when every letter was there; until then building goes on where it stopped.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    about = models.CharField(max_length=200, blank=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    facts = models.JSONField(default=dict)
    who = models.JSONField(default=dict)
    channel = models.CharField(max_length=10, default="auto")
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=100, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    follow = models.BooleanField(default=False)
    follow_until = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notices_state_known"),
            models.CheckConstraint(condition=~Q(state="stopped") | ~Q(stopped_reason=""), name="notices_stopped_why"),
        )
        indexes = (
            models.Index(fields=("id",), name="notices_to_build", condition=Q(state="released", built_at__isnull=True)),
            models.Index(fields=("kind", "state"), name="notices_by_kind"),
            models.Index(fields=("about",), name="notices_by_about"),
        )

    def __str__(self) -> str:
        return self.title


class Content(models.Model):
    """What was said, once for all who were told the same: words with the facts in them, named by their hash.

    Only the places for the reader's and the children's names are still open; what they were filled with stands in
    the letter. `beneath` is the same in English, `enclosed` the notice that goes along (XII.B.1). Never changed.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=35)
    subject = models.CharField(max_length=200)
    blocks = models.JSONField()  # [[element, words], …] in order
    enclosed = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="enclosing")
    beneath = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="above")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.sha256[:12]}"
