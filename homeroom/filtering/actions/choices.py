"""The district's choices within Article VI."""

from __future__ import annotations

from datetime import date, datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import AlternativeChoice, AudienceChoice, CategoryChoice, Essential, SensitiveDecision


def choose_alternative(*, actor: Actor, alternative: str, reason: str, at: datetime) -> AlternativeChoice:
    """VI.note1.c: put one of the three alternatives ("1", "2", "3") in force. The adult floor stands under all."""
    raise NotImplementedError


def choose_category(
    *,
    actor: Actor,
    audience: str,
    category: str,
    blocked: bool,
    reason: str,
    at: datetime,
    review_on: date | None = None,
) -> CategoryChoice:
    """III.2: block or open a category for an audience.

    Raises Refused for a category that law demands to block for that audience (it cannot be opened), and for
    one of topic or viewpoint without a recorded decision (VI.Alt3.C, see `decide_sensitive`).
    """
    raise NotImplementedError


def decide_sensitive(*, actor: Actor, category: str, reason: str, at: datetime) -> SensitiveDecision:
    """VI.Alt3.C: record why a category of topic or viewpoint may be blocked at all."""
    raise NotImplementedError


def choose_audience(
    *,
    actor: Actor,
    audience: str,
    safe_search: bool,
    youtube: str,
    reason: str,
    at: datetime,
    only_named: bool = False,
) -> AudienceChoice:
    """III.2: safe search, video mode ("off", "moderate", "strict"), and whether only named sites are open."""
    raise NotImplementedError


def add_essential(*, actor: Actor, host: str, reason: str, at: datetime) -> Essential:
    """XII.B.3: keep a name (with its subdomains) reachable for people without standing."""
    raise NotImplementedError


def remove_essential(*, actor: Actor, host: str, reason: str, at: datetime) -> None:
    """Take a name off the essentials."""
    raise NotImplementedError


def set_parameter(*, actor: Actor, name: str, value: int | str, reason: str, at: datetime) -> None:
    """Set one of data/parameters.json (for instance "review_days") for this district; refuses odd values."""
    raise NotImplementedError
