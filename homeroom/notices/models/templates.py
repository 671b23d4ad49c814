"""The words of notices, in versions and languages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Template(models.Model):
    """XVII.A.1: one version of the words of one kind of notice. Once submitted (`sealed_at`) not a word changes.

    Whether it may be used follows from its addendum, whose subject is `subject` and whose hash is `sha256`.
    """

    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("kind", "-number")
        constraints = (
            models.UniqueConstraint(fields=("kind", "number"), name="notices_template_number"),
            models.CheckConstraint(condition=Q(sealed_at__isnull=True) | ~Q(sha256=""), name="notices_sealed_has_hash"),
        )

    @property
    def subject(self) -> str:
        """As the board's addenda name it."""
        return f"notices.template:{self.kind}:{self.number}"

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Text(models.Model):
    """One template in one language: words by element ("XI.B.1", "opening"). `checked_by`: who vouches for them."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=35)
    subject = models.CharField(max_length=200)
    blocks = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=100, blank=True)
    checked_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("template", "language")
        constraints = (models.UniqueConstraint(fields=("template", "language"), name="notices_text_once"),)

    def __str__(self) -> str:
        return f"{self.template_id} {self.language}"
