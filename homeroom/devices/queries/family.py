"""XIII.B: whose things somebody may see: their own, and those of the children whose parent they are."""

from __future__ import annotations

from datetime import date

from homeroom.base.actor import Actor
from homeroom.people import queries as people
from homeroom.people.models import Person


def mine(actor: Actor, on: date) -> list[Person]:
    """Oneself (where one is a student) first, then one's children by name."""
    own = Person.objects.filter(pk=actor.id) if actor.holds("student") else Person.objects.none()
    return [*own, *people.children(actor.id, on)]
