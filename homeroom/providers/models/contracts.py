"""Contracts: their days, every file, what was found in them, and overrides that expire."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from homeroom.providers.models.providers import Provider


class ContractState(models.TextChoices):
    """What people decided about a contract. Whether it has run out is read from its days."""

    REVIEW = "review"
    ACTIVE = "active"
    REFUSED = "refused"
    CLOSED = "closed"  # ended, and its data returned or destroyed


class Contract(models.Model):
    """XIII.D: one contract, with all its versions and exhibits.

    `renewal_expected` holds back the duty to return data while a renewal is reasonably expected, with the day on
    which that is decided. `ended_on` is the last day where it ended before its time.
    """

    State = ContractState

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ContractState.choices, default=ContractState.REVIEW)
    renewal_expected = models.BooleanField(default=False)
    renewal_decided_by = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    active_by = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    hearing_on = models.DateField(null=True, blank=True)
    finding = models.TextField(blank=True)
    parents_told_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-starts_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="providers_contract_days"
            ),
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="providers_contract_state"),
        )
        indexes = (models.Index(fields=("state", "ends_on"), name="providers_contract_ends"),)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None: open end."""
        return self.ended_on or self.ends_on

    def holds(self, on: date) -> bool:
        """Whether it is active on a day."""
        days = self.starts_on <= on and (self.last_day is None or on <= self.last_day)
        return self.state == ContractState.ACTIVE and days

    def has_run_out(self, on: date) -> bool:
        """Whether it was active and its last day is over."""
        return self.state == ContractState.ACTIVE and self.last_day is not None and self.last_day < on

    def __str__(self) -> str:
        return self.title


class FileKind(models.TextChoices):
    """What a file is."""

    CONTRACT = "contract"
    AMENDMENT = "amendment"
    EXHIBIT = "exhibit"
    TERMS = "terms"  # click-through terms and privacy policy
    CERTIFICATE = "certificate"  # of destruction or return
    ATTESTATION = "attestation"


class ContractFile(models.Model):
    """XIII.D: one file, never changed; a newer version is another file. `path` lies under HOMEROOM_HOME/contracts."""

    Kind = FileKind

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=12, choices=FileKind.choices)
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("contract", "sha256", "kind"), name="providers_file_once"),)

    @property
    def redaction(self) -> Any:
        """XIII.D, T22: the decision by which it is shown in another form; None where it is shown whole."""
        return next((each for each in self.redactions.all() if each.ended_at is None), None)  # type: ignore[attr-defined]

    @property
    def redactions_ended(self) -> list[Any]:
        """XIII.D, T22: decisions that were entered and taken back."""
        return [each for each in self.redactions.all() if each.ended_at]  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return self.title


class TermFinding(models.Model):
    """XIII.E.0: what somebody found about one term, where, in which words. Rows are added; the latest counts."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="findings")
    term = models.CharField(max_length=30)
    outcome = models.CharField(max_length=12)
    file = models.ForeignKey(ContractFile, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    page = models.CharField(max_length=40, blank=True)
    quotation = models.TextField(blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("contract", "term", "id"), name="providers_finding_latest"),)

    def __str__(self) -> str:
        return f"{self.term}: {self.outcome}"


class Override(models.Model):
    """A contract is used although a term is missing: by a named person, with a reason, until a day."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="overrides")
    terms = models.JSONField(default=list)
    reason = models.TextField()
    until = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="providers_override_why"),)

    def __str__(self) -> str:
        return f"until {self.until}"
