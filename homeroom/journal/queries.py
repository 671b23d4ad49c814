"""Reading the journal, and proving that it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from homeroom.journal import chain
from homeroom.journal.models import Entry

FIELDS = ("id", "at", "actor", "verb", "subject", "clause", "reason", "data", "previous", "hash")
MOST = 100  # findings after which verify stops naming further ones


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the last entry's id and hash; (0, GENESIS) for an empty journal."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: the entry, "changed" | "missing" | "reordered" | "rechained" | "cut off", and a sentence."""

    id: int
    what: str
    sentence: str


@dataclass(slots=True)
class Verification:
    """What `verify` found: how many entries it looked at, where the chain ends, what is wrong."""

    looked_at: int = 0
    head: Head = Head(0, chain.GENESIS)
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """For `homeroom journal verify --json`."""
        return {
            "whole": self.whole,
            "looked_at": self.looked_at,
            "last": self.head.id,
            "hash": self.head.hash,
            "findings": [{"id": f.id, "what": f.what, "sentence": f.sentence} for f in self.findings],
        }


def head() -> Head:
    """The end of the chain."""
    last = Entry.objects.order_by("-id").values_list("id", "hash").first()
    return Head(*last) if last else Head(0, chain.GENESIS)


def about(subject: str) -> QuerySet[Entry]:
    """What was done to one subject ("kind:id"), newest first."""
    return Entry.objects.filter(subject=subject).order_by("-id")


def all_entries() -> QuerySet[Entry]:
    """Every act, newest first."""
    return Entry.objects.order_by("-id")


def as_json(entry: Entry) -> dict[str, Any]:
    """One act as plain values."""
    row = {name: getattr(entry, name) for name in FIELDS}
    return {**row, "at": chain.moment(entry.at)}


def after(id: int, *, verbs: tuple[str, ...] = (), limit: int = 500) -> list[Entry]:
    """The acts that follow an entry, oldest first, for a reader with its own cursor."""
    entries = Entry.objects.filter(id__gt=id)
    if verbs:
        entries = entries.filter(verb__in=verbs)
    return list(entries.order_by("id")[:limit])


def verify(*, since: int = 1, known: Head | None = None) -> Verification:
    """Walk the chain from entry `since` to its end and name every entry that is changed, missing or out of place.

    `known` is a head that was seen earlier and kept elsewhere; it tells a journal whose end was
    cut off, or which was rewritten as a whole, from a sound one. One pass, bounded memory.
    """
    result = Verification()
    id, previous = since - 1, _hash_of(since - 1)
    trusted = previous is not None  # whether the entry before can be held against the next
    broken: list[dict[str, Any]] = []
    for row in _rows(since):
        result.looked_at += 1
        result.findings += _gap(id, row["id"])
        sound = _digest(row) == row["hash"]
        if not sound:
            broken.append(row)
        elif trusted and row["id"] == id + 1 and row["previous"] != previous:
            result.findings.append(_rechained(row["id"]))
        id, previous, trusted = row["id"], row["hash"], sound
        if len(result.findings) + len(broken) >= MOST:
            break
    result.findings += [_broken(row, broken) for row in broken]
    result.findings.sort(key=lambda finding: finding.id)
    result.head = Head(id, previous or chain.GENESIS)
    if known and len(result.findings) < MOST:
        result.findings += _against(known, result.head)
    return result


def _rows(since: int) -> Iterator[dict[str, Any]]:
    rows = Entry.objects.filter(id__gte=since).order_by("id").values_list(*FIELDS)
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(FIELDS, row, strict=True))


def _hash_of(id: int) -> str | None:
    if id <= 0:
        return chain.GENESIS
    return Entry.objects.filter(id=id).values_list("hash", flat=True).first()


def _digest(row: dict[str, Any], id: int | None = None) -> str:
    content = {key: row[key] for key in FIELDS[:-1]}
    if id is not None:
        content["id"] = id
    try:
        return chain.digest(**content)
    except (ValueError, TypeError):
        return ""  # changed into something that no entry can hold


def _gap(before: int, id: int) -> list[Finding]:
    if id == before + 1:
        return []
    if id == before + 2:
        return [Finding(before + 1, "missing", f"Entry {before + 1} is missing.")]
    return [Finding(before + 1, "missing", f"Entries {before + 1} to {id - 1} are missing.")]


def _rechained(id: int) -> Finding:
    sentence = f"Entry {id} does not follow from entry {id - 1} as it now reads; one of the two was rewritten."
    return Finding(id, "rechained", sentence)


def _broken(row: dict[str, Any], broken: list[dict[str, Any]]) -> Finding:
    """Tell an entry that was moved from one that was changed: moved, its hash is right for another's place."""
    for other in broken:
        if other["id"] != row["id"] and _digest(row, id=other["id"]) == row["hash"]:
            sentence = f"Entry {row['id']} was written as entry {other['id']}; the order was changed."
            return Finding(row["id"], "reordered", sentence)
    return Finding(row["id"], "changed", f"Entry {row['id']} was changed after it was written.")


def _against(known: Head, found: Head) -> list[Finding]:
    if found.id < known.id:
        sentence = f"The journal ends at entry {found.id}, but entry {known.id} was seen before; its end was cut off."
        return [Finding(found.id + 1, "cut off", sentence)]
    if _hash_of(known.id) != known.hash:
        sentence = f"Entry {known.id} is not the one that was seen before; the journal was rewritten up to there."
        return [Finding(known.id, "rechained", sentence)]
    return []
