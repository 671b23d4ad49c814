"""Who is who today, as officials ask for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from homeroom.access import roll
from homeroom.people.models import Person, Role


@dataclass(frozen=True, slots=True)
class Listed:
    """One person on a day. `role` is the one that counts for the filter; `roles` are all held."""

    id: str
    name: str
    role: str
    school: str
    grade: str
    classes: tuple[str, ...]
    profile: str
    standing: str  # "open" or "closed"
    roles: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For `homeroom people list --json`."""
        return asdict(self)


def people(on: date, *, role: str = "", school: str = "", limit: int | None = None) -> list[Listed]:
    """Everybody, or those who on that day hold a role, at a school; by family name. A fixed number of queries."""
    chosen = Person.objects.all()
    if role or school:
        held = Role.objects.on(on)
        held = held.filter(role=role) if role else held
        held = held.filter(school=school) if school else held
        chosen = chosen.filter(pk__in=held.values("person_id"))
    some = list(chosen[:limit])
    rows = roll.persons(on, [person.pk for person in some] if role or school or limit else None)
    return [_listed(person, rows[person.pk]) for person in some]


def _listed(person: Person, row: dict[str, Any]) -> Listed:
    return Listed(
        id=person.pk,
        name=person.name,
        role=row.get("role", ""),
        school=row.get("school", ""),
        grade=row.get("grade", ""),
        classes=tuple(row.get("classes", ())),
        profile=row["profile"],
        standing="closed" if row.get("closed") else "open",
        roles=tuple(row.get("roles", ())),
    )
