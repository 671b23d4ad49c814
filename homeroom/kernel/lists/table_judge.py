"""What the rows that speak about a name come to: exceptions, $important, conditions."""

from __future__ import annotations

from collections.abc import Iterable

from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import suffixes

Row = tuple[int, Entry]


def speaks(entry: Entry, host: str, path: str, qtype: str) -> bool:
    """Whether an entry found under a key of this question speaks about the question itself.

    An entry for some query types ($dnstype) says nothing where no type is asked, as in a web request.
    """
    if entry.qtypes and qtype not in entry.qtypes:
        return False
    if entry.not_qtypes and qtype in entry.not_qtypes:
        return False
    if entry.unless and any(suffix in entry.unless for suffix in suffixes(host)):
        return False
    if entry.how is How.URL:
        return _under(path, entry.pattern[entry.pattern.index("/") :])
    return entry.how is not (How.SUB if entry.pattern == host else How.EXACT)


def verdict(rows: Iterable[Row]) -> tuple[int, list[Row]]:
    """The mask that rows come to, and the rows that it rests on.

    Within one slot, strongest first: important exception, important block, exception, block
    (AdGuard, DNS filtering syntax, "important"). An exception never reaches another slot.
    """
    strength: dict[int, int] = {}
    rows = list(rows)
    for slot, entry in rows:
        strength[slot] = max(strength.get(slot, 0), _strength(entry))
    kept = [(slot, entry) for slot, entry in rows if not entry.allow and _strength(entry) == strength[slot]]
    mask = 0
    for slot, _ in kept:
        mask |= 1 << slot
    return mask, kept


def _strength(entry: Entry) -> int:
    return 1 + entry.allow + 2 * entry.important


def _under(path: str, prefix: str) -> bool:
    """Whether a path lies under a prefix; as `decision.overlay.path_begins`."""
    if not path.startswith(prefix):
        return False
    return prefix.endswith("/") or len(path) == len(prefix) or path[len(prefix)] in "/?#;&"
