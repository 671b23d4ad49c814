"""XIV.D: who is told after an emergency, what must be said, and by when."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from homeroom.kernel.deadlines import clock
from homeroom.kernel.deadlines.calendar import Calendar
from homeroom.kernel.deadlines.rules import Rule, rule
from homeroom.kernel.devices.gate import Lack

Find = Callable[[str, date], Rule]
EMERGENCY = "device-emergency-notice"
AFTER_DEFERRAL = "device-deferred-notice"
REVIEW = "device-deferral-review"
UNNAMED = "The notice must name every feature that was reached; it lacks %(features)s."


class Status(StrEnum):
    """How a duty to tell stands. Late never turns into anything but told late."""

    DUE = "due"
    WARNED = "warned"
    LATE = "late"
    DEFERRED = "deferred"
    REVIEW_LATE = "review_late"
    TOLD = "told"
    TOLD_LATE = "told_late"


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty to tell about one emergency access.

    `counted_from` is the first access, or the end of the threat that telling was itself. `review_by` is set while
    the notice is put off; `late_already` says that it was late before, which putting off does not mend.
    """

    counted_from: datetime
    due_at: datetime
    told_at: datetime | None = None
    review_by: datetime | None = None
    warned_from: datetime | None = None
    late_already: bool = False


def due_at(first_access: datetime, days: Calendar, find: Find = rule) -> datetime:
    """XIV.D.1: the last instant for the notice, counted in elapsed hours from the first access (T11).

    `find` gives a clock as it stands on a day; without, the one that ships.
    """
    return _due(EMERGENCY, first_access, days, find)


def due_after(ceased: datetime, days: Calendar, find: Find = rule) -> datetime:
    """XIV.D.4: the last instant once the threat that telling was has ceased."""
    return _due(AFTER_DEFERRAL, ceased, days, find)


def review_by(last_look: datetime, days: Calendar, find: Find = rule) -> datetime:
    """XIV.D.3: by when somebody must look again whether telling is still a threat."""
    return _due(REVIEW, last_look, days, find)


def _due(id: str, start: datetime, days: Calendar, find: Find) -> datetime:
    return clock.due(find(id, days.day_of(start)), start, days).at


def warnings(start: datetime, due: datetime, on: date) -> tuple[datetime, ...]:
    """When somebody is warned before a notice is late: after 24, 48 and 66 of 72 hours."""
    return clock.warnings(rule(EMERGENCY, on), start, due)


def status(duty: Duty, at: datetime) -> Status:
    """How the duty stands at an instant."""
    if duty.told_at is not None:
        on_time = not duty.late_already and (duty.told_at <= duty.due_at or duty.review_by is not None)
        return Status.TOLD if on_time else Status.TOLD_LATE
    if duty.review_by is not None:
        return Status.DEFERRED if at <= duty.review_by else Status.REVIEW_LATE
    if at > duty.due_at:
        return Status.LATE
    warned = duty.warned_from is not None and at >= duty.warned_from
    return Status.WARNED if warned else Status.DUE


def next_moment(start: datetime, due: datetime, at: datetime) -> datetime:
    """The next instant at which a waiting duty changes: a warning, else when it is due."""
    ahead = [moment for moment in warnings(start, due, start.date()) if moment > at]
    return min([*ahead, due])


def unsaid(description: str, features: Collection[str], accessed: Collection[str], threat: str) -> tuple[Lack, ...]:
    """XIV.D.2: what a notice lacks; it is not sent while something is missing."""
    lacks = []
    if len(description.split()) < 5:
        lacks.append(Lack("XIV.D.2", "Describe in a sentence what was done on the device."))
    if not features or set(accessed) - set(features):
        missing = tuple(sorted(set(accessed) - set(features)))
        lacks.append(Lack("XIV.D.2", UNNAMED if missing else "Name the features that were reached.", missing))
    if len(threat.split()) < 3:
        lacks.append(Lack("XIV.D.2", "Describe the threat in a sentence."))
    return tuple(lacks)


def may_cover(duty: Duty, at: datetime) -> bool:
    """XIV.D.1: one notice may speak of several accesses, of each whose own time is not over."""
    return duty.told_at is None and duty.review_by is None and at <= duty.due_at
