"""A parent's children, with what is signed and asked for about each. A fixed number of questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from homeroom.agreements.models import Agreement, Alternative, Termination
from homeroom.agreements.queries import signing
from homeroom.agreements.queries.signing import ToSign
from homeroom.base.actor import Actor
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people_queries
from homeroom.people.models import Guardianship, Person


@dataclass(frozen=True, slots=True)
class Child:
    """One child: every place of the running agreement, the parent's own, and what was asked for."""

    person: Person
    places: tuple[ToSign, ...]
    mine: ToSign | None
    ended: Termination | None
    declined: Termination | None
    alternatives: tuple[Alternative, ...]
    agreement: Agreement | None


def child(guardian: Actor, pk: str, on: date) -> Person | None:
    """One of a parent's children; None for anybody else's."""
    bond = people_queries.open_bonds(guardian.id, on).filter(child=pk).select_related("child").first()
    return bond.child if bond else None


def children(guardian: Actor, on: date) -> list[Child]:
    """XIII.B: all children for whom somebody is a parent with custody, and may see it here."""
    bonds = people_queries.open_bonds(guardian.id, on).select_related("child").order_by("child__given_name", "child_id")
    people = {each.child_id: each.child for each in bonds}
    slots = signing.open_slots(on).filter(agreement__person__in=people, agreement__first_day__lte=on)
    places: dict[str, list[ToSign]] = {}
    for each in signing.to_sign(on, slots):
        places.setdefault(each.slot.agreement.person_id, []).append(each)
    ended, declined = _endings(list(people), guardian.id)
    asked: dict[str, list[Alternative]] = {}
    for row in Alternative.objects.filter(student__in=people, ended_on=None).select_related("teacher"):
        asked.setdefault(row.student_id, []).append(row)
    return [
        _child(person, places.get(id, []), (ended.get(id), declined.get(id)), asked.get(id, []), guardian.id)
        for id, person in people.items()
    ]


def _endings(children: list[str], guardian: str) -> tuple[dict[str, Termination], dict[str, Termination]]:
    """The request to end each child's account that stands, one that was carried out before one that waits; and the
    last one of this parent, where it was declined."""
    stands: dict[str, Termination] = {}
    last: dict[str, Termination] = {}
    for row in Termination.objects.filter(child__in=children, reversed_on=None).order_by("id"):
        if row.guardian_id == guardian:
            last[row.child_id] = row
        if row.declined_at is None and (row.child_id not in stands or row.state == "executed"):
            stands[row.child_id] = row
    return stands, {child: row for child, row in last.items() if row.declined_at and child not in stands}


def _child(
    person: Person, places: list[ToSign], endings: tuple[Termination | None, Termination | None],
    asked: list[Alternative], guardian: str,
) -> Child:  # fmt: skip
    mine = next((each for each in places if each.slot.part == Part.PARENT and each.slot.holder_id == guardian), None)
    agreement = places[0].slot.agreement if places else None
    return Child(person, tuple(places), mine, *endings, tuple(asked), agreement)


def signs_for(guardian: str, on: date, *, here: bool = False) -> set[str]:
    """IX.C.2: the children for whom a parent signs on a day; `here`, those whose matters open to them in the portal."""
    held = people_queries.open_bonds(guardian, on) if here else people_queries.bonds(guardian, on)
    return set(held.values_list("child_id", flat=True))


def not_to_write_to(on: date, child: str = "") -> set[tuple[str, str]]:
    """XIII.B: (child, parent) where it was settled that this parent gets no mail or sees nothing here, or where an
    order is on file and nobody said; about all children or one."""
    unsaid = Q(court_order=True, receives_mail=None)
    held = Guardianship.objects.on(on).filter(unsaid | Q(receives_mail=False) | Guardianship.KEPT_OUT)
    return set((held.filter(child=child) if child else held).values_list("child_id", "guardian_id"))
