"""Lake Birch's requests: a mother who asked, a folder of somebody who left, an authority that waits for a basis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from homeroom.base.actor import Actor
from homeroom.people import queries as people
from homeroom.people.models import Guardianship, Person, Role
from homeroom.requests.actions import authority, data, staff


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """VIII.D.1, VIII.E.1, VIII.F: one of each kind."""
    say("Writing down who asked to see records ...")
    bond = Guardianship.objects.filter(child_id="ben", relationship__in=Guardianship.PARENTS).first()
    if bond is not None:
        mother = Actor(id=bond.guardian_id, name=bond.guardian.name, roles=frozenset({"guardian"}))
        data.ask(
            actor=mother, student="ben", wants=["files", "email"], words="Everything since September.",
            at=at - timedelta(days=2),
        )  # fmt: skip
    teacher = _teacher(actor, at)
    if teacher is not None:
        staff.begin(
            actor=actor, person=teacher.pk, reason="A substitute needs the plans of this week.",
            scope="The folder Lessons of this week", at=at - timedelta(days=1),
        )  # fmt: skip
    asked = authority.Asked(
        agency="Lake County sheriff", officer="Deputy Olson, 555-0187", wants="Who signed in at the library on Monday",
        basis="none", wanted_by=people.today(at) + timedelta(days=5),
    )  # fmt: skip
    authority.receive(actor=actor, asked=asked, received_at=at - timedelta(hours=3), at=at)


def _teacher(actor: Actor, at: datetime) -> Person | None:
    held = Role.objects.on(people.today(at)).filter(role="teacher").exclude(person=actor.id).order_by("person_id")
    return Person.objects.filter(pk__in=held.values("person_id")[:1]).first()
