"""Rosters taken in by people in the browser, or fetched by the clock: asked for, read, looked at, taken in.

The files of a run are personal data: they lie in a private folder and go with the end of the run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import hidden, roster_actions
from homeroom.people.models import RosterConnection, RosterRun
from homeroom.people.roster import progress, pulling

State = RosterRun.State
ENDINGS = (".csv", ".txt", ".zip")
LARGEST = 1 << 30  # bytes of all files of one run
WHOLE_EVERY = timedelta(days=7)  # between two fetches of everything; deltas in between
OVERLAP = timedelta(hours=1)  # a delta asks a little back, since two clocks never agree
KEPT = timedelta(days=7)  # for which a run waits to be looked at


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as somebody gave it: its name, its content in pieces."""

    name: str
    pieces: Iterable[bytes]


def folder(run: RosterRun) -> Path:
    """Where the files of a run lie."""
    return Path(settings.HOME) / "rosters" / str(run.pk)


def ask_run(*, actor: Actor, files: Iterable[Upload], at: datetime, format: str = "", delta: bool = False) -> RosterRun:
    """Keep uploaded files and ask for a preview. Raises Refused for what cannot be a roster."""
    files = list(files)
    if not files:
        raise Refused(_("Choose a file: a zip of CSV files, or the CSV files themselves."))
    for each in files:
        if PurePosixPath(each.name).suffix.casefold() not in ENDINGS:
            raise Refused(
                _("%(name)s is no CSV file and no zip. Export the roster again as CSV.") % {"name": each.name}
            )
    title = ", ".join(each.name for each in files)[:200]
    with journal.atomic():
        run = _new(actor, title, at, options={"format": format, "delta": delta})
        try:
            _keep(folder(run), files)
        except (Refused, OSError):
            shutil.rmtree(folder(run), ignore_errors=True)
            raise
        _record(actor, run, "roster.asked", at)
    return run


def map_columns(*, actor: Actor, run: RosterRun, mapped: Mapping[str, str], at: datetime) -> None:
    """Say which column means what, and read again."""
    options = {**run.options, "mapped": dict(mapped), "format": "plain"}
    with journal.atomic():
        _move(run, (State.SHOWN, State.FAILED), State.ASKED, at, options=options, trouble="", report=None)
        _record(actor, run, "roster.mapped", at)


def confirm_run(
    *, actor: Actor, run: RosterRun, at: datetime, accept_guesses: bool = False, remove_anyway: bool = False
) -> None:
    """Take it in, as it was shown. Raises Refused where something has to be confirmed that was not."""
    report = run.report or {}
    if report.get("guesses") and not accept_guesses:
        raise Refused(_("Names of columns or files were guessed. Say that the guesses are right, or map the columns."))
    if too_many_leave(report) and not remove_anyway:
        raise Refused(
            _("So many students would leave that somebody must say it is right. Tick that box, or let it go.")
        )
    options = {**run.options, "accept_guesses": accept_guesses, "remove_anyway": remove_anyway}
    with journal.atomic():
        _move(run, (State.SHOWN,), State.CONFIRMED, at, options=options, by=actor.id, by_name=actor.name)
        _record(actor, run, "roster.confirmed", at)


def let_go(*, actor: Actor, run: RosterRun, at: datetime) -> None:
    """Do not take it in; its files go."""
    with journal.atomic():
        _move(run, (State.SHOWN, State.FAILED, State.ASKED), State.LET_GO, at, report=None)
        _record(actor, run, "roster.let_go", at)
    _clear(run)


def add_connection(
    *, actor: Actor, at: datetime, name: str, url: str, token_url: str, version: str, client_id: str, secret: str,
    every_hours: int,
) -> RosterConnection:  # fmt: skip
    """Fetch a roster by OneRoster REST from now on. Raises Refused for a name taken or an address without https."""
    for address in (url, token_url):
        pulling.check_address(address)
    with journal.atomic():
        if RosterConnection.objects.filter(name=name).exists():
            raise Refused(_("There is a connection called %(name)s already. Choose another name.") % {"name": name})
        row = RosterConnection.objects.create(
            name=name, url=url, token_url=token_url, version=version, client_id=client_id, secret=hidden.hide(secret),
            every_hours=every_hours, next_at=at + timedelta(hours=every_hours) if every_hours else None,
        )  # fmt: skip
        journal.record(actor=actor, verb="roster.connection.added", subject=f"connection:{row.pk}", at=at,
                       data={"name": name, "url": url})  # fmt: skip
    return row


def end_connection(*, actor: Actor, connection: RosterConnection, at: datetime) -> None:
    """Fetch no more; the secret goes."""
    with journal.atomic():
        held = RosterConnection.objects.filter(pk=connection.pk, ended=None)
        if held.update(ended=at, secret="", next_at=None) != 1:
            raise Refused(_("This connection was ended already."))
        journal.record(actor=actor, verb="roster.connection.ended", subject=f"connection:{connection.pk}", at=at)


def ask_pull(
    *, actor: Actor, connection: RosterConnection, at: datetime, whole: bool = False, by_itself: bool = False
) -> RosterRun:
    """Fetch now; `by_itself` also takes it in, unless something has to be confirmed. One fetch at a time."""
    with journal.atomic():
        if connection.runs.filter(state__in=(*RosterRun.WAITING, *RosterRun.WORKING)).exists():  # type: ignore[attr-defined]
            raise Refused(_("A fetch from there is on its way already. Wait for it, or look at it."))
        whole = whole or not connection.since or connection.whole_at is None or connection.whole_at + WHOLE_EVERY <= at
        run = _new(actor, connection.name, at, connection=connection, whole=whole, by_itself=by_itself,
                   options={"source": connection.name, "delta": not whole})  # fmt: skip
        _record(actor, run, "roster.asked", at)
    return run


def fetch_due(*, at: datetime) -> list[RosterRun]:
    """Ask for what is due by the clock."""
    asked = []
    for row in RosterConnection.objects.filter(ended=None, next_at__lte=at):
        moved = RosterConnection.objects.filter(pk=row.pk, next_at=row.next_at)
        if moved.update(next_at=at + timedelta(hours=row.every_hours)):
            try:
                asked.append(ask_pull(actor=SYSTEM, connection=row, at=at, by_itself=True))
            except Refused:
                continue  # the one on its way is as fresh
    return asked


def work(*, at: datetime) -> str | None:
    """Do the next thing that was asked for: read and show, or take in. None where nothing waits."""
    run = RosterRun.objects.filter(state__in=RosterRun.WAITING).order_by("id").first()
    if run is None:
        return None
    return _take_in(run, at) if run.state == State.CONFIRMED else _show(run, at)


def mend(*, at: datetime) -> int:
    """What a worker that was killed left half done is asked for again; nothing of it had been written."""
    again = RosterRun.objects.filter(state=State.READING).update(state=State.ASKED, changed_at=at)
    return again + RosterRun.objects.filter(state=State.LOADING).update(state=State.CONFIRMED, changed_at=at)


def purge(*, at: datetime) -> int:
    """Let go of what nobody looked at for a week, and of files whose run is over."""
    for run in RosterRun.objects.filter(state__in=(State.SHOWN, State.FAILED), changed_at__lt=at - KEPT):
        let_go(actor=SYSTEM, run=run, at=at)
    held = set(
        RosterRun.objects.filter(Q(state__in=RosterRun.OPEN) | Q(state=State.FAILED)).values_list("pk", flat=True)
    )
    gone = 0
    for path in (Path(settings.HOME) / "rosters").glob("*"):
        if not (path.name.isdigit() and int(path.name) in held):
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone


def too_many_leave(report: Mapping[str, Any]) -> bool:
    """Whether a load would end so many students that somebody must confirm it."""
    return report.get("leaving", 0) * 100 > report.get("students", 0) * roster_actions.LEAVE_PERCENT


def _show(run: RosterRun, at: datetime) -> str:
    _move(run, (State.ASKED,), State.READING, at)
    try:
        if run.connection and not folder(run).exists():
            _fetch(run, at)
        report = roster_actions.preview_roster(
            path=_path(run), at=at, progress=progress.Teller(folder(run)), **_how(run)
        )
    except Refused as error:
        return _fail(run, str(error), at)
    _move(run, (State.READING,), State.SHOWN, at, report=report.as_json())
    said = report.as_json()
    if run.by_itself and not said["guesses"] and not report.broken and not too_many_leave(said):
        _move(run, (State.SHOWN,), State.CONFIRMED, at)
    return f"{run}: read."


def _take_in(run: RosterRun, at: datetime) -> str:
    _move(run, (State.CONFIRMED,), State.LOADING, at)
    actor = Actor(id=run.by, name=run.by_name)
    may = {name: bool(run.options.get(name)) for name in ("accept_guesses", "remove_anyway")}

    def loaded(report: roster_actions.Report) -> None:
        # In the same transaction, so that a run that says it is loaded is, and nothing is loaded twice.
        _move(run, (State.LOADING,), State.LOADED, at, report=report.as_json())
        _remember(run)

    try:
        roster_actions.load_roster(
            actor=actor, path=_path(run), at=at, progress=progress.Teller(folder(run)), also=loaded, **may, **_how(run)
        )
    except Refused as error:
        return _fail(run, str(error), at)
    _clear(run)
    return f"{run}: taken in."


def _how(run: RosterRun) -> dict[str, Any]:
    options = run.options
    return {
        "format": options.get("format", ""), "source": options.get("source", ""),
        "delta": bool(options.get("delta")), "mapped": options.get("mapped") or {},
    }  # fmt: skip


def _path(run: RosterRun) -> Path:
    """A single file is opened as such, since its name says what it is; several are a folder."""
    files = folder(run) / "files"
    inside = sorted(files.iterdir()) if files.is_dir() else []
    if not inside:
        raise Refused(_("The files of this run are gone. Upload or fetch them again."))
    return inside[0] if len(inside) == 1 else files


def _fetch(run: RosterRun, at: datetime) -> None:
    row = run.connection
    server = pulling.Server(row.url, row.token_url, row.version, row.client_id, hidden.reveal(row.secret))
    files = folder(run) / "files"
    files.mkdir(mode=0o700, parents=True)
    try:
        pulling.pull(server, files, since="" if run.whole else row.since, progress=progress.Teller(folder(run)))
    except Refused:
        _clear(run)
        raise
    _move(run, (State.READING,), State.READING, at, options={**run.options, "fetched_at": at.isoformat()})


def _remember(run: RosterRun) -> None:
    """From when the next delta asks: a little before this fetch began."""
    if run.connection_id and run.options.get("fetched_at"):  # type: ignore[attr-defined]
        began = datetime.fromisoformat(run.options["fetched_at"])
        since = (began - OVERLAP).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        whole = {"whole_at": began} if run.whole else {}
        RosterConnection.objects.filter(pk=run.connection_id).update(since=since, **whole)  # type: ignore[attr-defined]


def _new(actor: Actor, title: str, at: datetime, **more: Any) -> RosterRun:
    return RosterRun.objects.create(
        title=title, asked_at=at, changed_at=at, by=actor.id, by_name=actor.name or actor.id, **more
    )


def _move(run: RosterRun, before: tuple[str, ...], after: str, at: datetime, **values: Any) -> None:
    """From one of some states to another; whoever came first has moved it."""
    moved = RosterRun.objects.filter(pk=run.pk, state__in=before).update(state=after, changed_at=at, **values)
    if moved != 1:
        raise Refused(_("Somebody was quicker, or it is being worked on. Look at it again."))
    run.refresh_from_db()


def _fail(run: RosterRun, sentence: str, at: datetime) -> str:
    _move(run, RosterRun.WORKING, State.FAILED, at, trouble=sentence)
    return f"{run}: {sentence}"


def _record(actor: Actor, run: RosterRun, verb: str, at: datetime) -> None:
    journal.record(actor=actor, verb=verb, subject=f"roster-run:{run.pk}", at=at)


def _keep(folder: Path, files: list[Upload]) -> None:
    (folder / "files").mkdir(mode=0o700, parents=True)
    size = 0
    for each in files:
        name = PurePosixPath(each.name.replace("\\", "/")).name
        with (folder / "files" / name).open("xb") as file:
            for piece in each.pieces:
                size += len(piece)
                if size > LARGEST:
                    raise Refused(
                        _("These files are larger than %(size)s GB together. Check what they are.")
                        % {"size": LARGEST >> 30}
                    )
                file.write(piece)


def _clear(run: RosterRun) -> None:
    shutil.rmtree(folder(run), ignore_errors=True)
