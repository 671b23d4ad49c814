"""Looking at somebody's record is an act, and is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from homeroom.access.facts import Gathered
from homeroom.access.models import Restriction
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.kernel.decision.standing import Standing, standing
from homeroom.people import queries as people
from homeroom.people.models import Enrolment, Person, Role, RoleName


@dataclass(frozen=True, slots=True)
class Record:
    """One person on one day: what they are, where, and whether the network is open to them, and why not."""

    person: Person
    on: date
    held: tuple[Role, ...]
    other: tuple[Role, ...]
    places: tuple[Enrolment, ...]
    standing: Standing
    restrictions: tuple[Restriction, ...] = ()

    @property
    def is_student(self) -> bool:
        """Whether they are a student that day."""
        return any(role.role == RoleName.STUDENT for role in self.held)


def look_at(*, actor: Actor, person: Person, at: datetime, on: date | None = None) -> Record:
    """Open somebody's record as of a day, today where none is named; who looked, and when, stands in the journal."""
    with journal.atomic():
        record = _record(person, on or people.today(at))
        journal.record(actor=actor, verb="access.record.seen", subject=f"person:{person.pk}", at=at)
    return record


def _record(person: Person, on: date) -> Record:
    roles = tuple(Role.objects.filter(person=person).select_related("school").order_by("-first_day", "role"))
    held = tuple(role for role in roles if role.first_day <= on and (role.last_day is None or on <= role.last_day))
    facts = Gathered(on, [person.pk]).of(person.pk, ((role.role, role.first_day, role.last_day) for role in roles))
    places = Enrolment.objects.on(on).filter(person=person).select_related("group__school").order_by("group__title")
    return Record(
        person=person,
        on=on,
        held=held,
        other=tuple(role for role in roles if role not in held),
        places=tuple(places),
        standing=standing(facts, on),
        restrictions=tuple(Restriction.objects.filter(person=person)),
    )
