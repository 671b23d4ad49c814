"""Names of which nobody says anything: what `decide` lets pass in its last step, told at a fraction of its price.

A door meets such names most of the time. `decide` remains the one judge: a test holds this
shortcut to it, and a door takes the decision itself from `decide`, once for each audience.
"""

from __future__ import annotations

from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.bundle import Bundle


class Unremarkable:
    """What one bundle says nothing of."""

    def __init__(self, bundle: Bundle) -> None:
        policy = bundle.policy
        self._policy, self._mask = policy, bundle.table.mask
        self._exact = frozenset(policy.canaries).union(policy.safe_search, *policy.youtube.values())
        self._parents = frozenset(rule.host for rule in bundle.overlay.rules)

    def passes(self, who: Who) -> bool:
        """Whether this person may reach whatever nobody says anything of (IX.B, III.1)."""
        return not who.closed and self._policy.profile(who.profile).otherwise == "allow"

    def name(self, host: str, qtype: str = "") -> bool:
        """Whether no list, no special name and no local rule, in force or not, speaks of this host."""
        if self._mask(host, "", qtype) or host in self._exact:
            return False
        parents = self._parents
        while parents and host:
            if host in parents:
                return False
            host = host.partition(".")[2]
        return True
