"""VIII.D, VIII.E, VIII.F: who asked to see what, on which right, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.people.models import Person


def whom(length: int = 200) -> models.CharField:
    """Who did it, as a name that lasts longer than an account."""
    return models.CharField(max_length=length, blank=True, default="")


class Wanted(models.TextChoices):
    """What a parent may ask to see of a child, at any time."""

    FILES = "files"
    EMAIL = "email"
    FILTER = "filter"
    ACCOUNTS = "accounts"
    RECORDS = "records"


class DataRequest(models.Model):
    """VIII.D.1: a parent, or a student of age, asks to see a student's files, e-mail or records."""

    class Outcome(models.TextChoices):
        """How it ended."""

        GIVEN = "given"
        PARTLY = "partly"
        REFUSED = "refused"

    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="data_requests")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="data_asked")
    wants = models.JSONField(default=list)
    words = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    entered_by = whom()
    entered_by_name = whom()
    identity = models.TextField(blank=True, default="")
    authority = models.TextField(blank=True, default="")
    authority_at = models.DateTimeField(null=True, blank=True)
    authority_by_name = whom()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = whom()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    citation = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(citation=""), name="requests_refused_by_law"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="requests_closed_somehow"
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("asked_at",), name="requests_open", condition=Q(closed_at__isnull=True)),
        )  # fmt: skip

    @property
    def about(self) -> str:
        """What its clock is about."""
        return f"data-request:{self.pk}"

    def __str__(self) -> str:
        return f"data request {self.pk}"


class Part(models.Model):
    """VIII.D.1: what became of one thing that was asked for."""

    class State(models.TextChoices):
        """Shown, not there, or kept back by a law."""

        GIVEN = "given"
        NOTHING = "nothing"
        WITHHELD = "withheld"

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=10, choices=Wanted.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    how = models.TextField()
    citation = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    by_name = whom()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("request", "kind"), name="requests_part_once"),
            models.CheckConstraint(
                condition=~Q(state="withheld") | ~Q(citation=""), name="requests_withheld_by_law"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} of {self.request_id}"


class StaffReview(models.Model):
    """VIII.E.1: somebody looks into an employee's files or e-mail: why and how far, written down before."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="file_reviews")
    reason = models.TextField()
    scope = models.TextField()
    begun_at = models.DateTimeField()
    by = whom()
    by_name = whom()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-begun_at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason="") & ~Q(scope=""), name="requests_review_why"),
            models.CheckConstraint(condition=~Q(person_id=models.F("by")), name="requests_review_not_own"),
        )

    def __str__(self) -> str:
        return f"review {self.pk}"


class AuthorityRequest(models.Model):
    """VIII.F: an authority asks for records in an investigation; what it rests on, and what it was given."""

    class Basis(models.TextChoices):
        """What the request rests on."""

        WARRANT = "warrant"
        ORDER = "order"
        SUBPOENA = "subpoena"
        EMERGENCY = "emergency"
        CONSENT = "consent"
        LAW = "law"
        NONE = "none"

    class Outcome(models.TextChoices):
        """What the district did."""

        GIVEN = "given"
        PARTLY = "partly"
        REFUSED = "refused"
        COUNSEL = "counsel"

    class Family(models.TextChoices):
        """Whether the family was told before."""

        TOLD = "told"
        BARRED = "barred"
        NOT_OWED = "not-owed"

    GIVEN = (Outcome.GIVEN, Outcome.PARTLY)

    agency = models.CharField(max_length=200)
    officer = models.CharField(max_length=200)
    reference = models.CharField(max_length=200, blank=True, default="")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="authority_requests"
    )
    wants = models.TextField()
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_words = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()
    wanted_by = models.DateField(null=True, blank=True)
    entered_by_name = whom()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = whom()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    disclosed = models.TextField(blank=True, default="")
    family = models.CharField(max_length=10, choices=Family.choices, blank=True, default="")
    family_words = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(outcome__in=("given", "partly")) | (~Q(basis="none") & ~Q(basis_words="")),
                name="requests_given_on_a_basis",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=("given", "partly")) | ~Q(disclosed=""), name="requests_given_what"
            ),
        )

    def __str__(self) -> str:
        return f"authority request {self.pk}"
