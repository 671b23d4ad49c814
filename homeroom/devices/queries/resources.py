"""XIV.A: resources, who has them, which are missing."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from homeroom.board import queries as board
from homeroom.devices.models import IssuedResource, Loan, LoanWords, LossReport
from homeroom.people import reach
from homeroom.people.models import Person

WORDS = "devices.loan-words"  # how the words to accept are called among the addenda


def resources() -> QuerySet[IssuedResource]:
    """All resources with their open loan (`held`) and open report of loss (`lost`)."""
    held = Loan.objects.filter(returned_at__isnull=True).select_related("person")
    lost = LossReport.objects.filter(found_at__isnull=True)
    return IssuedResource.objects.select_related("school").prefetch_related(
        Prefetch("loans", queryset=held, to_attr="held"), Prefetch("losses", queryset=lost, to_attr="lost")
    )


def within(rows: QuerySet[IssuedResource], of: reach.Reach, on: date) -> QuerySet[IssuedResource]:
    """Those in the schools that somebody's role reaches, or in the hands of people it reaches."""
    if of.everybody:
        return rows
    there = Loan.objects.filter(returned_at__isnull=True, person__in=reach.persons(of, on).values("pk"))
    return rows.filter(Q(school_id__in=of.schools) | Q(pk__in=there.values("resource_id")))


def find(rows: QuerySet[IssuedResource], words: str) -> QuerySet[IssuedResource]:
    """Those whose name, tag, serial number or holder has each word."""
    for word in words.split():
        people = Person.objects.filter(Q(given_name__istartswith=word) | Q(family_name__istartswith=word) | Q(pk=word))
        holders = Loan.objects.filter(returned_at__isnull=True, person__in=people.values("pk"))
        rows = rows.filter(
            Q(title__icontains=word) | Q(tag__istartswith=word) | Q(serial__istartswith=word)
            | Q(pk__in=holders.values("resource_id"))
        )  # fmt: skip
    return rows


STATES = ("free", "lent", "unaccepted", "missing", "retired", "overdue")


def in_state(rows: QuerySet[IssuedResource], state: str, on: date) -> QuerySet[IssuedResource]:
    """Those that stand so on a day; anything else leaves all that are not retired."""
    loans = Loan.objects.filter(returned_at__isnull=True)
    lost = LossReport.objects.filter(found_at__isnull=True).values("resource_id")
    if state == "retired":
        return rows.filter(retired_at__isnull=False)
    rows = rows.filter(retired_at__isnull=True)
    chosen = {
        "lent": loans, "unaccepted": loans.filter(accepted_at__isnull=True), "overdue": loans.filter(due_on__lt=on),
    }.get(state)  # fmt: skip
    if chosen is not None:
        return rows.filter(pk__in=chosen.values("resource_id"))
    if state == "missing":
        return rows.filter(pk__in=lost)
    return rows.exclude(pk__in=loans.values("resource_id")).exclude(pk__in=lost) if state == "free" else rows


def open_loan(resource: int) -> Loan | None:
    """Who has a resource."""
    return Loan.objects.filter(resource_id=resource, returned_at__isnull=True).select_related("person").first()


def words(on: date) -> LoanWords | None:
    """XVII.A.2: the words that hold on a day: those of the addendum that became effective last."""
    held = board.effective_addendum(WORDS, on)
    return LoanWords.objects.filter(sha256=held.sha256).first() if held else None


def words_to_come(on: date) -> LoanWords | None:
    """The newest words, where the board has not approved them yet."""
    newest, held = LoanWords.objects.first(), words(on)
    return newest if newest != held else None


def held_by(people: list[str]) -> QuerySet[Loan]:
    """What is in the hands of these people."""
    rows = Loan.objects.filter(person_id__in=people, returned_at__isnull=True)
    return rows.select_related("resource", "person").order_by("person_id", "-lent_at")


def as_json(row: IssuedResource, at: datetime) -> dict[str, object]:
    """One resource as plain values, for the command line."""
    loan, lost = next(iter(row.held), None), next(iter(row.lost), None)  # type: ignore[attr-defined]
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "tag": row.tag, "serial": row.serial,
        "school": row.school_id or "", "source": row.source, "person": loan.person_id if loan else "",
        "accepted": bool(loan and loan.accepted_at), "missing": lost is not None,
        "retired": row.retired_at is not None,
    }  # fmt: skip
