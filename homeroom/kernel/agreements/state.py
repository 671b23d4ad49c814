"""C.1: the state of an agreement on a day, derived from what was done; nobody ever sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from homeroom.kernel.agreements.needed import Gap, gaps
from homeroom.kernel.agreements.values import Around, Choices, Held, Part, Wanted


class State(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"  # opened, before its first day
    SENT = "sent"  # waits for signatures, nobody has signed yet
    PARTIAL = "partial"  # somebody has signed
    COMPLETE = "complete"  # everybody has signed
    FILED = "filed"  # and it is on file in the school; the permission is missing
    ACTIVE = "active"
    TEACHER_PENDING = "teacher_pending"  # the supervising teacher changed, the new one has not signed
    RENEWAL_DUE = "renewal_due"  # the term ends soon
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    TERMINATED_BY_PARENT = "terminated_by_parent"
    REFUSED = "refused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands against a person's use, whatever they signed."""

    suspended: bool = False
    cancelled: bool = False
    ended_by_parent: bool = False
    left: bool = False


def state(
    around: Around, held: Held | None, wanted: Wanted, choices: Choices, on: date, outside: Outside | None = None
) -> State:
    """The one state of an agreement on a day; what closes weighs more than what is missing."""
    ended = _ended(held, on, outside or Outside())
    if ended is not None or held is None:
        return ended or State.DRAFT
    missing = gaps(around, held, wanted, choices, on)
    if any(each.code.endswith("-refused") for each in missing):
        return State.REFUSED
    if missing:
        return _waiting(held, missing, on)
    return State.RENEWAL_DUE if held.last is not None and on > held.last - choices.renewal else State.ACTIVE


def _ended(held: Held | None, on: date, outside: Outside) -> State | None:
    if outside.ended_by_parent:
        return State.TERMINATED_BY_PARENT
    if outside.left or (held is not None and held.closed is not None and held.closed <= on):
        return State.CLOSED
    if held is not None and held.last is not None and held.last < on:
        return State.LAPSED
    if outside.cancelled:
        return State.REVOKED
    if outside.suspended:
        return State.SUSPENDED
    return State.DRAFT if held is not None and on < held.first else None


def _waiting(held: Held, missing: tuple[Gap, ...], on: date) -> State:
    codes = {each.code for each in missing}
    if codes == {"permission"}:
        return State.FILED if held.filed else State.COMPLETE
    if codes == {"new-teacher"}:
        return State.TEACHER_PENDING
    if codes <= {f"{part}-again" for part in Part} | {"new-teacher"}:
        return State.RENEWAL_DUE
    return State.PARTIAL if any(each.on <= on for each in held.signed) else State.SENT
