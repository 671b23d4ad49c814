"""What happens around contracts: requests to read them, legal redactions, breaches, opt-outs of advertising."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person
from homeroom.providers.models.contracts import Contract, ContractFile
from homeroom.providers.models.providers import Provider


class Inspection(models.Model):
    """XIII.D: somebody asks to read a contract, and how it was answered. A denial needs its law."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="inspections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inspections")
    wish = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)
    citation = models.CharField(max_length=300, blank=True)
    denied = models.BooleanField(default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(denied=False) | ~Q(citation=""), name="providers_denied_by_law"),
            models.UniqueConstraint(
                fields=("contract", "person"), condition=Q(answered_at=None), name="providers_asked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} asks for {self.contract_id}"


class Redaction(models.Model):
    """XIII.D, T22: a file is shown in another form because a lawyer said so, with the law and the reason.

    Taken back (`ended_at`) it no longer holds, and both stay on file.
    """

    file = models.ForeignKey(ContractFile, on_delete=models.PROTECT, related_name="redactions")
    shown = models.ForeignKey(ContractFile, on_delete=models.PROTECT, related_name="+")
    citation = models.CharField(max_length=300)
    reason = models.TextField()
    decided_by = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True, default="")
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("file",), condition=Q(ended_at=None), name="providers_redacted_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(ended_why=""), name="providers_redaction_ended_why"),
        )

    def __str__(self) -> str:
        return f"{self.file_id}: {self.citation}"


class Breach(models.Model):
    """A provider lost data: when it was discovered, what it is about, and how it was closed."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="breaches")
    discovered_at = models.DateTimeField()
    told_at = models.DateTimeField()
    what = models.TextField()
    data = models.JSONField(default=list)
    students = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "breaches"

    def __str__(self) -> str:
        return f"{self.provider_id}, {self.discovered_at:%Y-%m-%d}"


class OptOut(models.Model):
    """Minn. Stat. 125B.022: a student is not shown advertising, from a parent's word until it is taken back."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="opt_outs")
    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="advertising_opt_outs")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("contract", "student"), condition=Q(withdrawn_at=None), name="providers_opt_out_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.student_id} out of {self.contract_id}"
