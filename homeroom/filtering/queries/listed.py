"""What the lists now live say about a name."""

from __future__ import annotations

from datetime import datetime

from homeroom.doors import bundle_file, environment
from homeroom.filtering import tables
from homeroom.filtering.models import ViewpointFinding
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Decision

LEGAL_STEP = "statutory"


def bundle() -> Bundle | None:
    """The bundle in force; None before the first."""
    try:
        return bundle_file.open_bundle(environment.home())
    except bundle_file.BadBundle:
        return None


def under(host: str, path: str, category: str) -> bool:
    """Whether a list names this very host or URL, or one above it, under a category.

    True where no lists were ever built, or where a version that waits has it (its viewpoint report says so).
    """
    now = bundle()
    if now is None or not now.table.slots:
        return True
    lines = now.table.listings(host, path)
    if any(now.table.slots[line.slot].category == category for line in lines):
        return True
    waiting = ViewpointFinding.objects.filter(report__version__state__in=("held", "checked"), category=category)
    return any(host == finding.host or host.endswith(f".{finding.host}") for finding in waiting)


def guarded(host: str, path: str) -> str:
    """V.A.4: the title of a category that guards the network itself and in which the lists have this name; else ""."""
    now = bundle()
    hits = now.table.mask(host, path) & now.guarding if now else 0
    for line in now.table.listings(host, path) if now and hits else ():
        if hits >> line.slot & 1:
            category = now.table.slots[line.slot].category
            return now.policy.categories[category].title
    return ""


def law_for(host: str, path: str, kind: str, id: str, at: datetime) -> Decision | None:
    """VI: the block that law demands for everybody whom a scope reaches; None where it reaches anybody else."""
    now = bundle()
    if now is None:
        return None
    decisions = [decide(Ask(who, host, path), now, at) for who in _reached(now, kind, id)]
    locked = [decision for decision in decisions if decision.step == LEGAL_STEP]
    return locked[0] if locked and len(locked) == len(decisions) else None


def _reached(now: Bundle, kind: str, id: str) -> list[Who]:
    if kind == "person":
        return [now.roll.person(id)]
    if kind == "role":
        return [Who(person=None, profile="student" if id == "student" else "adult", role=id)]
    return [Who(person=None, profile=audience) for audience in tables.AUDIENCES]
