"""The viewpoint guard: load controls, make a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import ViewpointReport


def load_controls(
    *,
    actor: Actor,
    at: datetime,
    pairs: Iterable[tuple[str, str, str]] = (),
    names: Iterable[tuple[str, str]] = (),
) -> int:
    """VI.Alt3.C: add pairs (topic, side a, side b) and names not to block (host, why); returns how many are new."""
    raise NotImplementedError


def report(*, actor: Actor, at: datetime) -> ViewpointReport:
    """VI.Alt3.C: hold all controls against the lists now live, and keep the result."""
    raise NotImplementedError
