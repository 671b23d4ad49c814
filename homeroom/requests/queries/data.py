"""VIII.D.1: requests of parents and students: whose they are, how they stand."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from homeroom.base.actor import Actor
from homeroom.kernel.agreements import ages
from homeroom.notices.models import Clock
from homeroom.notices.queries import clocks as running
from homeroom.people import reach
from homeroom.people.models import Guardianship, Person, Role
from homeroom.requests.models import DataRequest, Part, Wanted

EVERYBODY = ("technology_director", "superintendent")


def requests() -> QuerySet[DataRequest]:
    """All of them, with whom they name."""
    return DataRequest.objects.select_related("student", "asked_by").prefetch_related("parts")


def known(actor: Actor, on: date) -> QuerySet[Person]:
    """The people whom an official works with."""
    return Person.objects.all() if actor.holds(*EVERYBODY) else reach.persons(reach.of(actor, on), on)


def waiting_for_filter_records() -> list[tuple[str, datetime]]:
    """VIII.D.1: the student and the moment of each open request for filter records, the oldest first."""
    rows = DataRequest.objects.filter(closed_at__isnull=True).order_by("asked_at")
    return [(id, at) for id, at, wants in rows.values_list("student_id", "asked_at", "wants") if Wanted.FILTER in wants]


def within(actor: Actor, on: date) -> QuerySet[DataRequest]:
    """Those that an official may work on."""
    return requests() if actor.holds(*EVERYBODY) else requests().filter(student__in=known(actor, on).values("pk"))


def students(actor: Actor, on: date) -> QuerySet[Person]:
    """The students an official works with today."""
    return known(actor, on).filter(pk__in=Role.objects.on(on).filter(role="student").values("person_id"))


def mine(person: str) -> QuerySet[DataRequest]:
    """What somebody asked for."""
    return requests().filter(asked_by=person)


def askable(person: str, on: date) -> list[Person]:
    """VIII.D.1: about whom somebody may ask: their children under age, and themselves once of age."""
    held = Guardianship.objects.on(on).filter(guardian_id=person, relationship__in=Guardianship.PARENTS)
    child = Q(pk__in=held.exclude(Guardianship.KEPT_OUT).values("child_id"))
    found = Person.objects.filter(child | Q(pk=person, roles__role="student")).distinct()
    return [each for each in found if of_age(each, on) == (each.pk == person)]


def of_age(person: Person, on: date) -> bool:
    """Whether the right has passed from the parents to the student (34 CFR 99.5); not where no birthday is known."""
    return ages.grown(person.birth_date, on)


def is_parent(person: str, student: str, on: date) -> bool:
    """XIII.B: also one without custody: what an order says is for the official who looks at it."""
    held = Guardianship.objects.on(on).filter(guardian_id=person, child_id=student)
    return held.filter(relationship__in=Guardianship.PARENTS).exists()


def to_look_at(row: DataRequest, on: date) -> list[str]:
    """What an official must look at before anything is shown, as words of `titles.cautions`."""
    bonds = list(Guardianship.objects.on(on).filter(guardian=row.asked_by_id, child=row.student_id))
    found = []
    if any(bond.court_order or bond.legal_custody is False for bond in bonds):
        found.append("order")
    if row.asked_by_id != row.student_id and of_age(row.student, on):
        found.append("of-age")
    if not bonds and row.asked_by_id != row.student_id:
        found.append("no-parent")
    return found


def open_kinds(row: DataRequest) -> list[str]:
    """What was asked for and is neither shown nor withheld yet."""
    done = {part.kind for part in row.parts.all()}  # type: ignore[attr-defined]
    return [kind for kind in Wanted.values if kind in row.wants and kind not in done]


def clock_of(row: DataRequest) -> Clock | None:
    """Its clock."""
    return Clock.objects.filter(about=row.about).first()


def clocks(rows: list[DataRequest]) -> dict[int, Clock]:
    """The clocks of some requests, in one question."""
    found = Clock.objects.filter(about__in=[row.about for row in rows])
    return {int(clock.about.partition(":")[2]): clock for clock in found}


def owner(on: date) -> tuple[str | None, str | None]:
    """Who answers for a request, and whom it is brought to when it is late."""
    return running.answerable(on)


def withheld() -> QuerySet[Part]:
    """What a law kept back."""
    return Part.objects.filter(state=Part.State.WITHHELD)
