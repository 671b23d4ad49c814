"""What rosters say beside persons and roles: other ids, sessions, the adults around a child, plans, supervision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from homeroom.people.models.persons import Dated, Person, Rostered, School, by_source, in_order, key_field


class OtherId(models.Model):
    """Another id under which a roster knows a person who is on record already."""

    source = models.CharField(max_length=60)
    external = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="other_ids")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("external", "source"), name="people_other_id_once"),)

    def __str__(self) -> str:
        return f"{self.external} of {self.source} is {self.person_id}"


class Org(models.Model):
    """An organisation of a roster: the school that stands for it; None where it stands above schools."""

    source = models.CharField(max_length=60)
    external = models.CharField(max_length=200)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="orgs", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("external", "source"), name="people_org_once"),)

    def __str__(self) -> str:
        return f"{self.external} of {self.source} is {self.school_id or 'the district'}"


class Session(Rostered):
    """A year, semester or term."""

    id = key_field(primary_key=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, blank=True)
    school_year = models.CharField(max_length=10, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (in_order("people_session_days"),)
        indexes = (by_source("people_session_source"),)

    def __str__(self) -> str:
        return self.title


class Guardianship(Rostered):
    """XIII.B: what an adult is to a child, from when to when, and what a court or the parents settled about it.

    Parents are natural parents, guardians and whoever acts as parent in their absence. None: nobody said.
    `KEPT_OUT`: those to whom nothing about this child opens in the portal.
    """

    class As(models.TextChoices):
        """In which part."""

        PARENT = "parent"
        GUARDIAN = "guardian"
        ACTING_AS_PARENT = "acting_as_parent"
        RELATIVE = "relative"
        EMERGENCY = "emergency"
        OTHER = "other"

    PARENTS = (As.PARENT, As.GUARDIAN, As.ACTING_AS_PARENT)
    # Where a court spoke, silence opens nothing: the portal is closed until somebody says that it is open.
    KEPT_OUT = Q(portal_access=False) | Q(portal_access=None, court_order=True)

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="children")
    relationship = models.CharField(max_length=20, choices=As.choices)
    legal_custody = models.BooleanField(null=True, blank=True)
    lives_with = models.BooleanField(null=True, blank=True)
    receives_mail = models.BooleanField(null=True, blank=True)
    portal_access = models.BooleanField(null=True, blank=True)
    court_order = models.BooleanField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (
            in_order("people_guardianship_days"),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="people_nobody_guards_themselves"),
        )
        indexes = (by_source("people_guardianship_source"),)

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.relationship} of {self.child_id}"


class Address(Rostered):
    """Where somebody lives or gets letters."""

    class For(models.TextChoices):
        """What it is for."""

        HOME = "home"
        MAILING = "mailing"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=10, choices=For.choices)
    street = models.CharField(max_length=410, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=50, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = (in_order("people_address_days"),)
        indexes = (by_source("people_address_source"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Preference(Rostered):
    """How somebody wants to be reached: the channel, and whether an interpreter is needed. None: nobody said."""

    class Channel(models.TextChoices):
        """By which way."""

        EMAIL = "email"
        SMS = "sms"
        LETTER = "letter"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="preference")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    interpreter = models.BooleanField(null=True, blank=True)

    class Meta:
        indexes = (by_source("people_preference_source"),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.channel or 'no channel'}"


class Flag(Rostered):
    """XVI.2: a plan in effect for a child, by its type and days and nothing else."""

    class Plan(models.TextChoices):
        """Which plan."""

        IEP = "iep"
        SECTION_504 = "section504"
        IFSP = "ifsp"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="flags")
    flag = models.CharField(max_length=12, choices=Plan.choices)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (in_order("people_flag_days"),)
        indexes = (by_source("people_flag_source"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.flag}"


class Supervision(Rostered):
    """V.C: who supervises an employee."""

    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supervised")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = (in_order("people_supervision_days"),)
        indexes = (by_source("people_supervision_source"),)

    def __str__(self) -> str:
        return f"{self.supervisor_id} over {self.employee_id}"
