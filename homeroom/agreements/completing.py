"""What follows from a signature: a new teacher's joins the original, permission is given, what is complete is filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from homeroom.agreements.models import Agreement, Filing, Permission, Signature
from homeroom.agreements.queries import facts
from homeroom.base.actor import Actor
from homeroom.kernel.agreements.needed import gaps
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people
from homeroom.people.models import Role, RoleName

NEEDED = {"student": {Part.STUDENT, Part.TEACHER}, "employee": {Part.EMPLOYEE}}
SCOPE = "Use of the district's network in and for class, under this teacher's supervision."


def attach(new: Sequence[Signature]) -> None:
    """IX.C.6: a later teacher's signature points to the original one, which stays as it is."""
    teachers = [each for each in new if each.slot.part == Part.TEACHER]
    if not teachers:
        return
    there = Signature.objects.filter(
        slot__agreement__in=[each.slot.agreement_id for each in teachers], slot__part=Part.TEACHER
    ).order_by("-id")
    first = {each.slot.agreement_id: each for each in there.select_related("slot")}
    for each in teachers:
        each.attached_to = first.get(each.slot.agreement_id)


def complete(actor: Actor, at: datetime, new: Sequence[Signature]) -> dict[int, dict[str, Any]]:
    """IX.B.1, IX.C.5: permissions and filings that come with these signatures, by agreement."""
    told: dict[int, dict[str, Any]] = {}
    for id in _permit(at, new):
        told.setdefault(id, {})["permitted"] = True
    for id in file_complete(actor, at, {each.slot.agreement_id: each.slot.agreement for each in new}):
        told.setdefault(id, {})["filed"] = True
    return told


def _permit(at: datetime, new: Sequence[Signature]) -> list[int]:
    on = people.today(at)
    giving = [each for each in new if each.slot.part == Part.TEACHER and getattr(each, "permits", False)]
    had = set(
        Permission.objects.filter(
            agreement__in=[each.slot.agreement_id for each in giving], withdrawn_on=None
        ).values_list("agreement_id", "by_id")
    )
    rows = [
        Permission(agreement_id=each.slot.agreement_id, by_id=each.signer_id, scope=SCOPE, on=on, at=at)
        for each in giving
        if (each.slot.agreement_id, each.signer_id) not in had
    ]
    Permission.objects.bulk_create(rows)
    return [row.agreement_id for row in rows]


def file_complete(actor: Actor, at: datetime, agreements: dict[int, Agreement]) -> list[int]:
    """IX.C.5: whatever has all its signatures goes on file in the student's school, once."""
    agreements = _ripe(agreements)
    if not agreements:
        return []
    filed = set(Filing.objects.filter(agreement__in=list(agreements)).values_list("agreement_id", flat=True))
    open_ones = {pk: row for pk, row in agreements.items() if pk not in filed}
    if not open_ones:
        return []
    on = people.today(at)
    done = complete_on(on, open_ones)
    schools = _schools(on, [row.person_id for row in done])
    rows = [Filing(agreement=row, school_id=schools.get(row.person_id), on=on, at=at, by=actor.id) for row in done]
    Filing.objects.bulk_create(rows)
    return [row.agreement_id for row in rows]


def _ripe(agreements: dict[int, Agreement]) -> dict[int, Agreement]:
    """Those that have a signature in each part without which nothing is complete: one question spares ten.

    Parents are many and sign first; what they sign is rarely the last signature.
    """
    there: dict[int, set[str]] = {}
    signed = Signature.objects.filter(slot__agreement__in=list(agreements)).order_by()
    for pk, part in signed.values_list("slot__agreement_id", "slot__part").distinct():
        there.setdefault(pk, set()).add(part)
    return {pk: row for pk, row in agreements.items() if NEEDED[row.form_id] <= there.get(pk, set())}


def complete_on(on: date, agreements: dict[int, Agreement]) -> list[Agreement]:
    """Those agreements that lack no signature; that a permission is missing does not keep them from the file."""
    ids = [row.person_id for row in agreements.values()]
    around, wanted, choices = facts.surroundings(on, ids)
    done = []
    held = facts.held_of(on, list(agreements.values()))
    for pk, row in agreements.items():
        there, form = around.get(row.person_id), wanted.get(row.form_id)
        if there is None or form is None or there.kind != row.form_id:
            continue
        day = max(on, row.first_day)  # one that was renewed early is judged by its first day
        if {gap.code for gap in gaps(there, held[pk], form, choices, day)} <= {"permission"}:
            done.append(row)
    return done


def _schools(on: date, ids: Sequence[str]) -> dict[str, str | None]:
    """The school in whose office somebody's form lies: where they are a student, else where they work."""
    rows = Role.objects.on(on).filter(person_id__in=ids).exclude(role=RoleName.GUARDIAN).order_by("id")
    found: dict[str, tuple[bool, str | None]] = {}
    for person, role, school in rows.values_list("person_id", "role", "school_id"):
        rank = role != RoleName.STUDENT
        if person not in found or rank < found[person][0] or (found[person][1] is None and school):
            found[person] = (rank, school)
    return {person: school for person, (_, school) in found.items()}
