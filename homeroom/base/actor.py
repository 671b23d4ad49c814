"""Who acts: every action names one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the house itself, while acting.

    `id` is the person's id (what the journal keeps), `name` is for people to read, `roles`
    are the roles held on the day (values of `people.Role.role`).
    """

    id: str
    name: str = ""
    roles: frozenset[str] = frozenset()

    def holds(self, *roles: str) -> bool:
        """Whether any of these roles is held."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(id="system", name="Homeroom")
NOBODY = Actor(id="", name="")


def operator(name: str) -> Actor:
    """Whoever sits at the command line of the machine, by the name of their system account."""
    return Actor(id=f"operator:{name}", name=name)
