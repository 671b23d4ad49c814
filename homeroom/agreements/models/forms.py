"""The forms that are signed, in versions that never change, each in several languages."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """For whom a form is made."""

    STUDENT = "student"
    EMPLOYEE = "employee"


class Term(models.TextChoices):
    """T13: how long a signed agreement counts."""

    SCHOOL_YEAR = "school_year"
    UNTIL_LEAVING = "until_leaving"


class Form(models.Model):
    """IX.C: the agreement that students, or employees, sign. One of each kind."""

    kind = models.CharField(max_length=10, choices=Kind.choices, primary_key=True)
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """XVII.A.2: one wording of a form. It may be signed only while its addendum is effective and has its very hash.

    `sha256` covers everything that is signed or that decides how long it counts. `material` says that whoever
    signed an older version must sign again. `changes` tells what is new.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    material = models.BooleanField(default=True)
    term = models.CharField(max_length=20, choices=Term.choices, default=Term.SCHOOL_YEAR)
    changes = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("form_id", "-number")
        constraints = (models.UniqueConstraint(fields=("form", "number"), name="agreements_version_once"),)

    @property
    def subject(self) -> str:
        """How the board's records name it."""
        return f"agreements.form:{self.form_id}:{self.number}"

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"


class FormText(models.Model):
    """The words of a version in one language; English is always among them. `sha256` is the hash of title and body.

    `body` is plain text: blank lines part paragraphs, a line that begins with "# " is a heading, with "- " a point.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=35)
    title = models.CharField(max_length=300)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("version", "language"), name="agreements_text_once"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"
