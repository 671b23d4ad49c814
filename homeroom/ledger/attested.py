"""What people attest by papers: teaching, supervision, certificates, equipment, the meeting. Nobody is named.

`rosters` is the one thing that names students; it goes into copies that were asked for with names, beside a copy
in which each student is a number.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from homeroom.base import kept
from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.kernel.deadlines.clock import months_later
from homeroom.ledger import proofs
from homeroom.ledger.evidence import Span
from homeroom.ledger.models import Proof
from homeroom.ledger.queries import FLOOR, shown
from homeroom.ledger.sections import Section, counted, length

TOPICS = {
    "conduct": "behaviour online", "networks": "social networks, chat", "bullying": "cyberbullying",
    "use": "use of the Internet", "subject": "use within a subject",
}  # fmt: skip
LISTED = ("Lesson", "Day", "Topics", "Class", "Student", "Grade")


def teaching(span: Span) -> Section:
    """VI.Alt3.E.1: lessons with their day, topics and grades; and which grades had none."""
    lessons = list(proofs.between(span.first, span.on, Proof.Kind.LESSON))
    rows = tuple(
        (each.pk, each.day, each.title, _topics(each), each.school.name if each.school else "all schools",
         ", ".join(each.grades) or "all grades", shown(each.students) if each.students else "", each.file[:16])
        for each in reversed(lessons)
    )  # fmt: skip
    says = [f"{counted(lessons, 'lesson', 'lessons')} on record."]
    for topic in ("conduct", "networks", "bullying"):
        places = proofs.taught(span.on, topic)
        had = sum(bool(each.lessons) for each in places)
        says.append(f"On {TOPICS[topic]}: {had} of {len(places)} grades of schools had a lesson within a year.")
    missing = "" if lessons else "Lessons with their day, class and topic; write them down under “Lessons”."
    head = ("No.", "Day", "Lesson", "Topics", "School", "Grades", "Students", "Material")
    return Section(
        "teaching", "Teaching about conduct online", "VI.Alt3.E.1, VI.Alt3.E.2, VI.Alt3.E.3", tuple(says), head, rows,
        missing,
    )  # fmt: skip


def _topics(lesson: Proof) -> str:
    return "; ".join(TOPICS[each] for each in lesson.topics if each in TOPICS)


def rosters(span: Span, *, names: bool) -> Section:
    """VI.Alt3.E.1: who was taught. Without `names` each student is a number of this list alone."""
    lessons = proofs.between(span.first, span.on, Proof.Kind.LESSON).exclude(group=None)
    listed = proofs.rosters(reversed(lessons))
    rows = tuple(_named(listed) if names else _numbered(listed))
    title = "Students taught, by name" if names else "Students taught, without names"
    return Section("rosters" if names else "rosters-without-names", title, "VI.Alt3.E.1", (), LISTED, rows)


Listed = list[tuple[Proof, list[tuple[str, str, str]]]]


def _named(listed: Listed) -> Iterator[tuple[object, ...]]:
    for lesson, there in listed:
        yield from ((*_head(lesson), name, grade) for _, name, grade in there)


def _numbered(listed: Listed) -> Iterator[tuple[object, ...]]:
    """Numbers in an order that is not that of the names; a handful of students is not listed one by one."""
    numbers: dict[str, int] = {}
    for lesson, there in listed:
        if 0 < len(there) < FLOOR:
            yield (*_head(lesson), f"fewer than {FLOOR} students", "")
            continue
        for id, _, grade in sorted(there, key=lambda who: _sealed(who[0])):
            yield (*_head(lesson), f"Student {numbers.setdefault(id, len(numbers) + 1)}", grade)


def _head(lesson: Proof) -> tuple[object, ...]:
    return lesson.pk, lesson.day, _topics(lesson), lesson.group.title if lesson.group else ""


def _sealed(id: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), id.encode(), hashlib.sha256).hexdigest()


def watching(span: Span) -> Section:
    """VI.Alt3.A.1: how activity is watched, on which ground, and who supervises."""
    rows = tuple(
        (each.title, each.day, each.until or "", each.words)
        for each in proofs.between(span.first, span.on, Proof.Kind.MEANS)
    )
    return Section(
        "watching", "How activity is watched, and on which ground", "VI.Alt3.A.1, XIV.C.5, XIV.C.6",
        (
            "Activity is watched in counts by hour, school, kind and category. Blocked requests carry a code that "
            "changes each month and are deleted after days; no history of a student can be read from them. Nothing "
            "here follows identified users, which federal law does not ask for.",
            "On school-issued devices this is permitted because state and federal law demand the filter (ground 5) and "
            "because the district takes part in federal funding (ground 6).",
        ),
        ("Other means", "From", "Until", "Who, where, when"), rows,
        "" if rows else "Who supervises students at screens, and when.",
    )  # fmt: skip


def forms(span: Span) -> Section:
    """K17, K18: Form 486 or 479 with its day, and whether it was in time."""
    clock = board.rule("form-486", span.on)
    found = proofs.between(span.first, span.on, Proof.Kind.FORM_486, Proof.Kind.FORM_479)
    rows = tuple(
        (each.get_kind_display(), each.number, each.title, each.since or "", each.day, _in_time(each, clock.length),
         each.words)
        for each in found
    )  # fmt: skip
    text = board.in_force(span.on)
    gone = [each.title for each in board.elements(text) if not each.there] if text else ["a text of the policy"]
    says = [f"Form 486 is due {clock.length} {clock.unit} after {clock.starts} ({clock.source} [{clock.mark}])."]
    if gone:
        says.append(f"Before anybody signs: the check of the ten elements misses {'; '.join(gone)}.")
    missing = "" if rows else "The certified Form 486, or Form 479 where the district buys through a consortium."
    head = ("Form", "Number", "Certified by", "Service or letter", "Certified", "In time", "Undertaking")
    return Section("forms", "Certificates", "VI.Alt3.note.a", tuple(says), head, rows, missing)


def _in_time(form: Proof, days: int) -> str:
    if form.since is None:
        return ""
    due = form.since + timedelta(days=days)
    return f"yes, due {due}" if form.day <= due else f"NO, was due {due}"


def inventory(span: Span) -> Section:
    """K20: equipment bought with discounts that the district has or had in the ten years before."""
    clock = board.rule("asset-inventory", span.on)
    oldest = months_later(span.on, -clock.length)
    found = proofs.proofs(Proof.Kind.EQUIPMENT).filter(day__gte=oldest, day__lte=span.on)
    rows = tuple((each.title, each.number, each.place, each.day, each.until or "", each.words) for each in found)
    return Section(
        "inventory", "Equipment bought with discounts", "VI.Alt3.note.a",
        (f"{counted(rows, 'piece', 'pieces')}; each stays on this list for {length(clock.length, clock.unit)} after "
         f"{clock.starts} ({clock.source}).",),
        ("What", "Serial number", "Where", "Bought", "Gone", "Note"), rows,
        "" if rows else "The list of such equipment with its places; write it down under “Records for the binder”.",
        short=200,
    )  # fmt: skip


def papers(span: Span) -> Section:
    """VI.Alt3.note.b: the papers that were kept, with their hashes; the files lie beside this list."""
    found = [each for each in proofs.between(span.first, span.on) if each.file]
    rows = tuple(
        (each.pk, each.kind, each.day, each.title, each.file_name, "yes" if each.names_students else "", each.file[:16])
        for each in found
    )
    head = ("No.", "Kind", "Day", "Title", "File", "Names students", "SHA-256 begins")
    missing = "" if rows else "The notice, agenda and minutes themselves; they lie with the board."
    return Section("papers", "Papers", "VI.Alt3.note.b", (), head, rows, missing)


def files(span: Span, *, names: bool) -> Iterator[tuple[str, str, bytes]]:
    """The kept papers themselves; those that name students only where `names` was asked for."""
    for each in proofs.between(span.first, span.on).exclude(file="").order_by("day", "id"):
        if each.names_students and not names:
            continue
        ending = each.file_name.rpartition(".")[2].lower()
        ending = ending if ending.isascii() and ending.isalnum() and len(ending) < 6 else "bin"
        folder = "students" if each.names_students else "papers"
        try:
            yield f"{folder}/{each.day}-{each.pk}.{ending}", each.title, kept.read(each.file)
        except Refused as error:  # said in the binder rather than lost from it
            yield f"{folder}/{each.day}-{each.pk}-MISSING.txt", each.title, str(error).encode()
