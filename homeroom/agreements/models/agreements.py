"""An agreement, the places in it, and what people did with them. Signatures are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from homeroom.agreements.models.forms import Form, FormText, FormVersion
from homeroom.kernel.agreements.values import Part
from homeroom.people.models import Person, School

PARTS = [(part.value, part.value) for part in Part]


class Method(models.TextChoices):
    """325L.09: how whoever signed was identified."""

    CODE_EMAIL = "code_email"
    CODE_SMS = "code_sms"
    CODE_LETTER = "code_letter"
    SINGLE_SIGN_ON = "single_sign_on"
    PASSKEY = "passkey"
    PASSWORD = "password"
    SESSION = "session"  # signed in to Homeroom, with whatever their account asks for
    IN_PERSON = "in_person"  # seen by a named member of staff
    PAPER = "paper"


class Agreement(models.Model):
    """IX.C: the container for one person and one term. Its state is derived, see kernel.agreements.state.

    `closed_on` is the first day on which it does not count any more.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreements")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="agreements")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("-first_day", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "form", "first_day"), condition=Q(closed_on__isnull=True), name="agreements_one_open"
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="agreements_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.form_id} {self.first_day}"


class Slot(models.Model):
    """IX.C: a place for one signature. A change of teacher closes one, with its day, and opens another."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="slots")
    part = models.CharField(max_length=10, choices=PARTS)
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="slots")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "part", "holder"), condition=Q(closed_on__isnull=True), name="agreements_slot_once"
            ),
            models.CheckConstraint(condition=Q(part__in=[part.value for part in Part]), name="agreements_slot_part"),
        )
        indexes = (models.Index(fields=("holder", "part"), name="agreements_slot_holder"),)

    def __str__(self) -> str:
        return f"{self.part} {self.holder_id} of {self.agreement_id}"


class Signature(models.Model):
    """IX.C, 325L: one signature with its evidence. Rows are never changed; the database refuses it (migration 0002).

    `text_sha256` is the hash of the very words shown, `signed_at` the time of sending, `received_at` and `place`
    time and place of receipt. `attested_by` saw a mark or heard an assent of somebody who cannot write.
    `attached_to` is the original that a new supervising teacher's signature joins (IX.C.6). `on` is the
    district's day from which it counts.
    """

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="signatures")
    text = models.ForeignKey(FormText, on_delete=models.PROTECT, related_name="signatures")
    text_sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=20, choices=Method.choices)
    detail = models.CharField(max_length=300)
    electronic = models.BooleanField()
    intent = models.CharField(max_length=500)
    typed_name = models.CharField(max_length=200, blank=True)
    drawing = models.BinaryField(blank=True, default=b"")
    attested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="attested")
    attached_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="attached")
    on = models.DateField()
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    place = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("slot", "version"), name="agreements_signed_once"),
            models.CheckConstraint(
                condition=~Q(typed_name="") | Q(attested_by__isnull=False), name="agreements_name_or_mark"
            ),
        )

    def __str__(self) -> str:
        return f"{self.signer_id} signed {self.slot_id}"


class PaperRecord(models.Model):
    """IX.C: a form signed on paper, typed in by one official and looked at by another before it counts."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="papers")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="papers")
    language = models.CharField(max_length=35)
    name_on_paper = models.CharField(max_length=200)
    signed_on = models.DateField()
    scan = models.CharField(max_length=300)  # where the sheet or its scan is
    attested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.CharField(max_length=100)
    recorded_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    checked_by = models.CharField(max_length=100, blank=True)
    checked_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    rejected = models.TextField(blank=True)
    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="paper_record"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(checked_by=F("recorded_by")), name="agreements_two_pairs_of_eyes"),
        )

    def __str__(self) -> str:
        return f"paper for {self.slot_id}"


class Refusal(models.Model):
    """IX.C: somebody who is asked to sign says no, and why. It counts until they sign, or take it back."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="refusals")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="refusals")
    reason = models.TextField()
    on = models.DateField()
    at = models.DateTimeField()
    taken_back_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("slot",), condition=Q(taken_back_on__isnull=True), name="agreements_one_refusal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_id} refused {self.slot_id}"


class Permission(models.Model):
    """IX.B.1: a member of the professional staff permits a student's use, in writing, before it begins."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="permissions")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="permitted")
    scope = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.by_id} permits {self.agreement_id}"


class Filing(models.Model):
    """IX.C.5: a completed agreement is on file in the office of the student's school."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="filing")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="filings")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.agreement_id} at {self.school_id or 'the district'}"
