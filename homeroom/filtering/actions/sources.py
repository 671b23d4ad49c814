"""Lists: add a source, fetch newer versions, let a held one go live or refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import ListSource, ListVersion


def add_source(
    *,
    actor: Actor,
    name: str,
    format: str,
    location: str,
    at: datetime,
    category: str = "",
    mapping: Mapping[str, str] | None = None,
    covers: str = "",
    licence: str = "",
    homepage: str = "",
    every_hours: int = 24,
    statutory: bool | None = None,
) -> ListSource:
    """Add a list: a file or an https URL.

    `category` is needed for every format but "ut1", whose folders are mapped by data/ut1.csv unless `mapping`
    ({folder: category or ""}) says otherwise. `statutory` None takes what the category's row says. Nothing is
    fetched yet. Raises Refused with a sentence (name taken, unknown format or category, plain http, no such
    file, a category of topic or viewpoint without a recorded decision, a statutory claim the table does not allow).
    """
    raise NotImplementedError


def change_source(*, actor: Actor, name: str, reason: str, at: datetime, **changes: object) -> ListSource:
    """Change location, licence, homepage or every_hours of a list."""
    raise NotImplementedError


def end_source(*, actor: Actor, name: str, reason: str, at: datetime) -> ListSource:
    """No longer use a list; the next build leaves it out."""
    raise NotImplementedError


def ask_update(*, actor: Actor, name: str, at: datetime) -> None:
    """Ask the worker to look for a newer version at once; a page then polls `queries.lists.progress`."""
    raise NotImplementedError


def update_source(*, actor: Actor, name: str, at: datetime) -> ListVersion | None:
    """Fetch, read and check one list now; None where nothing is new.

    Raises Refused with the sentence also kept as the source's `trouble`; the last good version keeps serving.
    A version with fresh viewpoint findings or much fewer entries than the last becomes "held".
    """
    raise NotImplementedError


def release_version(*, actor: Actor, version: int, reason: str, at: datetime) -> ListVersion:
    """VI.Alt3.C: somebody looked at the viewpoint report and lets a held version go live with the next build."""
    raise NotImplementedError


def refuse_version(*, actor: Actor, version: int, reason: str, at: datetime) -> ListVersion:
    """Refuse a held or checked version; the one before stays live."""
    raise NotImplementedError
