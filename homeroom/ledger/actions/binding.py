"""Binders: asked for on a page, built by the worker, step by step."""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.doors import environment
from homeroom.journal import actions as journal
from homeroom.ledger import binder
from homeroom.ledger.models import Binder

log = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=15)  # after which a build that fell over is begun again


def ask_binder(*, actor: Actor, year: int, at: datetime, names: bool = False, why: str = "") -> Binder:
    """VI.Alt3.note.a: ask for the binder of a funding year; one that is being built is that one. Raises Refused.

    One with `names` holds lists of students: why somebody needs it is part of the record.
    """
    binder.span(year, at)
    check_names(names, why)
    with journal.atomic():
        known = Binder.objects.filter(year=year, names=names, done_at=None, failed="").first()
        if known:
            return known
        row = Binder.objects.create(
            year=year, names=names, why=why.strip(), asked_at=at, by=actor.id, by_name=actor.name, of=binder.STEPS
        )
        _record(actor, "asked", row.year, at, {"binder": row.pk, "names": names}, why)
    return row


def check_names(names: bool, why: str) -> None:
    """Nobody takes lists of students along without a reason. Raises Refused."""
    if names and not why.strip():
        raise Refused(_("Say for whom the lists of students are, and why; or build the binder without them."))


def build_binder(*, actor: Actor, pk: int, at: datetime) -> Binder | None:
    """VI.Alt3.note.a: build a binder that was asked for; None where another worker has it."""
    mine = Binder.objects.filter(pk=pk, done_at=None, failed="", begun_at=None)
    mine = mine | Binder.objects.filter(pk=pk, done_at=None, failed="", begun_at__lt=at - PATIENCE)
    if mine.update(begun_at=at) != 1:
        return None
    row = Binder.objects.get(pk=pk)

    def tell(done: int, of: int, what: str) -> None:
        Binder.objects.filter(pk=pk).update(step=done, of=of, what=what)

    try:
        data = binder.build(row.year, at, tell, names=row.names)
        _write(file_of(row), data)
    except (Refused, OSError) as error:
        log.exception("The binder %s could not be built", pk)
        Binder.objects.filter(pk=pk).update(failed=str(error)[:500])
        return Binder.objects.get(pk=pk)
    digest = hashlib.sha256(data).hexdigest()
    with journal.atomic():
        Binder.objects.filter(pk=pk).update(done_at=at, sha256=digest, size=len(data), step=row.of)
        _record(actor, "built", row.year, at, {"sha256": digest})
    return Binder.objects.get(pk=pk)


def record_binder(
    *, actor: Actor, year: int, data: bytes, at: datetime, names: bool = False, why: str = ""
) -> None:  # fmt: skip
    """VI.Alt3.note.a: write down that a binder was built on the command line, and its hash."""
    with journal.atomic():
        _record(actor, "built", year, at, {"sha256": hashlib.sha256(data).hexdigest(), "names": names}, why)


def take_binder(*, actor: Actor, at: datetime, binder: Binder) -> None:
    """VI.Alt3.note.a: a binder is taken along; each time it is, with or without names, is written down."""
    with journal.atomic():
        _record(actor, "taken", binder.year, at, {"binder": binder.pk, "names": binder.names})


def file_of(row: Binder) -> Path:
    """Where a binder lies."""
    return _folder() / f"{row.year}-{row.pk}.zip"


def on_disk() -> list[int]:
    """The numbers of the binders whose files are still there."""
    names = (path.stem.rpartition("-")[2] for path in _folder().glob("*.zip"))
    return [int(name) for name in names if name.isdecimal()]


def _folder() -> Path:
    return environment.home() / "binders"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".new")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _record(actor: Actor, done: str, year: int, at: datetime, data: dict[str, object], why: str = "") -> None:
    journal.record(
        actor=actor,
        verb=f"ledger.binder.{done}",
        subject=f"funding-year:{year}",
        at=at,
        clause="VI.Alt3.note.a",
        reason=why.strip(),
        data=data,
    )
