"""Article VI: from the choices of a district to the policy part of a bundle. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeroom.filtering import tables


@dataclass(frozen=True, slots=True)
class Choices:
    """What the district chose; everything left out stands as the tables have it.

    `categories` maps (audience, category) to blocked or not; `audiences` maps an audience to the fields
    `safe_search`, `youtube`, `only_named` that differ; `decided` are the sensitive categories for which a
    decision is on record.
    """

    alternative: str = ""
    categories: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    audiences: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    essentials: tuple[str, ...] = ()

    @property
    def active(self) -> str:
        """The alternative in force."""
        return self.alternative or str(tables.profiles()["default"])


def part(choices: Choices) -> dict[str, Any]:
    """The policy part of a bundle, in the shape of kernel.decision.policy.policy_from_json."""
    return {
        "alternative": choices.active,
        "strictest": tables.profiles()["strictest"],
        "categories": [_category(row) for row in tables.categories().values()],
        "profiles": [profile(choices, audience) for audience in tables.AUDIENCES],
        "essentials": sorted(choices.essentials),
        "canaries": tables.canaries(),
        "safe_search": tables.safe_search(),
        "youtube": tables.youtube(),
    }


def profile(choices: Choices, audience: str) -> dict[str, Any]:
    """What one audience may reach under the choices."""
    data = tables.profiles()
    stand = {**data["defaults"][audience], "only_named": False, **choices.audiences.get(audience, {})}
    return {
        "id": audience,
        "title": data["titles"][audience],
        "audience": audience,
        "legal": legal(choices.active, audience),
        "blocked": sorted(blocked(choices, audience)),
        "safe_search": bool(stand["safe_search"]),
        "youtube": stand["youtube"],
        "otherwise": "block" if stand["only_named"] else "allow",
    }


def legal(alternative: str, audience: str) -> list[dict[str, str]]:
    """VI.note2: what an alternative blocks for an audience, never less than the floor.

    Nobody we know is treated as a student: the law asks about the computer, not about the name.
    """
    data = tables.profiles()
    rows = list(data["alternatives"][alternative]["adult" if audience == "adult" else "student"])
    floor = data["floor"]
    for material in floor["materials"]:
        found = next((row for row in rows if row["material"] == material), None)
        if found is None or found["kind"] != "statutory":
            rows = [row for row in rows if row is not found]
            rows.append({"material": material, "clause": floor["clause"], "kind": "statutory"})
    return rows


def blocked(choices: Choices, audience: str) -> set[str]:
    """III.2: the categories that a district blocks for an audience.

    Nobody we know is kept from everything that students are kept from. A sensitive category without a
    recorded decision is never among them, whatever a row says (VI.Alt3.C).
    """
    found = {row.id for row in tables.categories().values() if _chosen(choices, audience, row)}
    if audience == tables.profiles()["strictest"]:
        found |= blocked(choices, "student")
    return found


def locked(alternative: str, audience: str, row: tables.CategoryRow) -> Mapping[str, str] | None:
    """The legal block that stands over a category for an audience, or None where the district may choose."""
    return next((block for block in legal(alternative, audience) if block["material"] in row.legal), None)


def _chosen(choices: Choices, audience: str, row: tables.CategoryRow) -> bool:
    if row.sensitive and row.id not in choices.decided:
        return False
    return choices.categories.get((audience, row.id), row.defaults[audience] == "block")


def _category(row: tables.CategoryRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "clause": row.clause,
        "reason": row.reason,
        "legal": list(row.legal),
        "kind": row.kind,
    }


def statutory_categories() -> Iterable[str]:
    """The categories that carry a legal class."""
    return (row.id for row in tables.categories().values() if row.legal)
