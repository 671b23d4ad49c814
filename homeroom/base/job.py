"""What an app does by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do again and again; an app's `jobs.JOBS` is a tuple of these.

    `run(at)` does what is due at that instant and may return a short sentence about it; it
    must be safe to be killed at any moment and started again. `every` is the time between two starts.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], str | None]
