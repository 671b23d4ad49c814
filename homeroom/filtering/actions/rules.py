"""Local rules: block, allow, correct a list; in force at every door within a second."""

from __future__ import annotations

from datetime import date, datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import LocalRule


def add_rule(
    *,
    actor: Actor,
    effect: str,
    target: str,
    scope: str,
    reason: str,
    at: datetime,
    exact: bool = False,
    starts: datetime | None = None,
    until: datetime | None = None,
    review_on: date | None = None,
    asked_by_self: bool = False,
) -> LocalRule:
    """III.2: block or allow a name or URL for somebody.

    `effect` is "block" or "allow"; `target` a host or URL as people write it; `scope` "everyone",
    "school:ID", "role:ROLE", "class:ID" or "person:ID". Raises Refused with a sentence: not a name,
    nobody has that id, a whole public suffix ("co.uk"), an end before the start, or an allow that could
    have no effect because the law demands the block (then a correction is the way, if the list is wrong).
    """
    raise NotImplementedError


def correct_listing(
    *,
    actor: Actor,
    target: str,
    categories: tuple[str, ...],
    reason: str,
    at: datetime,
    list: str = "",
    exact: bool = False,
    until: datetime | None = None,
    review_on: date | None = None,
) -> LocalRule:
    """VI.Alt3.C: an entry of a list is wrong; the named categories no longer count for this name.

    The only way past a statutory category, since it says that the law never spoke about this name.
    For everyone; `categories` must not be empty; `list` names the list where it is known.
    """
    raise NotImplementedError


def end_rule(*, actor: Actor, rule: int, reason: str, at: datetime) -> LocalRule:
    """End a rule or correction now; raises Refused where it has ended already."""
    raise NotImplementedError


def keep_rule(*, actor: Actor, rule: int, reason: str, review_on: date, at: datetime) -> LocalRule:
    """Somebody looked at a rule whose review was due and keeps it until the next review."""
    raise NotImplementedError
