"""Questions about addenda."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from homeroom.board.models import Addendum, AddendumState


def effective_addendum(subject: str, on: date) -> Addendum | None:
    """XVII.A.2: the addendum of a subject that is part of the policy on a day: the one that came last."""
    return Addendum.objects.effective(on).filter(subject=subject).order_by("-effective_on", "-id").first()


def effective_subjects(prefix: str, on: date) -> dict[str, Addendum]:
    """XVII.A.2: all subjects that begin with `prefix` and are part of the policy on a day; one question."""
    # Sorted here: asked with every page of signing, where the order costs Django more than the rows.
    rows = Addendum.objects.effective(on).filter(subject__startswith=prefix).order_by()
    return {row.subject: row for row in sorted(rows, key=lambda row: (row.effective_on, row.pk))}


def addenda() -> QuerySet[Addendum]:
    """All addenda, the newest first."""
    return Addendum.objects.all()


def addendum(pk: int) -> Addendum | None:
    """One addendum."""
    return Addendum.objects.filter(pk=pk).first()


def standing(row: Addendum, on: date) -> str:
    """In a word: "drafted", "submitted", "returned", "approved" (to come), "effective" or "over"."""
    if row.state != AddendumState.APPROVED or row.effective_on is None:
        return str(row.state)
    if row.until_day and row.until_day < on:
        return "over"
    return "effective" if row.effective_on <= on else "approved"


def waiting() -> int:
    """How many the board has before it."""
    return Addendum.objects.filter(state=AddendumState.SUBMITTED).count()
