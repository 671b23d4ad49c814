"""Bring a newer version of a list: fetch, read, compare, hold against the viewpoint controls. Nothing goes live here.

Whatever goes wrong is a sentence on the source, and the last good version keeps serving.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.words import counted
from homeroom.doors import environment, lock_file
from homeroom.filtering import fetching, guard, progress, reading, tables
from homeroom.filtering.difference import Keys, between
from homeroom.filtering.models import ListSource, ListVersion, VersionState, ViewpointReport
from homeroom.filtering.models.lists import NEXT_BUILD
from homeroom.filtering.queries import choices
from homeroom.filtering.queries import lists as queries
from homeroom.filtering.reading import Checked, Plan
from homeroom.journal import actions as journal
from homeroom.kernel.lists.entry import BadList
from homeroom.people import queries as people

MEGABYTE = 1_000_000
RETRY = timedelta(hours=1)  # after a failure, unless the list is looked for more often anyway
STILL = "The last good version keeps serving."


@dataclass(slots=True)
class Work:
    """One update while it runs."""

    actor: Actor
    source: ListSource
    at: datetime
    teller: progress.Teller


def update_source(*, actor: Actor, name: str, at: datetime) -> ListVersion | None:
    """VI.Alt3.A.2: fetch, read and check one list now; None where nothing is new.

    Raises Refused with the sentence also kept as the source's `trouble`; the last good version keeps serving.
    A version with fresh viewpoint findings, or with much fewer entries than the last, becomes "held".
    """
    source = queries.source(name)
    if source is None:
        raise Refused(_("There is no list “%(name)s” in use; see “homeroom lists show”.") % {"name": name})
    with _alone(source):
        work = Work(actor, source, at, progress.Teller(f"update:{name}", at))
        try:
            version = _update(work)
        except Refused as refused:
            _failed(work, str(refused))
            raise
        except (BadList, OSError) as trouble:
            sentence = f"{_told(trouble)} {STILL}"
            _failed(work, sentence)
            raise Refused(sentence) from trouble
        work.teller.end(version.sentence if version else "Nothing new.")
        return version


def _update(work: Work) -> ListVersion | None:
    source = work.source
    folder = folder_of(source)
    on = people.today(work.at)
    limits = fetching.Limits(
        size=choices.parameter("list_megabytes", on) * MEGABYTE, seconds=choices.parameter("fetch_seconds", on)
    )
    fetched = fetching.fetch(
        source.location, folder, limits, etag=source.etag, last_modified=source.last_modified,
        told=lambda done, total: work.teller.tell("Fetching", done, total),
    )  # fmt: skip
    if fetched is None or _known(source, fetched):
        _looked(work, fetched)
        return None
    before = queries.live(source)
    try:
        checked, changes = _check(work, fetched.path, plan_of(source), before)
        if not checked.entries:
            raise Refused(
                _("No line of the list could be carried out (%(why)s). The last good version keeps serving.")
                % {"why": _first_why(checked)}
            )
    except (Refused, BadList, OSError):
        if not source.versions.filter(hash=fetched.hash).exists():
            fetched.path.unlink(missing_ok=True)
        raise
    return _keep(work, fetched, checked, changes, before)


def _check(work: Work, path: Path, plan: Plan, before: ListVersion | None) -> tuple[Checked, dict[str, dict[str, Any]]]:
    """Read the new version, and the one before if there is one to compare with."""

    def told(done: int) -> None:
        work.teller.tell("Reading", done, before.entries if before else 0)

    if before is None or not path_of(before).exists():
        return reading.check(path, plan, guard.sieve(), told=told), {}
    with tempfile.TemporaryDirectory(prefix=".compare-", dir=path.parent) as scratch:
        new, old = Keys(Path(scratch), "new"), Keys(Path(scratch), "old")
        try:
            checked = reading.check(path, plan, guard.sieve(), keys=new, told=told)
            work.teller.tell("Comparing with the version before")
            reading.note_keys(path_of(before), plan, old)
        finally:
            new.close()
            old.close()
        return checked, between(old, new)


def _keep(
    work: Work,
    fetched: fetching.Fetched,
    checked: Checked,
    changes: dict[str, dict[str, Any]],
    before: ListVersion | None,
) -> ListVersion:
    source, at = work.source, work.at
    work.teller.tell("Holding it against the viewpoint controls")
    values = {
        "fetched_at": at, "size": fetched.size, "entries": checked.entries, "counts": dict(checked.counts),
        "unread_count": checked.unread_count, "unread": checked.unread, "left_out": checked.left_out,
        "changes": changes, "purged_at": None, "replaced_at": None, "live_at": None,
        "state": VersionState.FETCHED,
    }  # fmt: skip
    label = ListVersion(source=source, hash=fetched.hash, fetched_at=at).label
    found = guard.look_at_version(checked.sieved, label, at)
    with journal.atomic():
        source.versions.filter(state__in=(VersionState.CHECKED, VersionState.HELD)).update(
            state=VersionState.REPLACED, replaced_at=at
        )
        version, _new = ListVersion.objects.update_or_create(source=source, hash=fetched.hash, defaults=values)
        report = guard.keep(found, actor=work.actor, at=at, version=version)
        version.state, version.sentence = _verdict(version, before, report, people.today(at))
        version.save(update_fields=["state", "sentence"])
        if version.state == VersionState.CHECKED:
            progress.want("build", at)
        journal.record(
            actor=work.actor, verb="filtering.list.fetched", subject=f"list:{source.name}", at=at,
            clause="VI.Alt3.A.2", reason=version.sentence,
            data={"version": version.label, "hash": fetched.hash, "state": str(version.state),
                  "entries": version.entries, "unread": version.unread_count, "report": report.pk},
        )  # fmt: skip
    _looked(work, fetched)
    return version


def _verdict(version: ListVersion, before: ListVersion | None, report: ViewpointReport, on: date) -> tuple[str, str]:
    """Whether a version may go live with the next build, and a sentence."""
    told = f"{counted(version.entries, 'entry', 'entries')}, {counted(version.unread_count, 'line')} not carried out."
    if before and version.entries * 100 < before.entries * (100 - choices.parameter("shrink_percent", on)):
        return VersionState.HELD, (
            f"Held: it has {version.entries} entries, the version before had {before.entries}. {STILL} "
            "Look at what was removed, then release or refuse it."
        )
    mode = choices.parameter("viewpoint_updates" if before else "viewpoint_first", on)
    if not report.fresh:
        return VersionState.CHECKED, f"{told} {NEXT_BUILD}."
    hosts = report.findings.filter(fresh=True).values_list("host", flat=True)
    named = ", ".join(sorted(set(hosts))[:5])
    if mode == "hold":
        return VersionState.HELD, (
            f"Held: {counted(report.fresh, 'new viewpoint finding')} ({named}). {STILL} Correct the listings, then "
            "release or refuse this version."
        )
    return VersionState.CHECKED, (
        f"{told} {NEXT_BUILD}, with {counted(report.fresh, 'viewpoint finding')} to correct ({named})."
    )


def plan_of(source: ListSource) -> Plan:
    """How the files of a source are read."""
    return Plan(
        name=source.name, format=source.format, covers=source.covers, category=tables.now(source.category),
        mapping={part: tables.now(category) for part, category in source.mapping.items()},
        decided=choices.decided(),
    )  # fmt: skip


def folder_of(source: ListSource) -> Path:
    """Where the fetched files of a source lie."""
    return environment.home() / "lists" / source.name


def path_of(version: ListVersion) -> Path:
    """The file of a version, as fetched."""
    return folder_of(version.source) / version.hash


def _known(source: ListSource, fetched: fetching.Fetched) -> bool:
    """Whether this very file was taken in before and still counts (a refused one need not be read again)."""
    states = (VersionState.LIVE, VersionState.CHECKED, VersionState.HELD, VersionState.REFUSED)
    return source.versions.filter(hash=fetched.hash, state__in=states).exists()


def _looked(work: Work, fetched: fetching.Fetched | None) -> None:
    source = work.source
    source.looked_at, source.trouble = work.at, ""
    source.next_at = work.at + timedelta(hours=source.every_hours)
    if fetched is not None:
        source.etag, source.last_modified = fetched.etag, fetched.last_modified
    source.save(update_fields=["looked_at", "trouble", "next_at", "etag", "last_modified"])


def _failed(work: Work, sentence: str) -> None:
    """Keep the sentence; a failure is worth an entry of the journal only when it is news."""
    source = work.source
    news = source.trouble != sentence
    source.looked_at, source.trouble = work.at, sentence
    source.next_at = work.at + min(RETRY, timedelta(hours=source.every_hours))
    with journal.atomic():
        source.save(update_fields=["looked_at", "trouble", "next_at"])
        if news:
            journal.record(
                actor=work.actor, verb="filtering.list.update-failed", subject=f"list:{source.name}", at=work.at,
                clause="VI.Alt3.A.2", reason=sentence,
            )  # fmt: skip
    work.teller.end(sentence)


def _told(trouble: BadList | OSError) -> str:
    if isinstance(trouble, OSError):
        return f"{trouble.filename or 'The disk'}: {trouble.strerror or trouble}."
    return str(trouble)


def _first_why(checked: Checked) -> str:
    if checked.unread:
        line, text, why, _rule = checked.unread[0]
        return _("line %(line)s, “%(text)s”: %(why)s") % {"line": line, "text": text, "why": why}
    return _("it holds no lines that speak about names")


@contextmanager
def _alone(source: ListSource) -> Iterator[None]:
    folder = folder_of(source)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = lock_file.hold(folder / ".lock")
    if file is None:
        raise Refused(_("“%(name)s” is being updated at this moment; wait until that is done.") % {"name": source.name})
    with file:
        yield
