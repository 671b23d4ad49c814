"""Two texts side by side: what an amendment changed, and which duties must be reread because of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homeroom.kernel.policytext.clauses import bare
from homeroom.kernel.policytext.rows import Row, below, place

TOLD_APART = 4  # letters, such as an article called USES; shorter words may stand anywhere


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs.

    `kind` is "added", "removed", "words", "lead-in" (only what stands above changed) or "moved" (the same words under
    another id, which `before` has).
    """

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
    pairs = _moved(old, new)
    went = set(pairs.values())
    ids = [*new, *(id for id in old if id not in new and id not in went)]
    was = {id: pairs.get(id, "" if id in went else id) for id in ids}
    changes = [change for id in ids if (change := _change(id, old.get(was[id]), new.get(id)))]
    stands = {duty: (place(duty, old), place(duty, new)) for duty in duties}
    above = {_nearest(each, stands.values()) for each in changes if each.kind != "lead-in"}
    reread = (
        duty for duty, (was, now) in stands.items()
        if _told(was, old) != _told(now, new) or above.intersection((was, now))
    )  # fmt: skip
    return Comparison(tuple(changes), tuple(reread), len(ids) - len(changes))


def renumbered(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[str, str]]:
    """Which clauses stand under another id with the same words, the old id first; of a whole branch only its top."""
    pairs = _moved(_by_id(before), _by_id(after))
    return [(was, now) for now, was in pairs.items() if (_above(was, now, pairs)) is None]


def _moved(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, str]:
    """New id to old id, for words that stand once in each text and are not where they were; and all below them."""
    here, there = _once(new), _once(old)
    pairs = {
        here[own]: was for own, was in there.items() if own in here and here[own] != was and not _stays(was, own, new)
    }
    for id in new:
        top = next((each for each in pairs if below(id, each)), None)
        was = pairs[top] + id[len(top) :] if top else ""
        if was in old and id not in pairs:
            pairs[id] = was
    return {id: pairs[id] for id in new if id in pairs}


def _once(rows: Mapping[str, Row]) -> dict[tuple[str, ...], str]:
    """Own words to id, for words long enough to be told apart that stand only once."""
    own = {id: _own(row) for id, row in rows.items()}
    counts = Counter(own.values())
    return {words: id for id, words in own.items() if counts[words] == 1 and len("".join(words)) >= TOLD_APART}


def _stays(id: str, own: tuple[str, ...], new: Mapping[str, Row]) -> bool:
    return id in new and _own(new[id]) == own


def _above(was: str, now: str, pairs: Mapping[str, str]) -> str | None:
    """The moved clause above that takes this one along; None where this one moved by itself."""
    for top, top_was in pairs.items():
        if below(now, top) and below(was, top_was) and was[len(top_was) :] == now[len(top) :]:
            return top
    return None


def _own(row: Row) -> tuple[str, ...]:
    return bare(row.words), bare(row.closing), bare(row.title)


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.id, row)
    return found


def _change(id: str, before: Row | None, after: Row | None) -> Change | None:
    if before is None or after is None:
        return Change(id, "added" if before is None else "removed", before, after)
    if before.id != after.id:
        return Change(id, "moved", before, after)
    if before.fingerprint == after.fingerprint and bare(before.title) == bare(after.title):
        return None
    return Change(id, "lead-in" if _own(before) == _own(after) else "words", before, after)


def _nearest(change: Change, stands: Iterable[tuple[str, str]]) -> str | None:
    """The place nearest above a change at which some duty stands; None where one stands in the change itself."""
    places = {each for pair in stands for each in pair if each}
    if change.id in places:
        return None
    return max((each for each in places if below(change.id, each)), key=len, default=None)


def _told(where: str, rows: Mapping[str, Row]) -> tuple[str, str]:
    return (where, rows[where].fingerprint) if where else ("", "")
