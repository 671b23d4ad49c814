"""Whom a scope reaches."""

from __future__ import annotations

from homeroom.people.models import Class, Person, RoleName, School

ROLES = tuple(RoleName.values)


def exists(kind: str, id: str) -> bool:
    """Whether there is anybody or anything of that kind ("school", "role", "class", "person") with that id."""
    if kind == "everyone":
        return True
    if kind == "role":
        return id in ROLES
    return {"school": School, "class": Class, "person": Person}[kind].objects.filter(pk=id).exists()


def title(kind: str, id: str) -> str:
    """A scope in words for people to read."""
    if kind == "everyone":
        return "everyone"
    if kind == "role":
        return str(RoleName(id).label) if id in ROLES else id
    row = {"school": School, "class": Class, "person": Person}[kind].objects.filter(pk=id).first()
    return str(row) if row else id


def person_name(id: str) -> str:
    """The name of a person by id; the id itself where nobody has it."""
    row = Person.objects.filter(pk=id).first()
    return row.name if row else id
