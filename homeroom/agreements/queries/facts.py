"""What agreements say about somebody's standing on a day, with a fixed number of questions for any number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from homeroom.agreements import approval, terms
from homeroom.agreements.around import PORTION, around, portions
from homeroom.agreements.models import Agreement, Alternative, Filing, Permission, Refusal, Signature, Termination
from homeroom.kernel.agreements.state import Outside, State, state
from homeroom.kernel.agreements.values import Around, Choices, Held, Part, Signed, Wanted
from homeroom.kernel.decision.standing import Agreed


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears on one person's standing: as kernel.decision.standing.Facts names it."""

    agreed: Agreed | None = None
    ended_by_parent: date | None = None
    alternative: date | None = None


NOTHING = Bearing()


def bearings(on: date, ids: Sequence[str] | None = None) -> dict[str, Bearing]:
    """IX, VIII.D.2, XII.B: whoever is not named in the answer has nothing that bears on their standing."""
    agreed = _agreed(on, ids)
    closed = ended(on, ids)
    without = _without_internet(on, ids)
    found = agreed.keys() | closed.keys() | without.keys()
    return {id: Bearing(agreed.get(id), closed.get(id), without.get(id)) for id in found}


def _agreed(on: date, ids: Sequence[str] | None) -> dict[str, Agreed]:
    """For whom a form is in effect, with what stands of their agreement."""
    forms = approval.in_effect(on)
    if not forms:
        return {}
    choices = terms.as_values(terms.choice(on))
    wanted = {kind: each.wanted for kind, each in forms.items()}
    there = {id: each for id, each in around(on, ids).items() if each.kind in wanted}
    agreements = held(on, ids, forms=list(wanted))
    return {id: Agreed(each, agreements.get((id, each.kind)), wanted[each.kind], choices) for id, each in there.items()}


def held(on: date, ids: Sequence[str] | None, forms: Sequence[str]) -> dict[tuple[str, str], Held]:
    """The agreement of each person and form that counts on a day, else the last one before; by (person, form)."""
    chosen: dict[tuple[str, str], tuple[int, date, date | None, date | None]] = {}
    before: dict[tuple[str, str], date] = {}
    rows = Agreement.objects.filter(form__in=forms, first_day__lte=on).order_by("first_day", "id")
    fields = ("id", "person_id", "form_id", "first_day", "last_day", "closed_on")
    for some in portions(rows, "person_id", ids):
        for id, person, form, first, last, closed in some.values_list(*fields).iterator(PORTION):
            key, previous = (person, form), chosen.get((person, form))
            if previous and previous[2] is not None and previous[2] < first and previous[3] is None:
                before[key] = previous[2]
            chosen[key] = (id, first, last, closed)
    wanted = None if ids is None else [each[0] for each in chosen.values()]
    deeds = _Deeds(on, wanted)
    return {
        key: deeds.held(id, first, last, closed, before.get(key)) for key, (id, first, last, closed) in chosen.items()
    }


def held_of(on: date, agreements: Sequence[Agreement]) -> dict[int, Held]:
    """These agreements with what was done to them, by their number."""
    deeds = _Deeds(on, [row.pk for row in agreements])
    return {row.pk: deeds.held(row.pk, row.first_day, row.last_day, row.closed_on, None) for row in agreements}


class _Deeds:
    """What was done to agreements up to a day, by agreement."""

    def __init__(self, on: date, agreements: Sequence[int] | None) -> None:
        self.signed: dict[int, list[Signed]] = defaultdict(list)
        for id, part, person, version, day in self._rows(
            Signature.objects.filter(on__lte=on), "slot__agreement", agreements,
            "slot__agreement_id", "slot__part", "signer_id", "version__number", "on",
        ):  # fmt: skip
            self.signed[id].append(Signed(Part(part), person, version, day))
        self.refused: dict[int, list[tuple[Part, str]]] = defaultdict(list)
        refusals = Refusal.objects.filter(Q(taken_back_on=None) | Q(taken_back_on__gt=on), on__lte=on)
        for id, part, person in self._rows(
            refusals, "slot__agreement", agreements, "slot__agreement_id", "slot__part", "by_id"
        ):
            self.refused[id].append((Part(part), person))
        permissions = Permission.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), on__lte=on)
        self.permitted = {row[0] for row in self._rows(permissions, "agreement", agreements, "agreement_id")}
        filings = Filing.objects.filter(on__lte=on)
        self.filed = {row[0] for row in self._rows(filings, "agreement", agreements, "agreement_id")}

    def held(self, id: int, first: date, last: date | None, closed: date | None, before: date | None) -> Held:
        """One agreement with its deeds."""
        return Held(
            first, last, tuple(self.signed.get(id, ())), tuple(self.refused.get(id, ())), id in self.permitted,
            id in self.filed, closed, before,
        )  # fmt: skip

    def _rows(
        self, rows: QuerySet[Any], field: str, ids: Sequence[int] | None, *fields: str
    ) -> Iterator[tuple[Any, ...]]:
        for some in portions(rows.order_by("id"), field, ids):  # type: ignore[arg-type]
            yield from some.values_list(*fields).iterator(PORTION)


def ended(on: date, ids: Sequence[str] | None) -> dict[str, date]:
    """VIII.D.2: the children whose account a parent ended, with the day since when."""
    rows = Termination.objects.filter(Q(reversed_on=None) | Q(reversed_on__gt=on), executed_on__lte=on)
    return _days(rows.order_by("id"), "child_id", "executed_on", ids)


def _without_internet(on: date, ids: Sequence[str] | None) -> dict[str, date]:
    """XII.B.0b: the students for whom activities without the Internet are in effect, with the day since when."""
    rows = Alternative.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=on), scope=Alternative.Scope.ALL, from_day__lte=on
    )
    return _days(rows.order_by("id"), "student_id", "from_day", ids)


def _days(rows: QuerySet[Any], who: str, day: str, ids: Sequence[str] | None) -> dict[str, date]:
    return {row[0]: row[1] for some in portions(rows, who, ids) for row in some.values_list(who, day)}


def state_of(agreed: Agreed, on: date, outside: Outside | None = None) -> State:
    """C.1: the state of what is held on a day."""
    return state(agreed.around, agreed.held, agreed.wanted, agreed.choices, on, outside)


def surroundings(on: date, ids: Iterable[str]) -> tuple[dict[str, Around], dict[str, Wanted], Choices]:
    """For an action on a few people: who is around them, which versions count, what the district chose."""
    forms = {kind: each.wanted for kind, each in approval.in_effect(on).items()}
    return around(on, list(ids)), forms, terms.as_values(terms.choice(on))
