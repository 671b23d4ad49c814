"""VI.Alt3.C: the viewpoint guard with its records: look at a version or at the live lists, and keep what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.base.words import counted
from homeroom.doors import bundle_file, environment
from homeroom.filtering import compiling, publishing
from homeroom.filtering.models import (
    BuildRun,
    ListVersion,
    Outcome,
    ViewpointControl,
    ViewpointFinding,
    ViewpointReport,
)
from homeroom.filtering.queries import choices
from homeroom.filtering.viewpoint import HIT, Control, Found, Sieve, look
from homeroom.kernel.decision.bundle import Bundle, Table
from homeroom.kernel.decision.overlay import Overlay
from homeroom.kernel.decision.policy import policy_from_json
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.lists.entry import Entry


def controls() -> tuple[Control, ...]:
    """The controls in use."""
    rows = ViewpointControl.objects.filter(ended_at=None)
    return tuple(Control(row.topic, row.host, row.counterpart) for row in rows)


def sieve() -> Sieve:
    """Finds the entries that may speak about the controls."""
    return Sieve(host for each in controls() for host in (each.host, each.counterpart) if host)


def look_at_version(sieved: Iterable[tuple[str, str, Entry]], version: str, at: datetime) -> list[Found]:
    """Hold the controls against what a version that is not live yet says about them."""
    entries = list(sieved)
    pages = sieve().pages(entry for _, _, entry in entries)
    return look(_bundle(compiling.small(entries, version), at), controls(), pages, at)


def look_at_live(at: datetime) -> tuple[list[Found], str]:
    """Hold the controls against the lists now live; also the name of their table ("" before the first build)."""
    home = environment.home()
    try:
        bundle = bundle_file.open_bundle(home)
        name = str(bundle_file.manifest(home, bundle.id)["rules"])
    except bundle_file.BadBundle:
        return [], ""
    return look(_bundle(bundle.table, at), controls(), _pages(bundle.table, name), at), name


def _pages(table: Table, name: str) -> list[str]:
    """The listed pages under the controls: as the build noted them, or sought anew where controls came since."""
    build = BuildRun.objects.filter(outcome=Outcome.DONE).first()
    if build and build.table == name and not ViewpointControl.objects.filter(loaded_at__gt=build.started).exists():
        return list(build.pages)
    # An empty table has no entries to walk over.
    return sieve().pages(entry for _, entry in getattr(table, "entries", list)())


def keep(
    found: list[Found], *, actor: Actor, at: datetime, version: ListVersion | None = None, table: str = "",
    lists: Iterable[tuple[str, str]] = (),
) -> ViewpointReport:  # fmt: skip
    """Write a report with its findings; those that block somebody and were not found before are fresh.

    Known are the findings of the last report on the live lists, and of the report on the version that was
    live before. Call it inside a transaction.
    """
    known = _known(version)
    fresh = {each.key for each in found if each.counts and each.key not in known}
    hits = sum(each.kind == HIT for each in found)
    held = controls()
    report = ViewpointReport.objects.create(
        at=at, version=version, table=table, lists=[list(each) for each in lists],
        pairs=sum(bool(each.counterpart) for each in held), names=sum(not each.counterpart for each in held),
        asymmetries=len(found) - hits, hits=hits, fresh=len(fresh), sentence=_sentence(found, len(fresh), len(held)),
        by=actor.id,
    )  # fmt: skip
    ViewpointFinding.objects.bulk_create(_row(report, each, each.key in fresh) for each in found)
    return report


def _bundle(table: Table, at: datetime) -> Bundle:
    policy = policy_from_json(choices.policy_part())
    overlay = Overlay(publishing.as_row(rule) for rule in publishing.rules_for(at))
    return Bundle(
        id="viewpoint", table=table, policy=policy, overlay=overlay, roll=Roll({}, strictest=policy.strictest)
    )


def _known(version: ListVersion | None) -> set[tuple[str, str, str, str]]:
    reports = [ViewpointReport.objects.filter(version=None).first()]
    if version is not None:
        reports.append(ViewpointReport.objects.filter(version__source=version.source, version__state="live").first())
    rows = ViewpointFinding.objects.filter(report__in=[each for each in reports if each])
    return set(rows.values_list("host", "path", "category", "list"))


def _row(report: ViewpointReport, found: Found, fresh: bool) -> ViewpointFinding:
    return ViewpointFinding(
        report=report, kind=found.kind, topic=found.topic, host=found.host, path=found.path,
        counterpart=found.counterpart, category=found.category, profiles=list(found.profiles), list=found.slot.list,
        version=found.slot.version, line=found.listing.line, text=found.listing.text, fresh=fresh,
        corrected=found.corrected,
    )  # fmt: skip


def _sentence(found: list[Found], fresh: int, held: int) -> str:
    if not held:
        return "There are no controls to hold the lists against; load some with “homeroom viewpoint load”."
    looked = counted(held, "control was", "controls were")
    if not found:
        return f"{looked} held against the lists; none is listed on one side only."
    count = sum(each.counts for each in found)
    new = f", {fresh} of them new" if fresh else ""
    out = counted(len(found), "listing stands", "listings stand")
    return f"{looked} held against the lists: {out} out, {counted(count, 'blocks', 'block')} somebody{new}."
