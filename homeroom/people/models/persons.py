"""Who belongs to the district, as what, where, and from when to when.

Days are the district's days. `last_day` None means open end; the last day itself still counts.
Rows that have begun are ended, never removed, so that any day can be asked about later.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

KEY = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._@+:-]{0,99}\Z",
    "An id has letters, digits and . _ @ + : - only, begins with a letter or digit, and is at most 100 long.",
)


class RoleName(models.TextChoices):
    """What somebody is in the district."""

    STUDENT = "student"
    TEACHER = "teacher"
    CLERK = "clerk"
    BUILDING_ADMINISTRATOR = "building_administrator"
    TECHNOLOGY_DIRECTOR = "technology_director"
    SUPERINTENDENT = "superintendent"
    BOARD_CLERK = "board_clerk"  # keeps the school board's minutes and texts
    EMPLOYEE = "employee"
    GUARDIAN = "guardian"


STAFF = (
    RoleName.TECHNOLOGY_DIRECTOR, RoleName.SUPERINTENDENT, RoleName.BOARD_CLERK, RoleName.BUILDING_ADMINISTRATOR,
    RoleName.TEACHER, RoleName.CLERK, RoleName.EMPLOYEE,
)  # fmt: skip
Row = TypeVar("Row", bound=models.Model)


def key_field(**options: Any) -> models.CharField:
    """A stable id in text, from the roster or generated."""
    return models.CharField(max_length=100, validators=[KEY], **options)


class Dated(models.QuerySet[Row]):
    """Rows that hold from a first to a last day."""

    def on(self, day: date) -> Dated[Row]:
        """Those that hold on a day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)


def in_order(name: str) -> models.CheckConstraint:
    """The last day is not before the first."""
    return models.CheckConstraint(condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name=name)


class Rostered(models.Model):
    """Where a row came from: the roster (`source`, "" for what people entered), its id there, when it changed there."""

    source = models.CharField(max_length=60, blank=True, default="")
    external = models.CharField(max_length=420, blank=True, default="")
    modified = models.CharField(max_length=27, blank=True, default="")  # an instant in UTC; its order is that of text

    class Meta:
        abstract = True


def by_source(name: str) -> models.Index:
    """Finds what a roster means by an id."""
    return models.Index(fields=("external", "source"), name=name)


class District(models.Model):
    """The one district of this installation, and its choices about time and language. Always row 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    language = models.CharField(max_length=10, default="en")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="people_one_district"),)

    def __str__(self) -> str:
        return self.name


class School(Rostered):
    """One building with its own students."""

    id = key_field(primary_key=True)
    name = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    extras = models.JSONField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (in_order("people_school_days"),)
        indexes = (by_source("people_school_source"),)

    def __str__(self) -> str:
        return self.name


class Person(Rostered):
    """A person. What they are in the district stands in their roles, never here.

    `email` is kept as the roster gives it; some identifiers are computed from that very spelling.
    `home_language` is a BCP 47 tag, "" where not known.
    """

    id = key_field(primary_key=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True)
    home_language = models.CharField(max_length=35, blank=True)
    username = models.CharField(max_length=100, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    extras = models.JSONField(null=True, blank=True)  # columns of the roster that have no place of their own

    class Meta:
        ordering = ("family_name", "given_name", "id")
        indexes = (
            by_source("people_person_source"),
            models.Index(Lower("email"), name="people_by_small_email"),
            models.Index(fields=("family_name", "given_name", "id"), name="people_by_name"),
            models.Index(fields=("email",), name="people_by_email", condition=~Q(email="")),
        )

    @property
    def name(self) -> str:
        """As people call them: the preferred name where there is one."""
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return self.name


class Role(Rostered):
    """What a person is, where, and when. `school` None: for the whole district. `grade`: "PK", "K", "1" to "12"."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30, choices=RoleName.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="roles", null=True, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (
            in_order("people_role_days"),
            models.CheckConstraint(condition=Q(role__in=RoleName.values), name="people_role_known"),
        )
        indexes = (models.Index(fields=("role", "school"), name="people_role_where"), by_source("people_role_source"))

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.school_id or 'district'}"


class Class(Rostered):
    """A class: who is taught together."""

    id = key_field(primary_key=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes")
    title = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    extras = models.JSONField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        verbose_name_plural = "classes"
        constraints = (in_order("people_class_days"),)
        indexes = (by_source("people_class_source"),)

    def __str__(self) -> str:
        return self.title


class Enrolment(Rostered):
    """A person in a class: as student or as teacher. `primary` marks the teacher of record."""

    class As(models.TextChoices):
        """In which part."""

        STUDENT = "student"
        TEACHER = "teacher"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    group = models.ForeignKey(Class, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(max_length=10, choices=As.choices)
    primary = models.BooleanField(default=False)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (in_order("people_enrolment_days"),)
        indexes = (by_source("people_enrolment_source"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} in {self.group_id}"
