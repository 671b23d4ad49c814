"""XIII.A: names of education technology whose use is counted by day, so that a tool without a contract is found.

Counted are answers, never people: no school, no pseudonym, no time of day goes with them.
"""

from __future__ import annotations

from collections.abc import Collection

from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.lists.names import suffixes


def watched(host: str, names: Collection[str]) -> str:
    """The watched name that a host is or lies under; "" for every other.

    >>> names = frozenset({"quiz.test"})
    >>> [watched(each, names) for each in ("quiz.test", "app.quiz.test", "myquiz.test", "test")]
    ['quiz.test', 'quiz.test', '', '']
    """
    return next((name for name in suffixes(host) if name in names), "") if names else ""


def opened(bundle: Bundle | None, host: str, decision: Decision) -> str:
    """The watched name that an answer led to; "" where it was refused, or is about another name."""
    return watched(host, bundle.policy.watched) if bundle and decision.verdict == "allow" else ""
