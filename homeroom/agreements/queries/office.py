"""Who has not signed: the office's lists, counted and filtered by the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from homeroom.agreements import approval, terms
from homeroom.agreements.models import Agreement, Refusal, Signature, Slot
from homeroom.agreements.queries.signing import open_slots
from homeroom.kernel.agreements.values import Part
from homeroom.people.models import Enrolment, Person, Role

AHEAD = timedelta(days=60)
WEEKS = 8


def waiting(on: date, people: QuerySet[Person]) -> QuerySet[Slot]:
    """IX.C: the places of these people's agreements that nobody has signed as the words are now, by name."""
    forms = approval.in_effect(on)
    signed = Q()
    for kind, each in forms.items():
        signed |= Q(slot__agreement__form=kind, version__number__gte=each.wanted.oldest)
    of_slot = Signature.objects.filter(signed, slot=OuterRef("pk")) if forms else Signature.objects.none()
    rows = open_slots(on).filter(agreement__form__in=list(forms), agreement__first_day__lte=on)
    rows = rows.filter(~Exists(of_slot), agreement__person__in=people)
    if terms.choice(on).guardians == "one":
        other = Signature.objects.filter(
            signed, slot__agreement=OuterRef("agreement"), slot__part=Part.PARENT, slot__closed_on=None
        )
        rows = rows.exclude(Q(part=Part.PARENT) & Exists(other))
    standing = Refusal.objects.filter(slot=OuterRef("pk"), taken_back_on=None)
    rows = rows.annotate(declined=Exists(standing), reminded=Max("reminders__sent_at"))
    return rows.select_related("agreement__person", "holder").order_by(
        "agreement__person__family_name", "agreement__person__given_name", "agreement_id", "id"
    )


def narrowed(rows: QuerySet[Slot], asked: Mapping[str, str], on: date) -> QuerySet[Slot]:
    """By school, grade, class, teacher, and in which part somebody is to sign."""
    held = Role.objects.on(on)
    for name, field in (("school", "school_id"), ("grade", "grade")):
        if asked.get(name):
            rows = rows.filter(agreement__person__in=held.filter(**{field: asked[name]}).values("person_id"))
    if asked.get("class"):
        there = Enrolment.objects.on(on).filter(group_id=asked["class"])
        rows = rows.filter(agreement__person__in=there.values("person_id"))
    if asked.get("teacher"):
        taught = Enrolment.objects.on(on).filter(person_id=asked["teacher"], role=Enrolment.As.TEACHER)
        there = Enrolment.objects.on(on).filter(group__in=taught.values("group_id"), role=Enrolment.As.STUDENT)
        rows = rows.filter(agreement__person__in=there.values("person_id"))
    if asked.get("part") in [part.value for part in Part]:
        rows = rows.filter(part=asked["part"])
    if asked.get("state") in ("waiting", "declined"):
        rows = rows.filter(declined=asked["state"] == "declined")
    for word in asked.get("q", "").split():
        name = Q(agreement__person__given_name__istartswith=word) | Q(agreement__person__family_name__istartswith=word)
        rows = rows.filter(name | Q(agreement__person__pk__istartswith=word))
    return rows


def counts(on: date, people: QuerySet[Person]) -> dict[str, int]:
    """How many agreements run, how many of them are on file, and how many end soon."""
    running = Agreement.objects.filter(closed_on=None, first_day__lte=on, person__in=people)
    running = running.filter(Q(last_day=None) | Q(last_day__gte=on))
    return running.aggregate(
        running=Count("pk"),
        filed=Count("pk", filter=Q(filing__isnull=False)),
        ending=Count("pk", filter=Q(last_day__lte=on + AHEAD)),
    )


def trend(on: date, people: QuerySet[Person]) -> list[tuple[date, int]]:
    """Signatures of the last weeks, by the Monday of each."""
    rows = Signature.objects.filter(on__gt=on - timedelta(weeks=WEEKS), slot__agreement__person__in=people)
    by_week: Any = rows.annotate(week=TruncWeek("on")).values("week").annotate(n=Count("pk")).order_by("week")
    return [(row["week"], row["n"]) for row in by_week]


def lapses(on: date, people: QuerySet[Person]) -> list[tuple[date, int]]:
    """T13: how many agreements end on which day within the next two months."""
    rows = Agreement.objects.filter(
        closed_on=None, first_day__lte=on, last_day__gte=on, last_day__lte=on + AHEAD, person__in=people
    )
    return list(rows.values_list("last_day").annotate(n=Count("pk")).order_by("last_day"))
