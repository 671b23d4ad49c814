"""T21: let go of what is older than it may be kept: tables, bundle parts, files of lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from homeroom.doors import bundle_file, environment
from homeroom.filtering.actions import updating
from homeroom.filtering.models import InadvertentAccess, ListVersion, Published, ReviewRequest, VersionState
from homeroom.filtering.queries import builds, choices
from homeroom.people import queries as people

ORPHAN = timedelta(days=1)  # a file that no record names is left alone this long: it may be about to be named
FLOOD = timedelta(days=2)
PATTERNS = (
    "rules-*.table",
    "policy-*.json",
    "overlay-*.json",
    "roll-*.json",
    "changes-*.json",
    "aliases-*.json",
    "manifest-*.json",
    ".building-*",
)


def purge(*, at: datetime) -> str:
    """T21: delete what is no longer needed to explain the past; a sentence, or "" where nothing was.

    Records of bundles and versions stay; only their files go, and each record says so.
    """
    rules = _let_go(at, "keep_rules_days", "rules_purged_at")
    whole = _let_go(at, "keep_bundles_days", "purged_at")
    files = _sweep(at)
    lists = _lists(at)
    _forget(at)
    if not (files or lists):
        return ""
    return f"Let go of {files} files of {max(rules, whole)} past bundles and {lists} replaced versions of lists."


def _let_go(at: datetime, parameter: str, field: str) -> int:
    """Mark the bundles that were out of force before the retention began."""
    cutoff = at - timedelta(days=choices.parameter(parameter, people.today(at)))
    needed = Published.objects.filter(at__lte=cutoff).first()  # in force when the retention began, so still needed
    if needed is None:
        return 0
    past = Published.objects.filter(at__lt=needed.at, **{f"{field}__isnull": True})
    return past.exclude(bundle=bundle_file.current_id(environment.home())).update(**{field: at})


def _sweep(at: datetime) -> int:
    """Delete every file of the bundle folder that no kept bundle names."""
    folder = environment.home() / "bundles"
    kept = set(_named())
    gone = 0
    for path in (each for pattern in PATTERNS for each in folder.glob(pattern)):
        if path.name not in kept and _older(path, at - ORPHAN):
            gone += _remove(path)
    return gone


def _named() -> Iterator[str]:
    yield builds.last_table()
    current = bundle_file.current_id(environment.home())
    if current:
        said = bundle_file.manifest(environment.home(), current)
        yield from (str(said.get(part, "")) for part in bundle_file.PARTS)
        # XIV.B.3: the pseudonyms of no other bundle are kept, so that an old roll leads nobody to them.
        yield str(said.get(bundle_file.ALIASES, ""))
        yield f"manifest-{current}.json"
    for row in Published.objects.filter(purged_at=None).iterator():
        yield from (row.policy, row.overlay, row.roll, row.changes, f"manifest-{row.bundle}.json")
        if row.rules_purged_at is None:
            yield row.rules


def _lists(at: datetime) -> int:
    """Delete the files of versions that were replaced or refused long ago."""
    cutoff = at - timedelta(days=choices.parameter("keep_rules_days", people.today(at)))
    over = (VersionState.REPLACED, VersionState.REFUSED)
    gone = 0
    old = ListVersion.objects.filter(state__in=over, purged_at=None, fetched_at__lt=cutoff)
    for version in old.select_related("source"):
        if version.replaced_at and version.replaced_at > cutoff:
            continue
        updating.path_of(version).unlink(missing_ok=True)
        gone += ListVersion.objects.filter(pk=version.pk, state__in=over).update(purged_at=at)
    return gone


def _forget(at: datetime) -> None:
    """XIV.B.3, T5: take off requests what only served to slow down a flood, and pseudonyms that nobody needs.

    An accident keeps its pseudonym until it goes itself: it may be its discloser's defence later (V.C.3).
    """
    for kind in (ReviewRequest, InadvertentAccess):
        kind.objects.filter(asked_at__lt=at - FLOOD).exclude(asked_from="").update(asked_from="")
    over = at - timedelta(days=choices.parameter("keep_request_alias_days", people.today(at)))
    ReviewRequest.objects.filter(answered_at__lt=over).exclude(alias="").update(alias="")


def _older(path: Path, than: datetime) -> bool:
    try:
        return path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        return False


def _remove(path: Path) -> int:
    if path.is_dir():
        for each in sorted(path.rglob("*"), reverse=True):
            each.rmdir() if each.is_dir() else each.unlink(missing_ok=True)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    return 1
