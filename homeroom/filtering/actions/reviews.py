"""What people ask from the block page, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import InadvertentAccess, ReviewRequest


def ask_review(*, ticket: Mapping[str, object], words: str, address: str, at: datetime) -> ReviewRequest:
    """VI.Alt3.C: somebody asks for a review of a block; `ticket` is what doors.ticket.unseal returned.

    No sign-in, so no actor: the ticket's pseudonym is kept. Raises Refused when too many came from this
    pseudonym or address within the hour. The same block asked twice while waiting is one request.
    """
    raise NotImplementedError


def record_accident(*, ticket: Mapping[str, object], words: str, address: str, at: datetime) -> InadvertentAccess:
    """V.C.1: somebody says that they came here by accident; same limits as `ask_review`."""
    raise NotImplementedError


def answer_review(
    *,
    actor: Actor,
    request: int,
    answer: str,
    reason: str,
    at: datetime,
    scope: str = "everyone",
    until: datetime | None = None,
    exact: bool = False,
    whole_host: bool = True,
) -> ReviewRequest:
    """VI.Alt3.C: answer "allow" or "correct" (makes the rule, in force at once) or "keep"; the reason is shown.

    Raises Refused when somebody was first, or when the rule itself is refused (an allow against the law).
    """
    raise NotImplementedError
