"""Taking a roster in: read it whole, show what would change, and change all of it or nothing."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.journal import queries as journal_queries
from homeroom.kernel.roster.records import Guess, Kind, Problem
from homeroom.people import queries
from homeroom.people.models import Role, RoleName
from homeroom.people.roster import dated, grades, opening, reading, things
from homeroom.people.roster.load import Load
from homeroom.people.roster.saving import Changes, TooMany
from homeroom.people.roster.staging import Staging

KEEP = 30_000  # changed rows that wait in memory, so that the records are locked for a moment only
LEAVE_PERCENT = 20  # of the roster's students; a load that would end more is refused until somebody confirms


class TooManyLeave(Refused):
    """A load that would end the roles of more students than may go at once."""


@dataclass(slots=True)
class Report:
    """What a roster changes, or changed (`loaded`)."""

    format: str
    source: str
    loaded: bool
    read: dict[str, int]
    added: dict[str, int]
    changed: dict[str, int]
    ended: dict[str, int]
    examples: dict[str, list[dict[str, Any]]]
    older: int
    students: int
    leaving: int
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    left_out: int = 0
    guesses: list[Guess] = field(default_factory=list)
    broken: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values for people and programs."""
        plain = {
            name: getattr(self, name)
            for name in ("format", "source", "loaded", "read", "added", "changed", "ended", "examples", "older",
                         "students", "leaving", "more_problems", "left_out")
        }  # fmt: skip
        plain["guesses"] = [each.as_json() for each in self.guesses]
        plain["problems"] = [each.as_json() for each in self.problems]
        return plain


def preview_roster(
    *,
    path: Path,
    at: datetime,
    format: str = "",
    source: str = "",
    delta: bool = False,
    mapped: Mapping[str, str] | None = None,
    progress: Callable[[str, int], None] = lambda name, count: None,
) -> Report:
    """What a load would change; nothing is written. Raises Refused where there is no roster to read."""
    with _folder() as folder, Staging(Path(folder)) as staging:
        opened = opening.open_roster(path, format=format, source=source, delta=delta)
        found = reading.read_all(opened, staging, mapped=dict(mapped or {}), progress=progress)
        load = Load(staging, opened.source, queries.today(at), found, Changes(save=False), progress)
        students = _students(load)
        _compare(load)
        return _report(opened, load, students, loaded=False)


def load_roster(
    *,
    actor: Actor,
    path: Path,
    at: datetime,
    format: str = "",
    source: str = "",
    delta: bool = False,
    mapped: Mapping[str, str] | None = None,
    accept_guesses: bool = False,
    remove_anyway: bool = False,
    leave_percent: int = LEAVE_PERCENT,
    progress: Callable[[str, int], None] = lambda name, count: None,
    also: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Take a roster in: all of it, or nothing; one entry in the journal, none where nothing changed.

    `also` is called in the same transaction, at its end.

    Rows with problems are left out and keep nobody from staying as they are. Raises Refused where the files
    cannot be read to their end, for guesses nobody accepted, and (TooManyLeave) where more than
    `leave_percent` of the roster's students would go.
    """
    how = _How(path, format, source, delta, dict(mapped or {}), progress)
    may = _May(accept_guesses, remove_anyway, leave_percent, also)
    try:
        return _load_small(actor, how, may, at)
    except (TooMany, _OthersWrote):
        return _load_large(actor, how, may, at)


class _OthersWrote(Exception):
    """Somebody changed the people between comparing and writing."""


@dataclass(frozen=True, slots=True)
class _How:
    path: Path
    format: str
    source: str
    delta: bool
    mapped: dict[str, str]
    progress: Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class _May:
    accept_guesses: bool
    remove_anyway: bool
    leave_percent: int
    also: Callable[[Report], None]


@contextmanager
def _read(how: _How, may: _May, at: datetime, changes: Changes) -> Iterator[tuple[opening.Opened, Load]]:
    with _folder() as folder, Staging(Path(folder)) as staging:
        opened = opening.open_roster(how.path, format=how.format, source=how.source, delta=how.delta)
        found = reading.read_all(opened, staging, mapped=how.mapped, progress=how.progress)
        _may_load(found, may.accept_guesses)
        yield opened, Load(staging, opened.source, queries.today(at), found, changes, how.progress)


def _load_small(actor: Actor, how: _How, may: _May, at: datetime) -> Report:
    """Compare first, and lock the records only for writing what changes."""
    with _read(how, may, at, Changes(save=False, keep=KEEP)) as (opened, load):
        head = journal_queries.head().id
        students = _students(load)
        _compare(load)
        with journal.atomic():
            if journal_queries.all_entries().filter(id__gt=head, verb__startswith="people.").exists():
                raise _OthersWrote
            return _finish(actor, opened, load, students, may, at)


def _load_large(actor: Actor, how: _How, may: _May, at: datetime) -> Report:
    """Compare and write in one transaction, as a first load needs it: its rows are too many to wait in memory."""
    with _read(how, may, at, Changes(save=True)) as (opened, load), journal.atomic():
        students = _students(load)
        _compare(load)
        return _finish(actor, opened, load, students, may, at)


def _finish(actor: Actor, opened: opening.Opened, load: Load, students: int, may: _May, at: datetime) -> Report:
    report = _report(opened, load, students, loaded=True)
    if students and report.leaving * 100 > students * may.leave_percent and not may.remove_anyway:
        raise TooManyLeave(
            f"{report.leaving} of {students} students would leave, more than {may.leave_percent} %. "
            "Nothing was changed. If that is right, confirm it with --remove-anyway."
        )
    load.changes.apply()
    _record(actor, opened, report, at)
    may.also(report)
    return report


def _may_load(found: reading.Found, accept_guesses: bool) -> None:
    if found.broken:
        first = next((each for each in found.problems if each.left_out), None)
        said = f"{first.file}: {first.sentence}" if first else "A file cannot be read."
        raise Refused(_("%(said)s Nothing was changed.") % {"said": said})
    if found.guesses and not accept_guesses:
        few = ", ".join(f"“{each.written}” in {each.file} as {each.meant}" for each in found.guesses[:5])
        raise Refused(
            _("Homeroom would take %(few)s. Confirm it with --accept-guesses, or name the columns with --map.")
            % {"few": few}
        )


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A private folder in the home, gone afterwards: what is staged are personal data."""
    parent = Path(settings.HOME) / "run"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="roster-", dir=parent)


def _compare(load: Load) -> None:
    dated.staged_guardians(load)
    things.schools(load)
    things.sessions(load)
    things.classes(load)
    things.persons(load)
    grades.to_roles(load)
    for what in (
        dated.GUARDIANSHIPS, dated.ROLES, dated.ENROLMENTS, dated.ADDRESSES, dated.FLAGS, dated.SUPERVISIONS,
    ):  # fmt: skip
        dated.reconcile(load, what)
    dated.end_places_of_leavers(load)
    things.preferences(load)
    load.changes.finish()


def _students(load: Load) -> int:
    held = Role.objects.filter(source=load.source, role=RoleName.STUDENT, first_day__lte=load.on)
    return held.filter(Q(last_day__isnull=True) | Q(last_day__gte=load.on)).values("person").distinct().count()


def _report(opened: opening.Opened, load: Load, students: int, *, loaded: bool) -> Report:
    changes, found = load.changes, load.found
    counts = {how: dict(sorted((str(kind), n) for kind, n in each.items())) for how, each in changes.counts.items()}
    return Report(
        format=opened.format.name, source=opened.source, loaded=loaded,
        read={str(kind): count for kind in Kind if (count := load.staging.count(kind))},
        added=counts["added"], changed=counts["changed"], ended=counts["ended"], examples=changes.examples,
        older=changes.older, students=students, leaving=len(load.leavers - load.students_now),
        problems=found.problems, more_problems=found.more_problems, left_out=found.left_out, guesses=found.guesses,
        broken=found.broken,
    )  # fmt: skip


def _record(actor: Actor, opened: opening.Opened, report: Report, at: datetime) -> None:
    if not any((report.added, report.changed, report.ended)):
        return
    journal.record(
        actor=actor, verb="people.roster.loaded", subject=f"roster:{report.source}", at=at,
        data={
            "format": report.format, "added": report.added, "changed": report.changed, "ended": report.ended,
            "left_out": report.left_out, "problems": len(report.problems) + report.more_problems,
            "files": {part.name: _digest(part) for part in opened.parts},
        },
    )  # fmt: skip


def _digest(part: opening.Part) -> str:
    with part.open() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
