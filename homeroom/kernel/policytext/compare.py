"""Two texts side by side: what an amendment changed, and which duties must be reread because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homeroom.kernel.policytext.clauses import bare
from homeroom.kernel.policytext.rows import Row, below, place


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs. `kind` is "added", "removed", "words" or "lead-in" (only what stands above changed)."""

    id: str
    kind: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs, in the texts' order.

    `reread` are the duties that stand in a place that changed. Where none stands there, as in a clause that is new,
    they are those of the nearest place above it: a seventh ground touches what is said of the six.
    """

    changes: tuple[Change, ...]
    reread: tuple[str, ...]
    same: int


def compare(before: Sequence[Row], after: Sequence[Row], duties: Iterable[str]) -> Comparison:
    """Hold two texts against each other, by id and fingerprint; where a clause stands twice, the first counts."""
    old, new = _by_id(before), _by_id(after)
    ids = [*new, *(id for id in old if id not in new)]
    changes = [change for id in ids if (change := _change(id, old.get(id), new.get(id)))]
    stands = {duty: (place(duty, old), place(duty, new)) for duty in duties}
    above = {_nearest(each, stands.values()) for each in changes if each.kind != "lead-in"}
    reread = (
        duty for duty, (was, now) in stands.items()
        if _told(was, old) != _told(now, new) or above.intersection((was, now))
    )  # fmt: skip
    return Comparison(tuple(changes), tuple(reread), len(ids) - len(changes))


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.id, row)
    return found


def _change(id: str, before: Row | None, after: Row | None) -> Change | None:
    if before is None or after is None:
        return Change(id, "added" if before is None else "removed", before, after)
    if before.fingerprint == after.fingerprint and bare(before.title) == bare(after.title):
        return None
    own = [(bare(each.words), bare(each.closing), bare(each.title)) for each in (before, after)]
    return Change(id, "lead-in" if own[0] == own[1] else "words", before, after)


def _nearest(change: Change, stands: Iterable[tuple[str, str]]) -> str | None:
    """The place nearest above a change at which some duty stands; None where one stands in the change itself."""
    places = {each for pair in stands for each in pair if each}
    if change.id in places:
        return None
    return max((each for each in places if below(change.id, each)), key=len, default=None)


def _told(where: str, rows: Mapping[str, Row]) -> tuple[str, str]:
    return (where, rows[where].fingerprint) if where else ("", "")
