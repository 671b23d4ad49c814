"""Agreements and their slots follow the roster: opened for whoever needs one, closed for whoever does not any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from homeroom.agreements import approval, terms
from homeroom.agreements.around import around, portions
from homeroom.agreements.models import Agreement, Choice, FormVersion, Slot
from homeroom.agreements.queries import facts
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.needed import signers
from homeroom.kernel.agreements.values import Around, Choices, Part
from homeroom.people import queries as people

BATCH = 1000
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


@dataclass(slots=True)
class _Held:
    """One agreement on file, as far as following needs it."""

    row: Agreement
    slots: dict[tuple[str, str], Slot]


def follow_roster(*, actor: Actor, at: datetime, ids: Sequence[str] | None = None) -> Followed:
    """IX.C.6: open what is missing and close what is over, for everybody or for some; the same twice changes nothing.

    A slot that closes keeps its signatures. Whoever left has their agreement closed with that day.
    """
    on = people.today(at)
    forms = {kind: each.version for kind, each in approval.in_effect(on).items()}
    choice = terms.choice(on)
    with journal.atomic():
        ended = set(facts.ended(on, ids))
        there = {id: each for id, each in around(on, ids).items() if each.kind in forms and id not in ended}
        on_file = _on_file(ids)
        closed = _close_left(there, on_file, on)
        opened = _open(there, on_file, forms, choice, on, at)
        slots = _slots(there, on_file, terms.as_values(choice), on)
        done = Followed(len(opened), len(closed), len(slots[0]), len(slots[1]))
        if done:
            _record(actor, at, done, [*opened, *closed], [*slots[0], *slots[1]])
    return done


def _on_file(ids: Sequence[str] | None) -> dict[str, list[_Held]]:
    found: dict[str, list[_Held]] = {}
    by_pk: dict[int, _Held] = {}
    open_ones = Agreement.objects.filter(closed_on=None).order_by("first_day", "id")
    for rows in portions(open_ones, "person_id", ids):
        for row in rows.iterator(5000):
            by_pk[row.pk] = _Held(row, {})
            found.setdefault(row.person_id, []).append(by_pk[row.pk])
    slots = Slot.objects.filter(closed_on=None, agreement__closed_on=None).order_by("id")
    for rows in portions(slots, "agreement__person_id", ids):
        for slot in rows.iterator(5000):
            by_pk[slot.agreement_id].slots[slot.part, slot.holder_id] = slot
    return found


def _close_left(there: dict[str, Around], on_file: dict[str, list[_Held]], on: date) -> list[Agreement]:
    """C.1: leaving closes, and so does becoming something else (a graduate who is hired)."""
    gone = []
    for person, those in on_file.items():
        for each in list(those):
            row = each.row
            wanted = there.get(person)
            over = row.last_day is not None and row.last_day < on
            if not over and (wanted is None or wanted.kind != row.form_id) and row.first_day <= on:
                row.closed_on, row.closed_why = on, "left"
                gone.append(row)
                those.remove(each)
    for start in range(0, len(gone), BATCH):
        Agreement.objects.bulk_update(gone[start : start + BATCH], ["closed_on", "closed_why"])
    return gone


def _open(
    there: dict[str, Around], on_file: dict[str, list[_Held]], forms: dict[str, FormVersion], choice: Choice,
    on: date, at: datetime,
) -> list[Agreement]:  # fmt: skip
    new = []
    for person, each in there.items():
        mine = [held.row for held in on_file.get(person, ()) if held.row.form_id == each.kind]
        for first, last in _wanted(forms[each.kind], choice, on):
            if not any(row.first_day <= first and (row.last_day is None or first <= row.last_day) for row in mine):
                new.append(Agreement(person_id=person, form_id=each.kind, first_day=first, last_day=last, opened_at=at))
    for row in Agreement.objects.bulk_create(new, batch_size=BATCH):
        on_file.setdefault(row.person_id, []).append(_Held(row, {}))
    return new


def _wanted(version: FormVersion, choice: Choice, on: date) -> Iterator[tuple[date, date | None]]:
    """The term of today, and the next one when it is time to renew."""
    first, last = terms.term(version, choice.year_begins, on)
    yield first, last
    if last is not None and on > last - terms.as_values(choice).renewal:
        yield terms.term(version, choice.year_begins, date.fromordinal(last.toordinal() + 1))


def _slots(
    there: dict[str, Around], on_file: dict[str, list[_Held]], choices: Choices, on: date
) -> tuple[list[Slot], list[Slot]]:
    new, over = [], []
    for person, each in there.items():
        needed = {(part.value, holder) for part, holder in signers(each, choices)}
        for held in on_file.get(person, ()):
            if held.row.last_day is not None and held.row.last_day < on:
                continue
            for key, slot in held.slots.items():
                if key not in needed:
                    slot.closed_on, slot.closed_why = on, WHY[Part(slot.part)]
                    over.append(slot)
            new += [
                Slot(agreement=held.row, part=part, holder_id=holder, opened_on=on)
                for part, holder in sorted(needed - held.slots.keys())
            ]
    for start in range(0, len(over), BATCH):
        Slot.objects.bulk_update(over[start : start + BATCH], ["closed_on", "closed_why"])
    back = _reopen(new)
    fresh = [slot for slot in new if _key(slot) not in back]
    return [*Slot.objects.bulk_create(fresh, batch_size=BATCH), *back.values()], over


def _reopen(new: Sequence[Slot]) -> dict[tuple[int, str, str], Slot]:
    """IX.C.6: the places of those who come back, such as a teacher to whom a student returns the same day.

    What they signed there counts as it did, so nobody asks them for it once more.
    """
    wanted = {_key(slot) for slot in new}
    agreements = sorted({slot.agreement_id for slot in new})
    closed = Slot.objects.exclude(closed_on=None).select_related("agreement").order_by("id")
    found = {
        _key(slot): slot
        for start in range(0, len(agreements), BATCH)
        for slot in closed.filter(agreement__in=agreements[start : start + BATCH])
        if _key(slot) in wanted
    }
    for slot in found.values():
        slot.closed_on, slot.closed_why = None, ""
    back = list(found.values())
    for start in range(0, len(back), BATCH):
        Slot.objects.bulk_update(back[start : start + BATCH], ["closed_on", "closed_why"])
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
