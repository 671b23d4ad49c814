"""`decide` answers; `explain` answers and shows every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.decision.steps import STEPS, Case


def decide(ask: Ask, bundle: Bundle, at: datetime) -> Decision:
    """May this person reach this name or URL at that instant, and under which clause (Article VI)?

    The first of STEPS that answers. Never raises for any `ask` whose host is canonical.
    """
    case = Case(ask, bundle, at)
    for step in STEPS:
        case.step = step.__name__
        decision = step(case)
        if decision is not None:
            return decision
    raise AssertionError("the last step always answers")


@dataclass(frozen=True, slots=True)
class Said:
    """What one step said: its decision, or None where it had nothing to say."""

    step: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision and everything that was considered on the way, also after it was made."""

    decision: Decision
    said: tuple[Said, ...]


def explain(ask: Ask, bundle: Bundle, at: datetime) -> Explanation:
    """The same steps as `decide`, walked to the end."""
    case = Case(ask, bundle, at)
    said = []
    for step in STEPS:
        case.step = step.__name__
        said.append(Said(step.__name__, step(case)))
    first = next(each.decision for each in said if each.decision)
    return Explanation(decision=first, said=tuple(said))
