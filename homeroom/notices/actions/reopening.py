"""XIII.C.0m: a letter that was held to be delivered was not, so the clocks that its delivery had stopped run on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.notices.actions import clocks
from homeroom.notices.models import Clock, Letter, LetterState, Notice
from homeroom.notices.queries import progress


def reopen(*, actor: Actor, letters: Sequence[int], at: datetime, reason: str) -> int:
    """XIII.C.0: their own clocks, and those of their notices; late where the time is over. How many run again."""
    open_ones = list(Letter.objects.filter(pk__in=letters).exclude(state=LetterState.DELIVERED))
    own = [f"letter:{letter.pk}" for letter in open_ones]
    found = list(Clock.objects.filter(about__in=own, met_at__isnull=False, withdrawn_at__isnull=True))
    ids = {letter.notice_id for letter in open_ones}
    stopped = Notice.objects.filter(pk__in=ids, clock__met_at__isnull=False, clock__withdrawn_at__isnull=True)
    found += [row.clock for row in stopped.select_related("clock") if row.clock and not progress.completed_at(row)]
    for clock in found:
        clocks.reopen_clock(actor=actor, at=at, clock=clock, reason=reason)
    return len(found)
