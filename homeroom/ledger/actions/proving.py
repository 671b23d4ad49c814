"""What people did is written down, once, with its day and its paper; and withdrawn with a reason, never erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base import kept
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.journal import actions as journal
from homeroom.ledger import proofs
from homeroom.ledger.models import Proof
from homeroom.ledger.said import said
from homeroom.people import queries as people
from homeroom.people.models import Class, School

CERTIFICATES = (Proof.Kind.FORM_486, Proof.Kind.FORM_479)


def write_down(
    *, actor: Actor, at: datetime, kind: str, day: date, title: str, words: str = "", number: str = "",
    place: str = "", since: date | None = None, until: date | None = None, school: School | None = None,
    group: Class | None = None, grades: list[str] | None = None, topics: list[str] | None = None,
    students: int | None = None, file: bytes = b"", file_name: str = "", names_students: bool = False,
) -> Proof:  # fmt: skip
    """VI.Alt3.E.1, VI.Alt3.note.a: keep what was done; saying the same thing twice keeps it once. Raises Refused."""
    row = Proof(
        kind=kind, day=day, title=" ".join(title.split()), words=words.strip(), number=number.strip(),
        place=place.strip(), since=since, until=until, school=school, group=group, grades=sorted(grades or ()),
        topics=list(topics or ()), students=students or 0, file_name=file_name[:200], names_students=names_students,
        at=at, by=actor.id, by_name=actor.name,
    )  # fmt: skip
    _check(row, at)
    if group:
        _fill_from_roster(row, group)
    with journal.atomic():
        same = Proof.objects.filter(
            kind=kind, day=day, title=row.title, group=group, school=row.school, number=row.number, withdrawn_at=None
        ).first()
        if same:
            return same
        row.file = kept.keep(file) if file else ""
        row.save()
        told: dict[str, Any] = {"kind": kind, "day": day.isoformat(), "title": row.title, "sha256": row.file}
        _record(actor, "kept", row, at, "", told)
    return row


def withdraw_proof(*, actor: Actor, at: datetime, proof: int, reason: str) -> None:
    """VI.Alt3.note.a: what was written down does not hold; it stays on file, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it does not hold."))
    with journal.atomic():
        held = Proof.objects.filter(pk=proof, withdrawn_at=None)
        if held.update(withdrawn_at=at, withdrawn_why=reason.strip()) != 1:
            raise Refused(_("It was withdrawn already."))
        _record(actor, "withdrawn", Proof.objects.get(pk=proof), at, reason.strip(), {})


def take_paper(*, actor: Actor, at: datetime, proof: Proof) -> None:
    """VI.Alt3.note.a: a paper that names students is opened: who did, and when."""
    if proof.names_students:
        with journal.atomic():
            _record(actor, "seen", proof, at, "", {})


def _check(row: Proof, at: datetime) -> None:
    today = people.today(at)
    if not row.title:
        raise Refused(_("Say in a few words what it was."))
    if row.day > today:
        raise Refused(_("%(day)s is still to come. Write it down once it was done.") % {"day": row.day})
    if row.until and row.until < row.day:
        raise Refused(_("Its last day is before its first. Correct one of the two."))
    if row.kind == Proof.Kind.LESSON and not set(row.topics) & set(proofs.TOPICS):
        raise Refused(_("Say what the lesson was about: tick at least one topic."))
    if row.kind == Proof.Kind.OPENING and not row.words:
        raise Refused(_("Say who opened the filter for whom, and for which research."))
    if row.kind in CERTIFICATES:
        _check_elements(row, today)


def _check_elements(row: Proof, today: date) -> None:
    """C.21: nobody certifies what is not so, unless they write down what the district is doing about it."""
    text = board.in_force(row.day)
    if text is None and not row.words:
        raise Refused(
            _("No text of the policy was in force on that day. Put it in force, or write what is being done.")
        )
    gone = [said(each.title)[0] for each in board.elements(text) if not each.there] if text else []
    if gone and not row.words:
        raise Refused(
            _(
                "Whoever signs says that the policy is whole, but the check of its elements misses: "
                "%(missing)s. Put that right, or write down what the district is undertaking."
            )
            % {"missing": "; ".join(gone)}
        )


def _fill_from_roster(row: Proof, group: Class) -> None:
    row.school = group.school
    there = proofs.roster(row)
    row.students = len(there) or row.students
    row.grades = sorted({grade for _, _, grade in there if grade}) or row.grades


def _record(actor: Actor, done: str, row: Proof, at: datetime, reason: str, data: dict[str, Any]) -> None:
    journal.record(
        actor=actor, verb=f"ledger.proof.{done}", subject=f"proof:{row.pk}", at=at, reason=reason,
        clause=proofs.CLAUSES[row.kind], data=data,
    )  # fmt: skip
