"""Lists: add a source, change it, end it, let a held version go live or refuse it. Fetching is in `updating`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.filtering import fetching, progress, reading, tables, titles, typed
from homeroom.filtering.actions.updating import update_source
from homeroom.filtering.models import ListSource, ListVersion, VersionState
from homeroom.filtering.queries import choices
from homeroom.journal import actions as journal
from homeroom.kernel.lists.read import FORMATS

CHANGEABLE = ("location", "licence", "homepage", "every_hours")
WAITING = (VersionState.HELD, VersionState.CHECKED)

__all__ = [
    "add_source",
    "ask_update",
    "change_source",
    "end_source",
    "refuse_version",
    "release_version",
    "update_source",
]


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
) -> ListSource:
    """VI.Alt3.A.2: add a list: a file, a folder or an https address.

    `category` is needed for every format but "ut1", whose folders are mapped by data/ut1.csv unless `mapping`
    ({folder: category or ""}) says otherwise. To name a category that carries a legal class is to say that
    every entry is such material; the journal keeps who said so. Nothing is fetched yet. Raises Refused with a
    sentence: name taken, unknown format or category, plain http, no such file, a category of topic or viewpoint
    without a recorded decision, a folder of an archive that no reviewer found fit for law.
    """
    _check_name(name)
    _check_format(format, category, covers)
    for subject in (category, *(mapping or {}).values()):
        _check_category(subject)
    _check_mapping(mapping or {})
    fetching.check_location(location)
    with journal.atomic():
        if ListSource.objects.filter(name=name).exists():
            raise Refused(
                _("There is a list “%(name)s” already (perhaps one that was ended); choose another name.")
                % {"name": name}
            )
        row = ListSource.objects.create(
            name=name, format=format, category=category, mapping=dict(mapping or {}), location=location, covers=covers,
            licence=licence, homepage=homepage, every_hours=every_hours, statutory=_statutory(format, category),
            added_at=at, added_by=actor.id, next_at=at,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="filtering.list.added", subject=f"list:{name}", at=at, clause="VI.Alt3.A.2",
            data={"format": format, "category": category, "location": location, "licence": licence,
                  "statutory": row.statutory, "mapping": row.mapping},
        )  # fmt: skip
    return row


def change_source(*, actor: Actor, name: str, reason: str, at: datetime, **changes: Any) -> ListSource:
    """VI.Alt3.A.2: change location, licence, homepage or every_hours of a list."""
    why = typed.reason(reason)
    odd = set(changes) - set(CHANGEABLE)
    if odd:
        raise Refused(
            _("%(fields)s of a list cannot be changed; end it and add another.") % {"fields": ", ".join(sorted(odd))}
        )
    if "location" in changes:
        fetching.check_location(changes["location"])
        changes |= {"etag": "", "last_modified": "", "next_at": at}
    with journal.atomic():
        row = _in_use(name)
        for field, value in changes.items():
            setattr(row, field, value)
        row.save(update_fields=list(changes))
        said = {field: changes[field] for field in CHANGEABLE if field in changes}
        journal.record(
            actor=actor, verb="filtering.list.changed", subject=f"list:{name}", at=at, clause="VI.Alt3.A.2",
            reason=why, data=said,
        )  # fmt: skip
    return row


def end_source(*, actor: Actor, name: str, reason: str, at: datetime) -> ListSource:
    """VI.Alt3.A.2: no longer use a list; the next build leaves it out."""
    why = typed.reason(reason)
    with journal.atomic():
        row = _in_use(name)
        row.ended_at, row.next_at = at, None
        row.save(update_fields=["ended_at", "next_at"])
        row.versions.filter(state__in=(*WAITING, VersionState.LIVE)).update(state=VersionState.REPLACED, replaced_at=at)
        journal.record(
            actor=actor, verb="filtering.list.ended", subject=f"list:{name}", at=at, clause="VI.Alt3.A.2", reason=why
        )
        progress.want("build", at)
    return row


def ask_update(*, actor: Actor, name: str, at: datetime) -> None:
    """VI.Alt3.A.2: ask the worker to look for a newer version at once; a page then polls `queries.lists.progress`."""
    with journal.atomic():
        _in_use(name)
        progress.want(f"update:{name}", at)
        journal.record(
            actor=actor, verb="filtering.list.update-asked", subject=f"list:{name}", at=at, clause="VI.Alt3.A.2"
        )


def release_version(*, actor: Actor, version: int, reason: str, at: datetime) -> ListVersion:
    """VI.Alt3.C: somebody looked at why a version is held and lets it go live with the next build."""
    row = _decide(actor, version, (VersionState.HELD,), VersionState.CHECKED, "filtering.list.released", reason, at)
    progress.want("build", at)
    return row


def refuse_version(*, actor: Actor, version: int, reason: str, at: datetime) -> ListVersion:
    """VI.Alt3.C: refuse a held or checked version; the one before stays live."""
    return _decide(actor, version, WAITING, VersionState.REFUSED, "filtering.list.refused", reason, at)


def _decide(
    actor: Actor, version: int, old: tuple[str, ...], new: str, verb: str, reason: str, at: datetime
) -> ListVersion:
    why = typed.reason(reason)
    with journal.atomic():
        changed = ListVersion.objects.filter(pk=version, state__in=old).update(
            state=new, decided_by=actor.id, sentence=why
        )
        if changed != 1:
            raise Refused(
                _("Version %(version)s does not wait for a decision; somebody may have been first.")
                % {"version": version}
            )
        row = ListVersion.objects.select_related("source").get(pk=version)
        journal.record(
            actor=actor, verb=verb, subject=f"list:{row.source.name}", at=at, clause="VI.Alt3.C", reason=why,
            data={"version": row.label},
        )  # fmt: skip
    return row


def _in_use(name: str) -> ListSource:
    row = ListSource.objects.filter(name=name, ended_at=None).first()
    if row is None:
        raise Refused(_("There is no list “%(name)s” in use; see “homeroom lists show”.") % {"name": name})
    return row


def _check_name(name: str) -> None:
    try:
        validate_slug(name)
    except ValidationError:
        raise Refused(_("“%(name)s” cannot name a list; use letters, digits, - and _ only.") % {"name": name}) from None
    if len(name) > 60:
        raise Refused(_("The name of a list is at most 60 characters long."))


def _check_format(format: str, category: str, covers: str) -> None:
    if format == reading.ARCHIVE:
        if category or covers:
            raise Refused(_("The folders of a “ut1” archive say what they are about; leave category and covers out."))
        return
    known = FORMATS.get(format)
    if known is None:
        raise Refused(
            _("There is no list format “%(format)s”; there are %(known)s.")
            % {"format": format, "known": ", ".join((reading.ARCHIVE, *FORMATS))}
        )
    if covers and covers not in known.covers:
        raise Refused(
            _("Names of the format “%(format)s” cannot cover “%(covers)s”; choose %(known)s.")
            % {"format": format, "covers": covers, "known": _(" or ").join(known.covers)}
        )
    if not category:
        raise Refused(_("Say what the list is about: one of %(known)s.") % {"known": ", ".join(tables.categories())})


def _check_category(category: str) -> None:
    row = tables.category(category) if category else None
    if category and row is None:
        raise Refused(
            _("There is no category “%(name)s”; there are %(known)s.")
            % {"name": category, "known": ", ".join(tables.categories())}
        )
    if row and row.sensitive and category not in choices.decided():
        raise Refused(
            _(
                "“%(title)s” is about topic, identity or viewpoint (%(reason)s) No list is loaded for "
                "it until somebody records a decision with its reason; do that first, or choose a "
                "narrower category."
            )
            % {"title": titles.title(row.id), "reason": _(row.reason)}
        )


def _check_mapping(mapping: Mapping[str, str]) -> None:
    for folder, category in mapping.items():
        row = tables.folders().get(folder)
        fit = row is not None and row.statutory
        if category and tables.categories()[category].legal and not fit:
            why = row.reason if row else _("No reviewer looked at it.")
            raise Refused(
                _(
                    "The folder “%(folder)s” is not fit for law, so it cannot feed “%(title)s”. %(why)s "
                    "Choose a category that the district blocks by its own choice."
                )
                % {"folder": folder, "title": titles.title(category), "why": why}
            )


def _statutory(format: str, category: str) -> bool:
    return format == reading.ARCHIVE or bool(tables.categories()[category].legal)
