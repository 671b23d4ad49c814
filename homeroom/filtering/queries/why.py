"""Why? Explain any name or URL as any person at any time, including by an old bundle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeroom.kernel.decision.decide import Explanation


class CannotExplain(ValueError):
    """No answer is possible; the message is a sentence (not a name, no such person, bundle no longer kept)."""


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation with what was asked. `as_json` is what `homeroom explain --json` prints."""

    asked: str
    host: str
    path: str
    person_name: str
    explanation: Explanation

    def as_json(self) -> dict[str, Any]:
        """verdict, kind, clause, category, reason, person, profile, rule, bundle, at, step, host, path, steps."""
        raise NotImplementedError

    def sentences(self) -> list[str]:
        """The answer in sentences, each step in order."""
        raise NotImplementedError


def explain(target: str, *, person: str = "", at: datetime, bundle: str = "") -> Why:
    """What would `person` (an id; "" for nobody we know) have been answered for a host or URL at that instant?

    By the bundle of that id, else by the one that was current then. Raises CannotExplain.
    """
    raise NotImplementedError
