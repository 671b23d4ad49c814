"""What stands around signatures: the sitting in which they were given, the office's kiosk, scans and sealed sheets."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from homeroom.agreements.models.agreements import Agreement, Method, Signature
from homeroom.agreements.models.forms import FormVersion
from homeroom.people.models import Person


class Sitting(models.Model):
    """325L.05, 15 USC 7001(c): one person signs, for one or several, having agreed to do so electronically.

    `consented_at` is that agreement. `signatures` are the ids of what was signed. `mail_due` is when a receipt is to
    be sent (None: nothing is left to do).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sittings")
    language = models.CharField(max_length=35)
    method = models.CharField(max_length=20, choices=Method.choices)
    detail = models.CharField(max_length=300)
    consented_at = models.DateTimeField()
    signatures = models.JSONField(default=list)
    mail_due = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-consented_at",)
        indexes = (
            models.Index(fields=("mail_due",), name="agreements_mail_due", condition=Q(mail_due__isnull=False)),
            models.Index(fields=("person", "consented_at"), name="agreements_sitting_person"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} at {self.consented_at:%Y-%m-%d %H:%M}"


class KioskVisit(models.Model):
    """IX.C: somebody signs on a screen of the office. A member of staff saw who it is, and how stands in `how`.

    Only the keyed digest of the code is kept. A visit begins once, and ends by signing, by leaving or by itself.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kiosk_visits")
    digest = models.CharField(max_length=64, unique=True)
    how = models.CharField(max_length=200)
    opened_by = models.CharField(max_length=100)
    opened_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.person_id} opened by {self.opened_by}"


class Scan(models.Model):
    """IX.C.5: a scanned form that waits to be typed in. The file lies under `sha256`, see agreements.scanning."""

    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="scans")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="scans")
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("sha256", "agreement"), name="agreements_scan_once"),)
        indexes = (models.Index(fields=("id",), name="agreements_scan_waits", condition=Q(done_at__isnull=True)),)

    @property
    def place(self) -> str:
        """As a paper record names it."""
        return f"scan:{self.sha256}"

    def __str__(self) -> str:
        return f"scan for {self.agreement_id}"


class SealedPaper(models.Model):
    """IX.C.5, IX.C.6: the sealed PDF of an agreement as it was filed, or of one signature attached later.

    The file lies under its hash, see agreements.sealing; it is made once and never again.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sealed")
    attachment = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="sealed_attachment"
    )
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(attachment__isnull=True), name="agreements_one_original"
            ),
        )

    def __str__(self) -> str:
        return f"sealed {self.agreement_id} {self.attachment_id or 'original'}"
