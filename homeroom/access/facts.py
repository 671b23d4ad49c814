"""The facts from which standing is derived, gathered from the apps below. A fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from homeroom.access.models import Restriction
from homeroom.agreements import queries as agreements
from homeroom.agreements.around import portions
from homeroom.agreements.queries.facts import NOTHING, Bearing
from homeroom.kernel.decision import standing as kernel
from homeroom.kernel.decision.standing import Facts, Standing, standing
from homeroom.notices import queries as notices
from homeroom.notices.models import Letter
from homeroom.people.models import STAFF, Role, RoleName

USERS = "users"  # XI: the notice to everybody who uses the network
Held = tuple[str, date, date | None]  # a role with its first and last day


class Gathered:
    """What bears on the standing of everybody, or of some, on a day."""

    def __init__(self, on: date, ids: Sequence[str] | None = None) -> None:
        self._on = on
        self._bearings = agreements.bearings(on, ids)
        self._restrictions = _restrictions(on, ids)
        self._delivered = _delivered(on, ids)

    def of(self, id: str, roles: Iterable[Held]) -> Facts:
        """One person's facts, given the roles they hold or held."""
        held, bearing = tuple(roles), self._bearings.get(id, NOTHING)
        return Facts(
            person=id,
            roles=held,
            agreed=bearing.agreed,
            restrictions=tuple(self._restrictions.get(id, ())),
            ended_by_parent=bearing.ended_by_parent,
            alternative=bearing.alternative,
            noticed=self._noticed(id, held),
        )

    def bearing(self, id: str) -> Bearing:
        """What agreements say of somebody."""
        return self._bearings.get(id, NOTHING)

    def _noticed(self, id: str, held: tuple[Held, ...]) -> bool | None:
        users = {RoleName.STUDENT, *STAFF}
        if self._delivered is None or not any(role in users for role, _, _ in held):
            return None
        return id in self._delivered


def standing_of(id: str, on: date) -> Standing:
    """IV.1: one person's standing on a day, with every reason."""
    roles = Role.objects.filter(person_id=id).values_list("role", "first_day", "last_day")
    return standing(Gathered(on, [id]).of(id, roles), on)


def standings(ids: Sequence[str], on: date) -> dict[str, Standing]:
    """IV.1: the standing of some people on a day. A fixed number of questions."""
    roles: dict[str, list[Held]] = defaultdict(list)
    for rows in portions(Role.objects.order_by("id"), "person_id", ids):
        for person, *held in rows.values_list("person_id", "role", "first_day", "last_day"):
            roles[person].append(tuple(held))  # type: ignore[arg-type]
    gathered = Gathered(on, ids)
    return {id: standing(gathered.of(id, roles.get(id, ())), on) for id in ids}


def _restrictions(on: date, ids: Sequence[str] | None) -> dict[str, list[kernel.Restriction]]:
    found: dict[str, list[kernel.Restriction]] = defaultdict(list)
    for rows in portions(Restriction.objects.in_force(on).order_by("id"), "person_id", ids):
        for person, first, last in rows.values_list("person_id", "first_day", "last_day"):
            found[person].append(kernel.Restriction(first, last))
    return found


def _delivered(on: date, ids: Sequence[str] | None) -> set[str] | None:
    """XI.A: who had the users' notice by the end of a day; None where it is not demanded."""
    if not notices.demanded(USERS, on):
        return None
    return set(notices.delivered(USERS, on, None if ids is None else list(ids)))


def readers(letters: Iterable[Any], settled: Iterable[datetime], runs: Iterable[Any], on: date) -> set[str]:
    """XI.A: whose users' notice it was, by the ids of letters, the instants of settling, and the ids of print files."""
    if not notices.demanded(USERS, on):
        return set()
    ours = Letter.objects.filter(kind=USERS)
    asked = (ours.filter(pk__in=list(letters)), ours.filter(attempts__run__in=list(runs)),
             ours.filter(attempts__ended_at__in=list(settled)))  # fmt: skip
    return {id for rows in asked for id in rows.values_list("reader_id", flat=True)}
