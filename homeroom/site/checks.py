"""Is the house well? Each check looks at one thing and says in sentences what is wrong and what to do."""

from __future__ import annotations

import http.client
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from homeroom.activity import queries as activity
from homeroom.doors import bundle_file, environment
from homeroom.doors.status import read_statuses
from homeroom.filtering.models import Outcome
from homeroom.filtering.queries import builds
from homeroom.journal import queries as journal
from homeroom.journal import witness
from homeroom.journal.models import Entry
from homeroom.nodes import queries as node_queries
from homeroom.site import migrate, node_checks
from homeroom.site.node_checks import SILENT

ROOM = 500 * 1024 * 1024  # bytes that must be free: a build writes a new table beside the old one
LOOKED_AT = 1000  # journal entries that a check walks; "homeroom journal verify" walks them all
DOORS = ("dns", "proxy")
WEB_PATIENCE = 10.0  # seconds for a page on a busy machine


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: the check that found it and a sentence with a next step."""

    check: str
    sentence: str


Check = Callable[[datetime], Iterator[str]]


def look(at: datetime) -> tuple[list[str], list[Trouble]]:
    """Run every check; returns the names of those that found nothing, and what the others found.

    A filter node has checks of its own: it keeps no records.
    """
    good: list[str] = []
    troubles: list[Trouble] = []
    unreached = False
    for check in NODE_CHECKS if node_checks.districts() else CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            found = [Trouble(name, sentence) for sentence in check(at)]
        except DatabaseError as error:
            found = [] if unreached else [Trouble(name, _unreached(error))]
            unreached = True  # said once; what else needs the database was not looked at, so it is not called well
            troubles += found
            continue
        except (OSError, environment.BadSetting) as error:
            found = [Trouble(name, f"The {name} cannot be looked at: {error}.")]
        troubles += found
        if not found:
            good.append(name)
    return good, troubles


def home_folder(at: datetime) -> Iterator[str]:
    """The home can be written and has room, and nobody else reads it."""
    home: Path = settings.HOME
    probe = home / f".check.{os.getpid()}"
    try:
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        yield f"{home} cannot be written ({error.strerror}). Give it to the user who runs Homeroom."
    free = shutil.disk_usage(home).free
    if free < ROOM:
        yield f"Only {free // 2**20} MB are free for {home}; a build needs {ROOM // 2**20}. Make room or move the home."
    if home.stat().st_mode & 0o077:
        yield f"Others can read {home}, and with it keys and records. Run: chmod 700 {home}"


def clock(at: datetime) -> Iterator[str]:
    """The clock does not stand before what was already recorded."""
    if at.year < 2025:
        yield f"The clock says {at:%Y-%m-%d}. Set it, or let it be set by NTP."
        return
    last = Entry.objects.order_by("-id").values_list("at", flat=True).first()
    if last and (last - at).total_seconds() > 60:
        yield f"The clock says {at:%Y-%m-%d %H:%M}, but records reach to {last:%Y-%m-%d %H:%M} UTC. Set the clock."


def databases(at: datetime) -> Iterator[str]:
    """Both databases open, are sound and have the tables of this version."""
    for alias in connections:
        missing = migrate.pending(alias)
        if missing:
            yield f"The database “{alias}” lacks {len(missing)} steps to this version. Run: homeroom check --mend"
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA quick_check(1)")
                said = cursor.fetchone()[0]
            if said != "ok":
                yield f"The database “{alias}” is damaged ({said}). Stop Homeroom and restore the last backup."


def records(at: datetime) -> Iterator[str]:
    """The end of the journal is whole."""
    since = max(1, journal.head().id - LOOKED_AT + 1)
    result = journal.verify(since=since, known=witness.last_seen())
    for finding in result.findings:
        yield f"{finding.sentence} Keep a copy of the home and look into it: homeroom journal verify"


def bundle(at: datetime) -> Iterator[str]:
    """A bundle was published and opens."""
    try:
        bundle_file.open_bundle(settings.HOME)
    except bundle_file.BadBundle as error:
        yield str(error)


def last_build(at: datetime) -> Iterator[str]:
    """The last build of the lists went well."""
    run = builds.last_build()
    if run is not None and run.outcome == Outcome.FAILED:
        yield f"The last build of the lists failed: {run.sentence} When that is mended run: homeroom build"


def doors_and_worker(at: datetime) -> Iterator[str]:
    """Every part tells each second how it is, and the doors serve the bundle in force."""
    said = read_statuses(settings.HOME, at)
    current = bundle_file.current_id(settings.HOME)
    for door in doors_here(said):
        yield from _door(door, said.get(door), current)
    worker = said.get("worker")
    if worker is None or worker["age"] > SILENT:
        yield f"The worker is down{_since(worker)}. Start it with: homeroom worker, or all parts with: homeroom serve"
        return
    for name, run in worker.get("jobs", {}).items():
        if run.get("failing_since"):
            yield f"The job {name} has been failing since {run['failing_since'][:16]}: {run['why']}"


def doors_here(said: Collection[str]) -> list[str]:
    """The doors that must run in this home, by what ever told how it is: where filter nodes answer, none need to."""
    return [door for door in DOORS if door in said or not node_queries.nodes().exists()]


def nodes(at: datetime) -> Iterator[str]:
    """Every filter node is heard and serves the bundle in force."""
    yield from node_queries.silent(at)


def web_application(at: datetime) -> Iterator[str]:
    """The pages can be reached, and they reach the databases."""
    address, port = environment.listen("HOMEROOM_WEB_LISTEN")
    connection = http.client.HTTPConnection(address, port, timeout=WEB_PATIENCE)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        said = answer.read(200).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException):
        yield f"The web application does not answer on {address}:{port}. Start it: homeroom web, or homeroom serve"
        return
    finally:
        connection.close()
    if answer.status != 200:
        yield f"The web application on {address}:{port} is not well ({answer.status} {said}). Look at its log."


def spool(at: datetime) -> Iterator[str]:
    """What the doors answered is taken in."""
    waits = activity.lag(settings.HOME, at)
    if waits.late and waits.oldest:
        yield (
            f"{waits.files} files of what the doors answered wait in {settings.HOME / 'spool'}, the oldest since "
            f"{waits.oldest:%Y-%m-%d %H:%M} UTC. Nothing is lost. Look whether the worker runs and what its log says."
        )


def certificate(at: datetime) -> Iterator[str]:
    """The certificate of DNS over HTTPS is valid, and will be."""
    yield from node_checks.certificate_of(settings.HOME, at)


def ports(at: datetime) -> Iterator[str]:
    """A door that does not run finds its port free."""
    said = read_statuses(settings.HOME, at)
    for name, door in (("HOMEROOM_PROXY_LISTEN", "proxy"), ("HOMEROOM_DNS_LISTEN", "dns")):
        address, port = environment.listen(name)
        status = said.get(door, {})
        if not port or status.get("age", SILENT + 1) <= SILENT or not node_checks.answers(address, port):
            continue
        if _lives(status.get("pid")):
            yield f"The {door} door hangs: process {status['pid']} says nothing any more. End it and start the door."
        else:
            yield f"Another program listens on {address}:{port}. Stop it, or set another port in {name}."


CHECKS: tuple[Check, ...] = (
    home_folder, databases, clock, records, bundle, last_build, doors_and_worker, spool, certificate, nodes,
    web_application, ports,
)  # fmt: skip
NODE_CHECKS: tuple[Check, ...] = (
    home_folder, node_checks.bundles, node_checks.parts, node_checks.certificates, node_checks.engines
)  # fmt: skip


def _door(door: str, status: dict[str, Any] | None, current: str) -> Iterator[str]:
    if status is None or status["age"] > SILENT:
        yield f"The {door} door is down{_since(status)}. Start it with: homeroom door {door}, or: homeroom serve"
        return
    if status.get("trouble"):
        yield f"The {door} door says: {status['trouble']}"
    if current and status.get("bundle") not in (None, current):
        yield f"The {door} door serves bundle {status['bundle']}, but {current} is in force. Look at its log."


def _unreached(error: DatabaseError) -> str:
    said = (str(error).splitlines() or [""])[0].rstrip(".")
    return (
        f"The database cannot be used: {said}. Start it, or mend DATABASE_URL; "
        "the doors go on by the last bundle meanwhile. What else needs it was not looked at."
    )


def _lives(pid: Any) -> bool:
    """Whether a process is there; those of others as well."""
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()


def _since(status: dict[str, Any] | None) -> str:
    return f" since {status['at'][:19]}" if status else ""
