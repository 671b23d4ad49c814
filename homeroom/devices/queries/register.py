"""XIV.C, XIV.D: the register of accesses with their clocks, and what somebody may see of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from homeroom.devices.models import (
    Access,
    AccessUse,
    DeviceNotice,
    Discovery,
    Loan,
    Programme,
    SuspicionRecord,
    TellDuty,
)
from homeroom.devices.queries import gate, resources
from homeroom.kernel.devices.terms import Ground
from homeroom.people import reach
from homeroom.people.models import Person

STATES = ("asked", "open", "over", "refused")


def within(rows: QuerySet[Access], of: reach.Reach, on: date) -> QuerySet[Access]:
    """Those about people whom somebody's role reaches."""
    return rows if of.everybody else rows.filter(student__in=reach.persons(of, on).values("pk"))


def filtered(
    rows: QuerySet[Access], *, words: str, ground: str, state: str, clock: str, at: datetime
) -> QuerySet[Access]:
    """The register narrowed by words, ground, state and clock."""
    if words:
        people = reach.find(Person.objects.all(), words).values("pk")
        rows = rows.filter(Q(student__in=people) | Q(looker__icontains=words) | Q(why__icontains=words))
    if ground in set(Ground):
        rows = rows.filter(ground=ground)
    if state in ("asked", "refused"):
        rows = rows.filter(state=state)
    elif state == "open":
        rows = rows.filter(gate.in_use(at))
    elif state == "over":
        rows = rows.filter(state="authorised").exclude(gate.in_use(at))
    return _by_clock(rows, clock, at)


def _by_clock(rows: QuerySet[Access], clock: str, at: datetime) -> QuerySet[Access]:
    waiting = Q(duty__isnull=False, duty__told_at__isnull=True)
    if clock == "late":
        return rows.filter(waiting & late(at))
    if clock == "waiting":
        return rows.filter(waiting)
    if clock == "asked":
        return rows.filter(waiting, duty__put_off_asked_at__isnull=False)
    return rows.filter(waiting, duty__review_by__isnull=False) if clock == "deferred" else rows


def late(at: datetime, prefix: str = "duty__") -> Q:
    """Duties that are overdue: the notice, or the next look at one that is put off."""
    due = Q(**{f"{prefix}review_by__isnull": True, f"{prefix}due_at__lt": at})
    return due | Q(**{f"{prefix}review_by__lt": at})


def duties() -> QuerySet[TellDuty]:
    """All duties to tell."""
    return TellDuty.objects.select_related("access__student", "access__resource", "notice__recipient")


def waiting() -> QuerySet[TellDuty]:
    """Those that are not told yet, the most urgent first."""
    return duties().filter(told_at__isnull=True).order_by(F("next_at").asc(nulls_first=True), "due_at")


def unsaid(notice: DeviceNotice | None) -> list[DeviceNotice]:
    """XIV.D.1: the notices before one that were said to be given and were not, the first one first."""
    found: list[DeviceNotice] = []
    while notice is not None:
        notice = notice.replaces
        found += [notice] if notice is not None and notice.unsaid_at else []
    return found[::-1]


def same_event(access: Access, at: datetime) -> QuerySet[TellDuty]:
    """XIV.D.1: other waiting duties about the same student whose own time still runs."""
    others = duties().filter(access__student_id=access.student_id, told_at__isnull=True, review_by__isnull=True)
    return others.filter(due_at__gte=at).exclude(access=access)


def suspicions(of: reach.Reach, on: date, words: str = "") -> QuerySet[SuspicionRecord]:
    """The written suspicions about people whom a role reaches."""
    rows = SuspicionRecord.objects.select_related("person")
    if words:
        rows = rows.filter(Q(person__in=reach.find(Person.objects.all(), words).values("pk")) | Q(rule__iexact=words))
    return rows if of.everybody else rows.filter(person__in=reach.persons(of, on).values("pk"))


def discoveries(words: str = "") -> QuerySet[Discovery]:
    """VIII.B: what routine work brought to light."""
    rows = Discovery.objects.select_related("programme")
    if words:
        rows = rows.filter(Q(found__icontains=words) | Q(work__icontains=words) | Q(handed_to__icontains=words))
    return rows


def programmes() -> QuerySet[Programme]:
    """The programmes that stand."""
    return Programme.objects.filter(ended_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Own:
    """What one person (or a parent for a child) sees: what is lent, who looked, what stands for all."""

    person: Person
    loans: tuple[Loan, ...]
    accesses: tuple[Access, ...]


def own(people: list[Person], reader: str, at: datetime) -> list[Own]:
    """XIV.D: for each of these people what they have and every access, unless its telling is lawfully put off.

    A notice that only its recipient may know of is shown to nobody else.
    """
    ids = [person.pk for person in people]
    loans, accesses = list(resources.held_by(ids)), list(_shown(ids, reader, at))
    return [
        Own(
            person,
            tuple(loan for loan in loans if loan.person_id == person.pk),
            tuple(access for access in accesses if access.student_id == person.pk),
        )
        for person in people
    ]


def _shown(ids: list[str], reader: str, at: datetime) -> QuerySet[Access]:
    rows = gate.accesses().filter(student_id__in=ids, state="authorised")
    rows = rows.filter(Q(starts__lte=at) | Q(uses__isnull=False)).distinct()
    put_off = Q(duty__review_by__isnull=False, duty__told_at__isnull=True)
    # While another official has not answered yet, it is hidden for as long as the clock may run and no longer.
    put_off |= Q(duty__put_off_asked_at__isnull=False, duty__told_at__isnull=True, duty__due_at__gte=at)
    for_another = Q(duty__notice__only_recipient=True) & ~Q(duty__notice__recipient_id=reader)
    hidden = rows.filter(put_off | for_another).values("pk")
    return rows.exclude(pk__in=hidden).prefetch_related(Prefetch("uses", queryset=AccessUse.objects.order_by("at")))
