"""The numbers by which letters are sent, as data with their source."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "parameters.json"


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return json.loads(DATA.read_text(encoding="utf-8"))


def value(name: str) -> Any:
    """One number, or a list of numbers."""
    return _rows()[name]["value"]


def hours(name: str) -> timedelta:
    """A length of time that is kept in hours."""
    return timedelta(hours=value(name))


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    steps = value("retry_minutes")
    return timedelta(minutes=steps[min(tries, len(steps) - 1)])
