"""Whose row of the roll may read differently after acts of the journal, so that nobody else's is made anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from homeroom.access import facts, roll, touched_ways
from homeroom.journal import queries as journal
from homeroom.journal.models import Entry
from homeroom.people.models import Enrolment

MOST = 500  # acts looked at one by one; after more of them the whole roll is cheaper
MANY = 2000  # acts about letters
# Acts by which it becomes known that a notice arrived, or that one held to have arrived did not.
ABOUT_LETTERS = (
    "notices.letter.fell-back",
    "notices.letter.came-back",
    "notices.letter.read",
    "notices.letter.handed-over",
)
SETTLED, REPORTED, MAILED = "notices.letters.settled", "notices.report.taken-in", "notices.print-file.mailed"
TOLD = (*ABOUT_LETTERS, SETTLED, REPORTED, MAILED)
# Acts of these beginnings that leave everybody's standing as it is.
IDLE = (
    "agreements.roster-followed", "agreements.form.", "agreements.paper.recorded", "agreements.paper.rejected",
    "agreements.filed", "agreements.reminded", "agreements.sealed", "agreements.sitting.", "agreements.paper.seen",
    "agreements.scan.", "agreements.kiosk.", "agreements.alternative.requested", "agreements.alternative.offered",
    "agreements.termination.requested", "agreements.termination.declined", "notices.", "people.roster.previewed",
)  # fmt: skip


def since(act: int, on: date) -> set[str] | None:
    """The people whom acts after that one touched, those whose notice arrived or came back; None for everybody.

    Addresses, tokens and the like touch nobody: see touched_ways.
    """
    rows = list(_after(act).exclude(_begins(IDLE)).values_list("verb", "subject")[: MOST + 1])
    if len(rows) > MOST:
        return None
    people: set[str] = set()
    for verb, subject in rows:
        if not verb.startswith(roll.VERBS) or verb.startswith(touched_ways.VERBS):
            continue
        kind, _, id = subject.partition(":")
        if kind != "person" or not id or not verb.startswith(("people.", "agreements.", "access.restriction.")):
            return None
        people.add(id)
    told = _told(act, on)
    return None if told is None else people | _taught(people, on) | told


def only_letters(act: int) -> bool:
    """Whether whatever was done after that act was done about letters; nobody waits for the next second then."""
    return not _after(act).exclude(verb__startswith="notices.").exists()


def only_papers(act: int) -> bool:
    """Whether whatever was done after that act was done about letters and agreements: no rule of the filter changed."""
    return not _after(act).exclude(_begins(("notices.", "agreements."))).exists()


def _after(act: int) -> QuerySet[Entry]:
    return journal.all_entries().filter(id__gt=act).order_by("id")


def _begins(verbs: Iterable[str]) -> Q:
    return reduce(or_, (Q(verb__startswith=each) for each in verbs))


def _told(act: int, on: date) -> set[str] | None:
    """Whose notices arrived or came back, as the journal says: an instant would miss what was committed late."""
    rows = list(_after(act).filter(verb__in=TOLD)[: MANY + 1])
    if len(rows) > MANY:
        return None
    named = [each.subject.partition(":")[2] for each in rows if each.verb in ABOUT_LETTERS]
    letters = [*named, *(each.data.get("letter", 0) for each in rows if each.verb == REPORTED)]
    settled = {each.at for each in rows if each.verb == SETTLED}
    runs = [each.subject.partition(":")[2] for each in rows if each.verb == MAILED]
    return facts.readers(letters, settled, runs, on) if rows else set()


def _taught(people: Iterable[str], on: date) -> set[str]:
    """The students of whoever teaches: their supervision may have changed with the teacher."""
    taught = Enrolment.objects.filter(person__in=list(people), role=Enrolment.As.TEACHER).values("group_id")
    there: Any = Enrolment.objects.on(on).filter(role=Enrolment.As.STUDENT, group__in=taught)
    return set(there.values_list("person_id", flat=True))
