"""What the journal does by the clock."""

from __future__ import annotations

from datetime import timedelta

from homeroom.base.job import Job
from homeroom.journal import witness

JOBS = (Job(name="journal.remember-head", every=timedelta(minutes=5), run=witness.remember),)
