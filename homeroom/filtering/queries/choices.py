"""Categories, profiles and choices: Article VI as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from homeroom.board import queries as board
from homeroom.filtering import policy, tables
from homeroom.filtering.models import (
    AlternativeChoice,
    AudienceChoice,
    CategoryChoice,
    Essential,
    ListVersion,
    SensitiveDecision,
)
from homeroom.people import queries as people
from homeroom.providers.queries import watch

OPTION, NETWORKS = "c", "social-networks"  # V.A.6.c, and the category that it closes to students


def category_choice(audience: str, category: str) -> CategoryChoice | None:
    """III.2: what was chosen for one category and audience; None where the table's default holds."""
    return CategoryChoice.objects.filter(audience=audience, category=category).first()


def alternative() -> str:
    """VI.note1.c: the alternative in force: "1", "2" or "3"; the table's default where nobody has chosen."""
    return choices().active


def choices() -> policy.Choices:
    """Everything that the district chose within Article VI."""
    newest = AlternativeChoice.objects.values_list("alternative", flat=True).first()
    return policy.Choices(
        alternative=newest or "",
        categories=_categories(),
        audiences={
            row.audience: {"safe_search": row.safe_search, "youtube": row.youtube, "only_named": row.only_named}
            for row in AudienceChoice.objects.all()
        },
        decided=decided(),
        essentials=(*Essential.objects.values_list("host", flat=True), *_own()),
    )


def _categories() -> dict[tuple[str, str], bool]:
    """What was chosen; under its new name a choice of the new name outweighs one of the old."""
    rows = sorted(CategoryChoice.objects.all(), key=lambda row: row.category not in tables.renamed())
    return {(row.audience, tables.now(row.category)): row.blocked for row in rows}


def policy_part() -> dict[str, Any]:
    """The policy part of a bundle, in the shape of kernel.decision.policy.policy_from_json."""
    part = policy.part(choices())
    return {**part, "zone": people.zone().key, "watched": sorted(watch.names()), "chosen": _choosers()}


def _choosers() -> dict[str, dict[str, dict[str, str]]]:
    """III.2: by audience and category, who chose to block it, why, and when that is looked at again."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in sorted(
        CategoryChoice.objects.filter(blocked=True), key=lambda each: each.category not in tables.renamed()
    ):
        said = {"by": row.by_name, "reason": row.reason, "review": row.review_on.isoformat() if row.review_on else ""}
        found.setdefault(row.audience, {})[tables.now(row.category)] = said
    # Nobody we know is kept from whatever students are kept from, by the same word.
    strictest = tables.profiles()["strictest"]
    return {**found, strictest: {**found.get("student", {}), **found.get(strictest, {})}} if found else {}


def decided() -> frozenset[str]:
    """VI.Alt3.C: the sensitive categories for which a decision is on record."""
    return frozenset(map(tables.now, SensitiveDecision.objects.values_list("category", flat=True)))


def parameter(name: str, on: date) -> Any:
    """A parameter on a day: the district's value, or the default that ships; KeyError for an unknown name."""
    return board.parameter(name, on)


@dataclass(frozen=True, slots=True)
class Held:
    """How an audience stands to a category: "law" or "policy" (locked), "blocked" or "open" (the district's choice)."""

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
    """Every category with its standing for each audience, in the order of the table (statutory ones first)."""
    chosen = choices()
    counts: dict[str, dict[str, int]] = {}
    for version in ListVersion.objects.filter(state="live").select_related("source"):
        for category, count in version.counts.items():
            counts.setdefault(category, {})[version.source.name] = count
    return tuple(
        CategoryView(
            id=row.id,
            title=row.title,
            kind=row.kind,
            clause=row.clause,
            reason=row.reason,
            legal=row.legal,
            sensitive=row.sensitive,
            decided=row.id in chosen.decided,
            entries=sum(counts.get(row.id, {}).values()),
            lists=tuple(sorted(counts.get(row.id, {}))),
            audiences=tuple(_held(chosen, row)),
        )
        for row in tables.categories().values()
    )


def _held(chosen: policy.Choices, row: tables.CategoryRow) -> Iterator[Held]:
    for audience in tables.AUDIENCES:
        block = policy.locked(chosen.active, audience, row)
        if block:
            state = "law" if block["kind"] == "statutory" else "policy"
            yield Held(audience, state, block["clause"], locked=True)
        else:
            blocked = row.id in policy.blocked(chosen, audience)
            yield Held(audience, "blocked" if blocked else "open", row.clause, locked=False)


def _own() -> tuple[str, ...]:
    """XII.B.3: Homeroom's own name is always reachable: there one reads what is missing, and signs."""
    return tuple(filter(None, (urlsplit(settings.PUBLIC_URL).hostname,)))
