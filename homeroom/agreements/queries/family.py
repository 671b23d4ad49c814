"""A parent's children, with what is signed and asked for about each. A fixed number of questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
class Ends:
    """VIII.D.2: what was asked about the end of one child's account."""

    ended: Termination | None = None  # the request that stands
    declined: Termination | None = None
    mine_ended: Termination | None = None  # this parent's own word that ended the account, while it stands
    overruled: Termination | None = None  # this parent's last word, where the school opened the account against it


@dataclass(frozen=True, slots=True)
class Child:
    """One child: every place of the running agreement, the parent's own, and what was asked for."""

    person: Person
    places: tuple[ToSign, ...]
    mine: ToSign | None
    ends: Ends
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
    ends = _endings(list(people), guardian.id)
    asked: dict[str, list[Alternative]] = {}
    for row in Alternative.objects.filter(student__in=people, ended_on=None).select_related("teacher"):
        asked.setdefault(row.student_id, []).append(row)
    return [
        _child(person, places.get(id, []), ends.get(id, Ends()), asked.get(id, []), guardian.id)
        for id, person in people.items()
    ]


def _endings(children: list[str], guardian: str) -> dict[str, Ends]:
    """The request to end each child's account that stands, one that was carried out before one that waits; and what
    became of the last one of this parent."""
    found: dict[str, Ends] = {}
    mine = Q(guardian=guardian)
    for row in Termination.objects.filter(Q(reversed_on=None) | mine, child__in=children).order_by("id"):
        ends = found.get(row.child_id, Ends())
        if row.guardian_id == guardian:
            ends = replace(ends, **_mine(row))
        stands = row.declined_at is None and row.reversed_on is None
        if stands and (ends.ended is None or (row.state == "executed" and ends.ended.state != "executed")):
            ends = replace(ends, ended=row)
        found[row.child_id] = ends
    return {child: replace(ends, declined=None) if ends.ended else ends for child, ends in found.items()}


def _mine(row: Termination) -> dict[str, Termination | None]:
    return {
        "declined": row if row.state == "declined" else None,
        "mine_ended": row if row.state == "executed" else None,
        "overruled": row if row.state == "reversed" and row.reversed_why else None,
    }


def _child(person: Person, places: list[ToSign], ends: Ends, asked: list[Alternative], guardian: str) -> Child:
    mine = next((each for each in places if each.slot.part == Part.PARENT and each.slot.holder_id == guardian), None)
    agreement = places[0].slot.agreement if places else None
    return Child(person, tuple(places), mine, ends, tuple(asked), agreement)


def still_ended(child: str) -> bool:
    """VIII.D.2: whether a parent's word keeps an account ended."""
    return Termination.objects.filter(child=child, reversed_on=None).exclude(executed_on=None).exists()


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
