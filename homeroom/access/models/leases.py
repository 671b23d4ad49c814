"""Who is behind an address for a while, and the sessions of which switches and access points tell."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from homeroom.access.models.network import Life
from homeroom.people.models import Person


class Lease(Life):
    """V.A.7.4: an address that is one person's for a while. `person` None: somebody whom nobody knows.

    `until` is when it ends by itself; `ended` when it did. `tie` says what ends it early: a session of the web
    application, or one of a switch.
    """

    class By(models.TextChoices):
        """How the address came to be theirs, the surest first; values of kernel.decision.ask.Source."""

        AGENT = "agent"
        RADIUS = "radius"
        SIGNIN = "signin"

    address = models.CharField(max_length=45)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="leases")
    by = models.CharField(max_length=10, choices=By.choices)
    shared = models.BooleanField(default=False)
    until = models.DateTimeField()
    tie = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address",), condition=Q(ended__isnull=True), name="access_one_live_lease"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("created")), name="access_lease_life"
            ),
        )
        indexes = (
            models.Index(fields=("until",), name="access_lease_until", condition=Q(ended__isnull=True)),
            models.Index(fields=("tie",), name="access_lease_tie", condition=Q(ended__isnull=True)),
            models.Index(fields=("person", "created"), name="access_lease_of"),
        )

    def __str__(self) -> str:
        return f"{self.address} {self.person_id or 'unknown'}"


class RadiusClient(Life):
    """A switch, an access point or a RADIUS server that may tell. The shared secret is sealed."""

    name = models.CharField(max_length=100)
    cidr = models.CharField(max_length=50)
    secret = models.CharField(max_length=500)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cidr",), condition=Q(ended__isnull=True), name="access_one_live_nas"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.cidr}"


class RadiusSession(models.Model):
    """One session of one network access server; `seen` is when it was last told of."""

    nas = models.CharField(max_length=253)
    session = models.CharField(max_length=253)
    mac = models.CharField(max_length=12, blank=True)
    user = models.CharField(max_length=253, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    machine = models.BooleanField(default=False)
    address = models.CharField(max_length=45, blank=True)
    started = models.DateTimeField()
    seen = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("nas", "session"), name="access_radius_session_once"),)
        indexes = (models.Index(fields=("nas",), name="access_radius_live", condition=Q(ended__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.nas} {self.session}"
