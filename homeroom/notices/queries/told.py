"""Who has been told what: the facts that standing and the gates before devices rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.db.models import F, Min, QuerySet

from homeroom.board import queries as board
from homeroom.notices import kinds
from homeroom.notices.models import Letter, LetterChild, LetterState, Template
from homeroom.people import queries as people

PORTION = 5000  # people that a database takes in one question


def demanded(kind: str, on: date) -> bool:
    """XVII.A.2: whether a notice of that kind is owed on a day: since a template of it is part of the policy."""
    return bool(board.effective_subjects(f"notices.template:{kind}:", on))


def delivered(kind: str, on: date, people_: Sequence[str] | None = None) -> dict[str, datetime]:
    """XI.A, XII.B.0a, XIV.C.1b: who was told by the end of a day, and since when.

    Keys are the people whom the notice protects: for "users" its readers; for notices about children ("parents",
    "monitoring", "providers", "device-emergency") the students. With "parents" the first parent who was told counts;
    with "monitoring" and "device-emergency" so does the student. A letter that came back counts no longer.
    """
    until = datetime.combine(on, time.max, people.zone())
    told: dict[str, datetime] = {}
    for rows in _of_readers(kind, people_, until) if kind == "users" else _of_children(kind, people_, until):
        for person, at in rows.values_list("who", "first"):
            told[person] = min(at, told.get(person, at))
    return told


def current_template(kind: str, on: date) -> Template | None:
    """XVII.A.2: the words that count on a day: those of the addendum that became effective last."""
    effective = board.effective_subjects(f"notices.template:{kind}:", on)
    if not effective:
        return None
    subject = max(effective, key=lambda each: (effective[each].effective_on, effective[each].pk))
    number = int(subject.rpartition(":")[2])
    row = Template.objects.filter(kind=kind, number=number).first()
    # A template whose words are not those the board approved is no template.
    return row if row and row.sha256 == effective[subject].sha256 else None


def _of_readers(kind: str, ids: Sequence[str] | None, until: datetime) -> Iterator[QuerySet]:
    rows = Letter.objects.filter(kind=kind, state=LetterState.DELIVERED, delivered_at__lte=until)
    for part in _portions(ids):
        some = rows if part is None else rows.filter(reader__in=part)
        yield some.order_by().values(who=F("reader_id")).annotate(first=Min("delivered_at"))


def _of_children(kind: str, ids: Sequence[str] | None, until: datetime) -> Iterator[QuerySet]:
    told = {"letter__kind": kind, "letter__state": LetterState.DELIVERED, "letter__delivered_at__lte": until}
    about = LetterChild.objects.filter(**told)
    for part in _portions(ids):
        some = about if part is None else about.filter(child__in=part)
        yield some.order_by().values(who=F("child_id")).annotate(first=Min("letter__delivered_at"))
    if not kinds.KINDS[kind].any_parent:
        yield from _of_readers(kind, ids, until)


def _portions(ids: Sequence[str] | None) -> Iterator[Sequence[str] | None]:
    if ids is None:
        yield None
        return
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]


def still_to_tell(template: Template) -> int:
    """XVII.B: how many letters of these words have not arrived."""
    open_ones = Letter.objects.filter(notice__template=template).exclude(state=LetterState.DELIVERED)
    return open_ones.count()
