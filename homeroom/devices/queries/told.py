"""XIV.C.1b: whether a student was told about monitoring in advance, as the notices say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from homeroom.notices import queries as notices
from homeroom.people.models import Role

KIND = "monitoring"


def delivered(people: Sequence[str], on: date) -> dict[str, datetime]:
    """When each of these students had the advance notice, by a day; who is missing was not told."""
    return notices.delivered(KIND, on, people)


def told_at(student: str, on: date) -> datetime | None:
    """When one student had the advance notice; None for never."""
    return delivered([student], on).get(student)


def reached(on: date) -> tuple[int, int]:
    """How many of the students of a day had the advance notice, and how many students there are."""
    students = set(Role.objects.on(on).filter(role="student").values_list("person_id", flat=True))
    return len(students & notices.delivered(KIND, on).keys()), len(students)
