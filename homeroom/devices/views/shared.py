"""What the pages of devices share: who asks, and a form that does one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from homeroom.base.actor import Actor
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Person, Role, RoleName

DIRECTOR = "technology_director"
ADMINISTRATOR = "building_administrator"
TEACHER = "teacher"
CLERK = "clerk"
SUPERINTENDENT = "superintendent"  # to whom a late clock is brought: sees what it is about, and acts through others
ACT = (DIRECTOR, ADMINISTRATOR, TEACHER, CLERK)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, now, and whose records their role reaches."""

    actor: Actor
    now: datetime
    on: date
    reach: reach.Reach

    @property
    def students(self) -> QuerySet[Person]:
        """The students of today whom the role reaches."""
        held = Role.objects.on(self.on).filter(role=RoleName.STUDENT).values("person_id")
        return reach.persons(self.reach, self.on).filter(pk__in=held)


def desk(request: Any) -> Desk:
    """The field of work of whoever asks."""
    now = timezone.now()
    on = people.today(now)
    return Desk(request.actor, now, on, reach.of(request.actor, on))


def officials(at_desk: Desk) -> list[tuple[str, str]]:
    """Those who may approve: directors and administrators of today, but not whoever asks."""
    held = Role.objects.on(at_desk.on).filter(role__in=(RoleName.TECHNOLOGY_DIRECTOR, RoleName.BUILDING_ADMINISTRATOR))
    rows = Person.objects.filter(pk__in=held.values("person_id")).exclude(pk=at_desk.actor.id)
    return [(each.pk, each.name) for each in rows]
