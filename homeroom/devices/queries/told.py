"""XIV.C.1b: whether a student was told about monitoring in advance, as the notices say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

KIND = "monitoring"


def delivered(people: Sequence[str]) -> dict[str, datetime]:
    """When each of these students had the advance notice; who is missing was not told."""
    if find_spec("homeroom.notices.queries") is None:
        return {}
    told: dict[str, datetime] = import_module("homeroom.notices.queries").delivered(KIND, None, list(people))
    return told


def told_at(student: str) -> datetime | None:
    """When one student had the advance notice; None for never."""
    return delivered([student]).get(student)
