"""What is known about one person's agreement, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NO_DAYS = timedelta(0)


class Part(StrEnum):
    """In which part somebody signs."""

    STUDENT = "student"
    PARENT = "parent"
    TEACHER = "teacher"
    EMPLOYEE = "employee"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the district chose about agreements, as of a day.

    `guardians` and `teachers` are "one" or "all"; `grace` is how long the network stays open for a student whose
    supervising teacher changed; `renewal` how long before the end of a term it is to be renewed.
    """

    guardians: str = "one"
    teachers: str = "all"
    grown_alone: bool = True
    grace: timedelta = NO_DAYS
    renewal: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form that counts on a day: the number of its version, and the oldest version whose signatures still count."""

    version: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Around:
    """One person and those around them on a day: what decides who must sign.

    `kind` is "student" or "employee". `teachers` are the supervising teachers, each with the day they began.
    `court_order` says that a court settled something about the parents, so all of them must sign.
    """

    person: str
    kind: str
    grown: bool = False
    guardians: tuple[str, ...] = ()
    teachers: tuple[tuple[str, date], ...] = ()
    court_order: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: in which part, by whom, on which version, on which day."""

    part: Part
    person: str
    version: int
    on: date


@dataclass(frozen=True, slots=True)
class Held:
    """One agreement with what was done to it. `refused` are refusals that nobody took back, as (part, person).

    `before` is the last day of the agreement of the term before, where there was one.
    """

    first: date
    last: date | None
    signed: tuple[Signed, ...] = ()
    refused: tuple[tuple[Part, str], ...] = ()
    permitted: bool = False
    filed: bool = False
    closed: date | None = None
    before: date | None = None

    def on(self, day: date) -> bool:
        """Whether it runs on a day."""
        return (
            self.first <= day and (self.last is None or day <= self.last) and (self.closed is None or day < self.closed)
        )
