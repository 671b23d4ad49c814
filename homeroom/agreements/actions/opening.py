"""Agreements and their slots follow the roster: opened for whoever needs one, closed for whoever does not any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from homeroom.agreements import approval, terms
from homeroom.agreements.around import around
from homeroom.agreements.models import Agreement, Choice, FormVersion, Slot
from homeroom.agreements.queries import facts, following
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.needed import signers
from homeroom.kernel.agreements.values import Around, Choices, Part
from homeroom.people import queries as people

BATCH = 1000
TOGETHER = 250  # people whose agreements are changed in one transaction
FEW = 200  # people named in the journal; where there are more, only their number
WHY = {
    Part.TEACHER: "teacher_changed",
    Part.PARENT: "parent_changed",
    Part.STUDENT: "left",
    Part.EMPLOYEE: "left",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What changed: agreements opened and closed, slots opened and closed."""

    agreements: int = 0
    closed: int = 0
    slots: int = 0
    slots_closed: int = 0

    def __bool__(self) -> bool:
        return any((self.agreements, self.closed, self.slots, self.slots_closed))

    def __add__(self, other: Followed) -> Followed:
        return Followed(
            self.agreements + other.agreements,
            self.closed + other.closed,
            self.slots + other.slots,
            self.slots_closed + other.slots_closed,
        )


@dataclass(slots=True)
class _Held:
    """One agreement on file, as far as following needs it: its places by (part, holder)."""

    row: Any
    slots: dict[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class _Ways:
    """How agreements are opened on a day: the forms in effect, the district's choices."""

    on: date
    forms: dict[str, FormVersion]
    choice: Choice
    choices: Choices

    @classmethod
    def of(cls, on: date) -> _Ways:
        """As of a day."""
        choice = terms.choice(on)
        return cls(on, {kind: each.version for kind, each in approval.in_effect(on).items()}, choice,
                   terms.as_values(choice))  # fmt: skip

    def wanted(self, kind: str) -> Iterator[tuple[date, date | None]]:
        """The term of today, and the next one when it is time to renew."""
        version, begins = self.forms[kind], self.choice.year_begins
        first, last = terms.term(version, begins, self.on)
        yield first, last
        if last is not None and self.on > last - self.choices.renewal:
            yield terms.term(version, begins, date.fromordinal(last.toordinal() + 1))

    def lacking(self, each: Around, held: Sequence[_Held]) -> list[tuple[date, date | None]]:
        """The terms for which somebody has no agreement."""
        mine = [one.row for one in held if one.row.form_id == each.kind]
        return [
            (first, last)
            for first, last in self.wanted(each.kind)
            if not any(row.first_day <= first and (row.last_day is None or first <= row.last_day) for row in mine)
        ]

    def left(self, row: Any, there: Around | None) -> bool:
        """C.1: leaving closes an agreement, and so does becoming something else (a graduate who is hired)."""
        over = row.last_day is not None and row.last_day < self.on
        return not over and (there is None or there.kind != row.form_id) and row.first_day <= self.on

    def needed(self, each: Around) -> set[tuple[str, str]]:
        """The places that somebody's agreement has."""
        return {(part.value, holder) for part, holder in signers(each, self.choices)}

    def runs(self, row: Any) -> bool:
        """Whether the term of an agreement is not over."""
        return row.last_day is None or row.last_day >= self.on


def follow_roster(*, actor: Actor, at: datetime, ids: Sequence[str] | None = None) -> Followed:
    """IX.C.6: open what is missing and close what is over, for everybody or for some; the same twice changes nothing.

    A slot that closes keeps its signatures. Whoever left has their agreement closed with that day. Who is concerned
    is found without the writer's place, and what is written is written in portions: who signs meanwhile never waits
    for a whole district.
    """
    ways, done = _Ways.of(people.today(at)), Followed()
    moved = _moved(ways, ids)
    for start in range(0, len(moved), TOGETHER):
        done += _follow(actor, at, ways, moved[start : start + TOGETHER])
    return done


def _moved(ways: _Ways, ids: Sequence[str] | None) -> list[str]:
    """Those whose agreements are other than the roster asks for."""
    there, on_file = _there(ways, ids), following.on_file(ids)
    held = {person: [_Held(row, row.slots) for row in rows] for person, rows in on_file.items()}
    return sorted(id for id in there.keys() | held.keys() if _moves(ways, there.get(id), held.get(id, [])))


def _moves(ways: _Ways, each: Around | None, held: Sequence[_Held]) -> bool:
    if any(ways.left(one.row, each) for one in held):
        return True
    if each is None:
        return False
    needed = ways.needed(each)
    return bool(ways.lacking(each, held)) or any(ways.runs(one.row) and one.slots.keys() != needed for one in held)


def _there(ways: _Ways, ids: Sequence[str] | None) -> dict[str, Around]:
    ended = facts.ended(ways.on, ids)
    return {id: each for id, each in around(ways.on, ids).items() if each.kind in ways.forms and id not in ended}


def _follow(actor: Actor, at: datetime, ways: _Ways, ids: Sequence[str]) -> Followed:
    with journal.atomic():
        there, on_file = _there(ways, ids), _on_file(ids)
        closed = _close_left(there, on_file, ways)
        opened = _open(there, on_file, ways, at)
        slots = _slots(there, on_file, ways)
        done = Followed(len(opened), len(closed), len(slots[0]), len(slots[1]))
        if done:
            _record(actor, at, done, [*opened, *closed], [*slots[0], *slots[1]])
    return done


def _on_file(ids: Sequence[str]) -> dict[str, list[_Held]]:
    found: dict[str, list[_Held]] = {}
    by_pk: dict[int, _Held] = {}
    for row in Agreement.objects.filter(closed_on=None, person__in=ids).order_by("first_day", "id"):
        by_pk[row.pk] = _Held(row, {})
        found.setdefault(row.person_id, []).append(by_pk[row.pk])
    for slot in Slot.objects.filter(closed_on=None, agreement__in=list(by_pk)).order_by("id"):
        by_pk[slot.agreement_id].slots[slot.part, slot.holder_id] = slot
    return found


def _close_left(there: dict[str, Around], on_file: dict[str, list[_Held]], ways: _Ways) -> list[Agreement]:
    gone = []
    for person, those in on_file.items():
        for each in [one for one in those if ways.left(one.row, there.get(person))]:
            each.row.closed_on, each.row.closed_why = ways.on, "left"
            gone.append(each.row)
            those.remove(each)
    Agreement.objects.bulk_update(gone, ["closed_on", "closed_why"])
    return gone


def _open(there: dict[str, Around], on_file: dict[str, list[_Held]], ways: _Ways, at: datetime) -> list[Agreement]:
    new = [
        Agreement(person_id=person, form_id=each.kind, first_day=first, last_day=last, opened_at=at)
        for person, each in there.items()
        for first, last in ways.lacking(each, on_file.get(person, ()))
    ]
    for row in Agreement.objects.bulk_create(new, batch_size=BATCH):
        on_file.setdefault(row.person_id, []).append(_Held(row, {}))
    return new


def _slots(there: dict[str, Around], on_file: dict[str, list[_Held]], ways: _Ways) -> tuple[list[Slot], list[Slot]]:
    new, over = [], []
    for person, each in there.items():
        needed = ways.needed(each)
        for held in on_file.get(person, ()):
            if not ways.runs(held.row):
                continue
            for key, slot in held.slots.items():
                if key not in needed:
                    slot.closed_on, slot.closed_why = ways.on, WHY[Part(slot.part)]
                    over.append(slot)
            new += [
                Slot(agreement=held.row, part=part, holder_id=holder, opened_on=ways.on)
                for part, holder in sorted(needed - held.slots.keys())
            ]
    Slot.objects.bulk_update(over, ["closed_on", "closed_why"], batch_size=BATCH)
    back = _reopen(new)
    fresh = [slot for slot in new if _key(slot) not in back]
    return [*Slot.objects.bulk_create(fresh, batch_size=BATCH), *back.values()], over


def _reopen(new: Sequence[Slot]) -> dict[tuple[int, str, str], Slot]:
    """IX.C.6: the places of those who come back, such as a teacher to whom a student returns the same day.

    What they signed there counts as it did, so nobody asks them for it once more.
    """
    wanted = {_key(slot) for slot in new}
    closed = Slot.objects.exclude(closed_on=None).select_related("agreement").order_by("id")
    there = closed.filter(agreement__in={slot.agreement_id for slot in new})
    found = {_key(slot): slot for slot in there if _key(slot) in wanted}
    for slot in found.values():
        slot.closed_on, slot.closed_why = None, ""
    Slot.objects.bulk_update(found.values(), ["closed_on", "closed_why"], batch_size=BATCH)
    return found


def _key(slot: Slot) -> tuple[int, str, str]:
    return slot.agreement_id, slot.part, slot.holder_id


def _record(actor: Actor, at: datetime, done: Followed, agreements: Sequence[Agreement], slots: Sequence[Slot]) -> None:
    people_of = {row.person_id for row in agreements}
    few = sorted(people_of | {slot.agreement.person_id for slot in slots}) if len(slots) <= 10 * FEW else []
    subject = f"person:{few[0]}" if len(few) == 1 else "agreement:many"
    journal.record(
        actor=actor, verb="agreements.roster-followed", subject=subject, at=at, clause="IX.C.6",
        data={"agreements": done.agreements, "closed": done.closed, "slots": done.slots,
              "slots_closed": done.slots_closed, "people": few if len(few) <= FEW else []},
    )  # fmt: skip
