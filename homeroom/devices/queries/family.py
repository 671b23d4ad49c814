"""XIII.B: whose things somebody may see: their own, and those of the children whose parent they are."""

from __future__ import annotations

from datetime import date

from homeroom.base.actor import Actor
from homeroom.people.models import Guardianship, Person


def mine(actor: Actor, on: date) -> list[Person]:
    """Oneself (where one is a student) first, then one's children by name."""
    held = Guardianship.objects.on(on).filter(guardian_id=actor.id, relationship__in=Guardianship.PARENTS)
    children = held.exclude(legal_custody=False).exclude(portal_access=False).values("child_id")
    own = Person.objects.filter(pk=actor.id) if actor.holds("student") else Person.objects.none()
    return [*own, *Person.objects.filter(pk__in=children)]
