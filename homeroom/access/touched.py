"""Whose row of the roll may read differently after acts of the journal, so that nobody else's is made anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from homeroom.access import facts, roll
from homeroom.journal import queries as journal
from homeroom.people.models import Enrolment

MOST = 500  # acts looked at one by one; after more of them the whole roll is cheaper
# Acts of these beginnings that leave everybody's standing as it is.
BACK = ("notices.letter.fell-back", "notices.letter.came-back")  # what was held to be told was not
HEARD = (  # acts by which it becomes known that a notice arrived, also where it did so earlier
    "notices.letters.settled", "notices.letter.read", "notices.letter.handed-over", "notices.report.taken-in",
    "notices.print-file.mailed",
)  # fmt: skip
IDLE = (
    "agreements.roster-followed", "agreements.form.", "agreements.paper.recorded", "agreements.paper.rejected",
    "agreements.filed", "agreements.reminded", "agreements.sealed", "agreements.sitting.", "agreements.paper.seen",
    "agreements.scan.", "agreements.kiosk.", "agreements.alternative.requested", "agreements.alternative.offered",
    "agreements.termination.requested", "agreements.termination.declined", "notices.", "people.roster.previewed",
)  # fmt: skip


def since(act: int, on: date, told: datetime | None) -> set[str] | None:
    """The people whom acts after that one touched, or who had a notice since `told`; None for everybody."""
    acts = journal.all_entries().filter(id__gt=act).order_by("id")
    rows = list(acts.values_list("verb", "subject")[: MOST + 1])
    if len(rows) > MOST:
        return None
    people: set[str] = set()
    letters: set[str] = set()
    for verb, subject in rows:
        if verb in BACK:
            letters.add(subject.partition(":")[2])
        if verb.startswith(IDLE) or not verb.startswith(roll.VERBS):
            continue
        kind, _, id = subject.partition(":")
        if kind != "person" or not id or not verb.startswith(("people.", "agreements.", "access.restriction.")):
            return None
        people.add(id)
    heard = facts.heard_since(told, on) if any(verb in HEARD for verb, _ in rows) else set()
    return people | _taught(people, on) | facts.told_since(told, on) | heard | facts.untold(letters, on)


def _taught(people: Iterable[str], on: date) -> set[str]:
    """The students of whoever teaches: their supervision may have changed with the teacher."""
    taught = Enrolment.objects.filter(person__in=list(people), role=Enrolment.As.TEACHER).values("group_id")
    there: Any = Enrolment.objects.on(on).filter(role=Enrolment.As.STUDENT, group__in=taught)
    return set(there.values_list("person_id", flat=True))
