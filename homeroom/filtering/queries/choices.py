"""Categories, profiles and choices: Article VI as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def alternative() -> str:
    """The alternative of Article VI in force: "1", "2" or "3"; "3" where nobody has chosen."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Held:
    """How one audience stands to a category: "law" (locked), "policy", "blocked", "open"."""

    audience: str
    state: str
    clause: str
    locked: bool


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One category for the page: its row in the table, how many entries are live, and how each audience stands."""

    id: str
    title: str
    kind: str
    clause: str
    reason: str
    legal: tuple[str, ...]
    sensitive: bool
    decided: bool
    entries: int
    lists: tuple[str, ...]
    audiences: tuple[Held, ...]


def categories() -> tuple[CategoryView, ...]:
    """Every category with its standing for each audience, statutory ones first."""
    raise NotImplementedError


def policy_part() -> dict[str, Any]:
    """The policy part of a bundle, in the shape of kernel.decision.policy.policy_from_json."""
    raise NotImplementedError


def parameter(name: str) -> Any:
    """A parameter: the district's value, or the default of data/parameters.json."""
    raise NotImplementedError
