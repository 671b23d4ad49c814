"""XIV.C.0: while an access is in use, its features and its window hold; one more feature is another request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from homeroom.kernel.devices.terms import Ground


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted. `found` says that a missing device is found again."""

    ground: str
    features: frozenset[str]
    starts: datetime
    ends: datetime
    authorised: bool
    ended_at: datetime | None = None
    found: bool = False


def why_not(grant: Grant, features: Collection[str], at: datetime) -> str:
    """Why these features may not be reached at an instant, as a sentence; "" where they may.

    In the place %(features)s stand those that are `not_covered`.
    """
    if not grant.authorised:
        return "This access is not approved. Wait for the answer."
    if grant.ground == Ground.MISSING and grant.found:
        return "The device is found, so this access has ended by itself."
    if grant.ended_at is not None and grant.ended_at <= at:
        return "This access has ended. Ask for a new one."
    if at < grant.starts:
        return "This access has not begun yet."
    if at >= grant.ends:
        return "The time of this access is over. Ask for a new one."
    if not_covered(grant, features):
        return "This access does not cover %(features)s. Another feature is another request."
    return "" if features else "Say which features were reached."


def not_covered(grant: Grant, features: Collection[str]) -> list[str]:
    """XIV.C.0: those of these features for which nobody asked."""
    return sorted(set(features) - grant.features)
