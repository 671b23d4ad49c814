"""Filter profiles and categories: the choices of Article VI as data.

A profile says for one audience which legal classes of material are blocked, under which
clause, and what the district adds. The table of categories says what each category of a
list is in law, with the reason that a reviewer gave. Topic and identity never become
statutory: a category may carry a legal class only where its row says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeroom.kernel.decision.decision import Kind

LEGAL_CLASSES = ("obscene", "child-pornography", "harmful-to-minors")


@dataclass(frozen=True, slots=True)
class Category:
    """One category of material, from whichever list it comes.

    `legal` are the classes of material (of LEGAL_CLASSES) that its entries are reasonably
    believed to be; empty for everything that is only a district's choice. `clause` is what a
    district cites when it chooses to block it.
    """

    id: str
    title: str
    clause: str
    reason: str
    legal: tuple[str, ...] = ()
    kind: Kind = Kind.DISTRICT


@dataclass(frozen=True, slots=True)
class LegalBlock:
    """One class of material that a profile blocks, under a clause, by law or by the policy's own choice."""

    material: str
    clause: str
    kind: Kind = Kind.STATUTORY


@dataclass(frozen=True, slots=True)
class Profile:
    """What one audience may reach."""

    id: str
    title: str
    audience: str  # student, adult, unknown
    legal: tuple[LegalBlock, ...]
    blocked: frozenset[str] = frozenset()  # categories the district blocks for this audience
    safe_search: bool = False
    youtube: str = "off"  # off, moderate, strict
    otherwise: str = "allow"  # "block": only what a local rule allows may be reached


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who of the district chose to block a category for an audience, why, and when that is looked at again."""

    by: str
    reason: str = ""
    review: str = ""  # a day, such as 2026-11-20; "" for none set


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything of the adopted choices that `decide` needs, except people and lists.

    `essentials` are names that stay reachable for a person without standing (the district's
    own pages). `canaries` map a special name to "nxdomain" or "nodata". `safe_search` maps an
    exact host to its locked host or address, `youtube` a mode to such a map. `zone` is the district's time zone.
    `watched` are names whose use is counted by day (XIII.A), and `chosen` says by profile and category who made the
    district's choice where somebody did; these decide nothing.
    """

    version: str
    alternative: str
    categories: Mapping[str, Category]
    profiles: Mapping[str, Profile]
    strictest: str
    essentials: frozenset[str] = frozenset()
    canaries: Mapping[str, str] = field(default_factory=dict)
    safe_search: Mapping[str, str] = field(default_factory=dict)
    youtube: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zone: str = "UTC"
    watched: frozenset[str] = frozenset()
    chosen: Mapping[str, Mapping[str, Chosen]] = field(default_factory=dict)

    def choice(self, profile: str, category: str) -> Chosen | None:
        """Who chose to block this category for that profile; None where the table's default holds."""
        return self.chosen.get(profile, {}).get(category)

    def profile(self, name: str) -> Profile:
        """The profile of that name; an unknown one is the strictest, never a hole."""
        return self.profiles.get(name) or self.profiles[self.strictest]


def policy_from_json(data: Mapping[str, Any], version: str = "") -> Policy:
    """Read the policy part of a bundle; raises KeyError, TypeError or ValueError on a damaged one."""
    categories = {
        row["id"]: Category(**{**row, "legal": tuple(row.get("legal", ())), "kind": Kind(row.get("kind", "district"))})
        for row in data["categories"]
    }
    profiles = {row["id"]: _profile(row) for row in data["profiles"]}
    if data["strictest"] not in profiles:
        raise ValueError(f'The strictest profile "{data["strictest"]}" is not among the profiles.')
    return Policy(
        version=version,
        alternative=data["alternative"],
        categories=categories,
        profiles=profiles,
        strictest=data["strictest"],
        essentials=frozenset(data.get("essentials", ())),
        canaries=dict(data.get("canaries", {})),
        safe_search=dict(data.get("safe_search", {})),
        youtube={mode: dict(names) for mode, names in data.get("youtube", {}).items()},
        zone=str(data.get("zone", "UTC")),
        watched=frozenset(data.get("watched", ())),
        chosen={
            profile: {category: Chosen(**row) for category, row in rows.items()}
            for profile, rows in data.get("chosen", {}).items()
        },
    )


def _profile(row: Mapping[str, Any]) -> Profile:
    legal = tuple(LegalBlock(b["material"], b["clause"], Kind(b.get("kind", "statutory"))) for b in row["legal"])
    unknown = {block.material for block in legal} - set(LEGAL_CLASSES)
    if unknown:
        raise ValueError(f'Profile "{row["id"]}" names unknown legal classes: {", ".join(sorted(unknown))}.')
    return Profile(**{**row, "legal": legal, "blocked": frozenset(row.get("blocked", ()))})
