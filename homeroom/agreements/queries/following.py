"""What is on file of everybody's agreements, as lightly as it can be read; and whom acts of the roster concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from homeroom.agreements.around import PORTION, portions
from homeroom.agreements.models import Agreement, Slot
from homeroom.journal import queries as journal
from homeroom.people.models import Enrolment, Guardianship

# Acts after which somebody else may have to sign.
FOLLOWED = ("people.", "board.addendum.", "agreements.chosen", "agreements.termination.")
IDLE = ("people.roster.previewed",)
MANY = 200  # acts, after which everybody is looked at


@dataclass(slots=True)
class OnFile:
    """An agreement that is not closed, with the (part, holder) of its open places."""

    form_id: str
    first_day: date
    last_day: date | None
    slots: dict[tuple[str, str], bool] = field(default_factory=dict)


def on_file(ids: Sequence[str] | None) -> dict[str, list[OnFile]]:
    """The open agreements of everybody, or of some, by person."""
    found: dict[str, list[OnFile]] = defaultdict(list)
    by_pk: dict[int, OnFile] = {}
    open_ones = Agreement.objects.filter(closed_on=None).order_by("first_day", "id")
    for rows in portions(open_ones, "person_id", ids):
        fields = ("pk", "person_id", "form_id", "first_day", "last_day")
        for pk, person, *row in rows.values_list(*fields).iterator(PORTION):
            by_pk[pk] = OnFile(*row)
            found[person].append(by_pk[pk])
    slots = Slot.objects.filter(closed_on=None, agreement__closed_on=None).order_by()
    for rows in portions(slots, "agreement__person_id", ids):
        for agreement, *key in rows.values_list("agreement_id", "part", "holder_id").iterator(PORTION):
            if agreement in by_pk:  # one that was opened between the two questions comes with the next look
                by_pk[agreement].slots[key[0], key[1]] = True
    return found


def concerned(since: int) -> set[str] | None:
    """IX.C.6: whose agreements acts after that one may change: with each person their students and children.

    None for everybody, where an act is not about one person.
    """
    acts = journal.all_entries().filter(id__gt=since).order_by("id").values_list("verb", "subject")[: MANY + 1]
    if len(acts) > MANY:
        return None
    named: set[str] = set()
    for verb, subject in acts:
        if verb.startswith(FOLLOWED) and not verb.startswith(IDLE):
            kind, _, id = subject.partition(":")
            if kind != "person" or not id:
                return None
            named.add(id)
    return named | _around(named) if named else named


def _around(named: set[str]) -> set[str]:
    """The students of whoever teaches or taught, and the children of whoever is a parent."""
    taught = Enrolment.objects.filter(person__in=named, role=Enrolment.As.TEACHER).values("group_id")
    students = Enrolment.objects.filter(group__in=taught, role=Enrolment.As.STUDENT)
    children = Guardianship.objects.filter(guardian__in=named)
    return {*students.values_list("person_id", flat=True), *children.values_list("child_id", flat=True)}
