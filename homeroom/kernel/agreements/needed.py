"""IX.C: who must sign, and what is missing of it on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from homeroom.kernel.agreements.values import Around, Choices, Held, Part, Wanted


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: a code of `kernel.decision.reasons`, its clause, and a value such as a day."""

    code: str
    clause: str
    value: str = ""


def signers(around: Around, choices: Choices) -> tuple[tuple[Part, str], ...]:
    """IX.C: everybody who may fill a place of the agreement, as (part, person).

    >>> signers(Around("ben", "student", guardians=("rosa",), teachers=(("olsen", date(2026, 9, 1)),)), Choices())
    ((<Part.STUDENT: 'student'>, 'ben'), (<Part.PARENT: 'parent'>, 'rosa'), (<Part.TEACHER: 'teacher'>, 'olsen'))
    """
    if around.kind == "employee":
        return ((Part.EMPLOYEE, around.person),)
    parents = () if _alone(around, choices) else tuple((Part.PARENT, each) for each in around.guardians)
    teachers = tuple((Part.TEACHER, each) for each, _ in around.teachers)
    return ((Part.STUDENT, around.person), *parents, *teachers)


def gaps(around: Around, held: Held | None, wanted: Wanted, choices: Choices, on: date) -> tuple[Gap, ...]:
    """IX.B.1, IX.C: what is missing before this person may use the network on a day; () where nothing is.

    `held` is the agreement that runs that day, or the last one where none runs any more.
    """
    running = held if held is not None and held.on(on) else None
    if around.kind == "employee":
        found = [*_lapsed(held, running, "IX.C.4", on), *_employee(running, around, wanted, on)]
    else:
        found = [
            *_lapsed(held, running, "IX.C.1", on),
            *_student(running, around, wanted, on),
            *_parents(running, around, wanted, choices, on),
            *_teachers(running, around, wanted, choices, on),
        ]
        if not found and running is not None and not running.permitted:
            found.append(Gap("permission", "IX.B.1"))
    return tuple(found)


def _alone(around: Around, choices: Choices) -> bool:
    return around.grown and choices.grown_alone


def _lapsed(held: Held | None, running: Held | None, clause: str, on: date) -> Iterator[Gap]:
    """T13: an agreement was there, its term is over, and nobody has begun to renew it."""
    over: date | None = None
    if running is not None:
        over = None if running.signed else running.before
    elif held is not None and held.closed is None and held.last is not None and held.last < on:
        over = held.last
    if over is not None:
        yield Gap("lapsed", clause, over.isoformat())


def _employee(held: Held | None, around: Around, wanted: Wanted, on: date) -> Iterator[Gap]:
    yield from _one(held, Part.EMPLOYEE, around.person, wanted, "IX.C.4", on)


def _student(held: Held | None, around: Around, wanted: Wanted, on: date) -> Iterator[Gap]:
    yield from _one(held, Part.STUDENT, around.person, wanted, "IX.C.1", on)


def _one(held: Held | None, part: Part, person: str, wanted: Wanted, clause: str, on: date) -> Iterator[Gap]:
    if held is not None and (part, person) in held.refused:
        yield Gap(f"{part}-refused", clause)
    elif not _signed(held, part, wanted, on, (person,)):
        yield Gap(_missing(held, part, (person,), on), clause)


def _parents(held: Held | None, around: Around, wanted: Wanted, choices: Choices, on: date) -> Iterator[Gap]:
    """IX.C.2: one parent signs, or all of them; a refusal of one of them counts whatever the others did."""
    if _alone(around, choices):
        return
    if not around.guardians:
        yield Gap("no-parent", "IX.C.2")
        return
    if held is not None and any((Part.PARENT, each) in held.refused for each in around.guardians):
        yield Gap("parent-refused", "IX.C.2")
        return
    there = _signed(held, Part.PARENT, wanted, on, around.guardians)
    everybody = choices.guardians == "all" or around.court_order
    if not there:
        yield Gap(_missing(held, Part.PARENT, around.guardians, on), "IX.C.2")
    elif everybody and len(there) < len(around.guardians):
        yield Gap("other-parent", "IX.C.2")


def _teachers(held: Held | None, around: Around, wanted: Wanted, choices: Choices, on: date) -> Iterator[Gap]:
    """IX.C.3, IX.C.6, IX.B.2: today's supervising teachers sign; who came in place of another within the grace."""
    if not around.teachers:
        yield Gap("no-teacher", "IX.B.2")
        return
    ids = tuple(each for each, _ in around.teachers)
    if held is not None and any((Part.TEACHER, each) in held.refused for each in ids):
        yield Gap("teacher-refused", "IX.C.3")
        return
    there = _signed(held, Part.TEACHER, wanted, on, ids)
    if there and (choices.teachers == "one" or len(there) == len(ids)):
        return
    yield from _new_teachers(held, [each for each in around.teachers if each[0] not in there], choices, on)


def _new_teachers(held: Held | None, lacking: list[tuple[str, date]], choices: Choices, on: date) -> Iterator[Gap]:
    """IX.C.6: a teacher who signed older words signs again; one who is new signs within the grace."""
    signed = held.signed if held is not None else ()
    ever = {each.person for each in signed if each.part is Part.TEACHER and each.on <= on}
    if any(each in ever for each, _ in lacking):
        yield Gap("teacher-again", "IX.C.3")
    elif not ever:
        yield Gap("teacher-signature", "IX.C.3")
    elif any(on >= since + choices.grace for _, since in lacking):
        yield Gap("new-teacher", "IX.C.6")


def _signed(held: Held | None, part: Part, wanted: Wanted, on: date, people: Sequence[str]) -> set[str]:
    """Who of these people has signed in a part, on a version that still counts."""
    if held is None:
        return set()
    return {
        each.person
        for each in held.signed
        if each.part is part and each.person in people and each.version >= wanted.oldest and each.on <= on
    }


def _missing(held: Held | None, part: Part, people: Sequence[str], on: date) -> str:
    """Whether a signature was never there, or was given to words that have changed since."""
    before = held is not None and any(
        each.part is part and each.person in people and each.on <= on for each in held.signed
    )
    return f"{part}-again" if before else f"{part}-signature"
