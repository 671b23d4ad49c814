"""What tells a door who is asking: addresses, DoH tokens, ChromeOS salts, proxy logins.

Secrets are kept as digests only; whoever reads these tables can use none of them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from homeroom.people.models import Person, School


class Audience(models.TextChoices):
    """For whom a profile is made; the values are the ids of the filter profiles."""

    STUDENT = "student"
    ADULT = "adult"
    UNKNOWN = "unknown"


class Living(models.QuerySet):  # type: ignore[type-arg]
    """Rows that live from a beginning to an end; an open end is None."""

    def at(self, at: datetime) -> Living:
        """Those that are live at an instant: the beginning included, the end not."""
        return self.filter(Q(ended__isnull=True) | Q(ended__gt=at), created__lte=at)


class Life(models.Model):
    """From when to when."""

    created = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    objects = Living.as_manager()

    class Meta:
        abstract = True


class AddressRange(Life):
    """An address or a range that belongs to a person, or to a place with its audience.

    `cidr` is in its one spelling ("10.1.2.0/24", "fd00::/64", single addresses with /32 or /128).
    Exactly one of `person` and `audience` is given. `nat`: many machines share each address, so nobody signs in there.
    """

    cidr = models.CharField(max_length=50)
    place = models.CharField(max_length=200, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, blank=True)
    nat = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cidr",), condition=Q(ended__isnull=True), name="access_one_live_range"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(audience=""), name="access_range_person_or_audience"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cidr} {self.place or self.person_id}"


class DohToken(Life):
    """A secret in the path of a DoH address, for one person. Only its SHA-256 is kept."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.label}".strip()


class ChromeosSalt(Life):
    """The salt of the identifiers that ChromeOS devices send; several may be live while devices change over."""

    salt = models.CharField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("salt",), condition=Q(ended__isnull=True), name="access_one_live_salt"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("created")), name="access_salt_life"
            ),
        )

    def __str__(self) -> str:
        return f"salt {self.pk}"


class ProxyLogin(Life):
    """A name and password for the proxy, for one person. `name` is in its casefolded spelling."""

    name = models.CharField(max_length=150)
    hash = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(ended__isnull=True), name="access_one_live_login"),
        )

    def __str__(self) -> str:
        return self.name
