"""How far a long job is, written so that a page can poll it; seldom enough not to slow the job down."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from homeroom.filtering.models import Progress

BETWEEN = 0.5  # seconds between two writes


class Teller:
    """Tells the row of one subject ("build", "update:LIST") how far its job is. Never fails the job."""

    def __init__(self, subject: str, at: datetime, now: Callable[[], datetime] = timezone.now) -> None:
        self.subject, self.now = subject, now
        self._stage, self._told = "", 0.0
        Progress.objects.update_or_create(
            subject=subject,
            defaults={
                "stage": "Starting", "done": 0, "total": 0, "started": at, "at": at, "ended": None, "wanted_at": None
            },
        )  # fmt: skip

    def tell(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how much of how much (0: nobody knows)."""
        clock = time.monotonic()
        if stage == self._stage and clock - self._told < BETWEEN:
            return
        self._stage, self._told = stage, clock
        Progress.objects.filter(subject=self.subject).update(stage=stage[:200], done=done, total=total, at=self.now())

    def end(self, stage: str) -> None:
        """The job is over; `stage` says how it went."""
        now = self.now()
        Progress.objects.filter(subject=self.subject).update(stage=stage[:200], at=now, ended=now)


def want(subject: str, at: datetime) -> None:
    """Somebody asks for a job; the worker finds it by this row."""
    Progress.objects.update_or_create(
        subject=subject,
        defaults={"wanted_at": at, "at": at, "stage": "Asked for", "done": 0, "total": 0},
        create_defaults={"stage": "Asked for", "started": at, "at": at, "wanted_at": at, "ended": at},
    )
