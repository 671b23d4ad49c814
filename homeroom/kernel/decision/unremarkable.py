"""Names of which nobody speaks, or only lists do: what `decide` says of them, told at a fraction of its price.

A door meets such names nearly always. `decide` remains the one judge: a test holds this shortcut
to it, and a door takes each decision itself from `decide`, once for each audience and ground.
"""

from __future__ import annotations

from typing import NamedTuple

from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.bundle import Bundle


class Ground(NamedTuple):
    """What a block rests on: the number of the legal block (-1: the district chose it), and the slot."""

    block: int
    slot: int


class Unremarkable:
    """What one bundle says nothing of, or says by its lists alone."""

    def __init__(self, bundle: Bundle) -> None:
        policy = bundle.policy
        self._policy, self._table = policy, bundle.table
        self._exact = frozenset(policy.canaries).union(policy.safe_search, *policy.youtube.values())
        self._parents = frozenset(rule.host for rule in bundle.overlay.rules)
        self._masks = {key: _masks(bundle, key) for key in policy.profiles}

    def passes(self, who: Who) -> bool:
        """Whether this person may reach whatever nobody says anything of (IX.B, III.1)."""
        return not who.closed and self._policy.profile(who.profile).otherwise == "allow"

    def name(self, host: str, qtype: str = "") -> bool:
        """Whether no list, no special name and no local rule, in force or not, speaks of this host."""
        return not self._table.mask(host, "", qtype) and not self._spoken_of(host)

    def hits(self, host: str) -> int:
        """The slots that list a host where nothing but lists speaks of it, and plainly; else -1."""
        hits = self._table.plain(host)
        return -1 if hits < 0 or self._spoken_of(host) else hits

    def ground(self, profile: str, host: str, hits: int) -> tuple[Ground, int] | None:
        """VI, III.2: why a host with such `hits` is blocked for people who pass, and by which line.

        None where `decide` must say, also since the hit was one by chance.
        """
        for number, mask in self._masks[self._policy.profile(profile).id]:
            if hits & mask:
                found = self._table.first_line(host, hits & mask)
                return (Ground(number, found[0]), found[1]) if found else None
        return None

    def blocked(self, profile: str) -> int:
        """Every slot whose names are blocked for a profile; where none of them is hit, nothing is."""
        every = 0
        for _, mask in self._masks[self._policy.profile(profile).id]:
            every |= mask
        return every

    def _spoken_of(self, host: str) -> bool:
        if host in self._exact:
            return True
        parents = self._parents
        while parents and host:
            if host in parents:
                return True
            host = host.partition(".")[2]
        return False


def _masks(bundle: Bundle, profile: str) -> tuple[tuple[int, int], ...]:
    """The slots that block, in the order of judgement."""
    found = bundle.policy.profiles[profile]
    legal = [(number, mask) for number, (mask, _) in enumerate(bundle.legal(found))]
    return (*legal, (-1, bundle.chosen(found)))
