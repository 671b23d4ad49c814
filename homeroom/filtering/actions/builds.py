"""Build the big table from all lists and publish the bundle."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone

from homeroom.base.actor import Actor
from homeroom.base.words import counted
from homeroom.doors import bundle_file, environment
from homeroom.filtering import compiling, guard, progress, publishing, tables
from homeroom.filtering.actions import updating
from homeroom.filtering.compiling import Compiled, Source
from homeroom.filtering.models import BuildRun, ListVersion, Outcome, VersionState
from homeroom.filtering.queries import builds as queries
from homeroom.journal import actions as journal
from homeroom.kernel.lists.entry import BadList
from homeroom.kernel.lists.table import BadTable

STILL = "The bundle before keeps serving."


def ask_build(*, actor: Actor, at: datetime) -> None:
    """VI.Alt3.A.2: ask the worker for a build; a page then polls `queries.builds.progress()`."""
    with journal.atomic():
        progress.want("build", at)
        journal.record(actor=actor, verb="filtering.build.asked", subject="build:all", at=at, clause="VI.Alt3.A.2")


def build(*, actor: Actor, at: datetime) -> BuildRun:
    """VI.Alt3.A.2: build from every version that is checked or live, install and publish.

    A second builder waits for the first. Never raises for bad lists or a full disk: the run then has the
    outcome "failed" and a sentence, and the last good bundle keeps serving.
    """
    with _one_at_a_time():
        # Whoever has the lock builds alone, so a run that still says "running" was cut off.
        BuildRun.objects.filter(outcome=Outcome.RUNNING).update(
            outcome=Outcome.FAILED, ended=at, sentence=f"The build was cut off. {STILL}"
        )
        teller = progress.Teller("build", at)
        versions = list(queries.to_build())
        lists = [[v.source.name, v.label] for v in versions]
        run = BuildRun.objects.create(started=at, by=actor.id, lists=lists, recipe=tables.recipe())
        try:
            before = queries.last_table()
            done = _compile(versions, teller)
            _succeeded(actor, run, versions, done)
            teller.tell("Publishing", done.entries, done.entries)
            run.bundle = publishing.publish(timezone.now(), parts=publishing.SMALL)
            run.save(update_fields=["bundle"])
            if done.table != before:
                _report(actor, run)
        except (BadList, BadTable, OSError, bundle_file.BadBundle) as trouble:
            _failed(actor, run, trouble)
        teller.end(run.sentence)
    return run


def publish(*, at: datetime, roll: bool = True) -> str:
    """VI.Alt3.A.2: publish policy, overlay and (if asked) roll as the records have them; returns the bundle's id."""
    return publishing.publish(at, parts=publishing.ALL if roll else publishing.SMALL)


def as_json(run: BuildRun) -> dict[str, Any]:
    """One build for `homeroom build --json`."""
    return {
        "id": run.pk, "outcome": str(run.outcome), "sentence": run.sentence, "bundle": run.bundle, "table": run.table,
        "entries": run.entries, "counts": run.counts, "lists": run.lists,
        "started": run.started.isoformat(), "ended": run.ended.isoformat() if run.ended else None,
    }  # fmt: skip


def _compile(versions: list[ListVersion], teller: progress.Teller) -> Compiled:
    total = sum(version.entries for version in versions)
    sources = [
        Source(updating.plan_of(version.source), updating.path_of(version), version.label, version.entries)
        for version in versions
    ]
    return compiling.compile_all(
        environment.home(), sources, lambda stage, done: teller.tell(stage, done, total), guard.sieve()
    )


def _succeeded(actor: Actor, run: BuildRun, versions: list[ListVersion], done: Compiled) -> None:
    """The records change first, then the doors: what is published is what they say, also after a crash in between."""
    now = timezone.now()
    run.ended, run.outcome, run.table, run.entries, run.counts = (
        now,
        Outcome.DONE,
        done.table,
        done.entries,
        done.counts,
    )
    run.pages, run.sentence = done.pages, _sentence(versions, done)
    with journal.atomic():
        for version in versions:
            _goes_live(version, done.by_list.get(version.source.name, {}), now)
        run.save()
        journal.record(
            actor=actor, verb="filtering.bundle.built", subject=f"build:{run.pk}", at=now, clause="VI.Alt3.A.2",
            data={"table": done.table, "lists": run.lists, "entries": done.entries},
        )  # fmt: skip


def _goes_live(version: ListVersion, counts: dict[str, int], at: datetime) -> None:
    """The version takes the place of the live one; its counts are those of what was built in (see `decided`)."""
    values: dict[str, Any] = {"counts": counts, "entries": sum(counts.values())}
    if version.state == VersionState.CHECKED:
        live = version.source.versions.filter(state=VersionState.LIVE)
        live.update(state=VersionState.REPLACED, replaced_at=at)
        values |= {"state": VersionState.LIVE, "live_at": at}
    ListVersion.objects.filter(pk=version.pk).update(**values)


def _report(actor: Actor, run: BuildRun) -> None:
    """VI.Alt3.C: the viewpoint report on what has just gone live, for the record."""
    at = timezone.now()
    found, table = guard.look_at_live(at)
    with journal.atomic():
        report = guard.keep(found, actor=actor, at=at, table=table, lists=[(name, label) for name, label in run.lists])
        journal.record(
            actor=actor, verb="filtering.viewpoint.reported", subject=f"viewpoint:{report.pk}", at=at,
            clause="VI.Alt3.C", data={"asymmetries": report.asymmetries, "hits": report.hits, "fresh": report.fresh},
        )  # fmt: skip


def _failed(actor: Actor, run: BuildRun, trouble: Exception) -> None:
    run.ended, run.outcome = timezone.now(), Outcome.FAILED
    run.sentence = f"{_told(trouble)} {STILL}"
    with journal.atomic():
        run.save()
        journal.record(
            actor=actor, verb="filtering.build.failed", subject=f"build:{run.pk}", at=run.ended, clause="VI.Alt3.A.2",
            reason=run.sentence,
        )  # fmt: skip


def _told(trouble: Exception) -> str:
    if isinstance(trouble, OSError):
        if trouble.errno == errno.ENOSPC:
            return "The disk is full; free some space under HOMEROOM_HOME and build again."
        return f"{trouble.filename or 'The disk'}: {trouble.strerror or trouble}."
    return str(trouble)


def _sentence(versions: list[ListVersion], done: Compiled) -> str:
    if not versions:
        return "No list is in use yet, so only local rules and safe search decide. Add one with “homeroom lists add”."
    refused = f" {len(done.refused)} entries fit into no table ({done.refused[0]})" if done.refused else ""
    entries, lists = counted(done.entries, "entry", "entries"), counted(len(versions), "list")
    return f"Now in force: {entries} of {lists}.{refused}"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = environment.home() / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "build.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
