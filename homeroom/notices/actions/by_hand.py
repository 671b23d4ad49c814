"""XIV.D.1, XIII.C.0: what people do to a clock on its page. A clock that a deed stops is not stopped by a click."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.notices.actions import clocks
from homeroom.notices.models import Clock
from homeroom.notices.queries import clocks as queries

ACTS = ("meet", "pause", "resume", "withdraw")


def act(*, actor: Actor, at: datetime, clock: Clock, what: str, words: str) -> Clock:
    """Meet it, pause it, let it run on, or take it back, with words that say why. Raises Refused."""
    if queries.stops_by_a_deed(clock) and what not in queries.offered(actor, clock):
        raise Refused(
            _("This clock stops by itself once it is done. Do it where it stands (%(about)s); here it is only counted.")
            % {"about": clock.about}
        )
    if what == "meet":
        return clocks.meet_clock(actor=actor, at=at, clock=clock, how=words)
    acts = {"pause": clocks.pause_clock, "resume": clocks.resume_clock, "withdraw": clocks.withdraw_clock}
    return acts[what](actor=actor, at=at, clock=clock, reason=words)
