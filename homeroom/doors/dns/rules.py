"""What the door judges by: the bundle in force, the time of day, and what that means for one question."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime

from homeroom.doors.dns import identity as dns_identity
from homeroom.doors.dns import wire
from homeroom.doors.dns.identity import Claim
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.decision.unremarkable import Ground, Unremarkable
from homeroom.kernel.decision.watch import opened

MOST_UNLISTED = 5_000  # names remembered for each type of question
MOST_TYPES = 8


class Rules:
    """The bundle (None: nothing may be answered) and the instant at which it is applied."""

    def __init__(self) -> None:
        self.bundle: Bundle | None = None
        self._quiet: Unremarkable | None = None
        self._unlisted: dict[int, set[str]] = {}
        self._wall = self._since = 0.0
        self._change: float | None = None
        self._at: datetime | None = None

    @property
    def at(self) -> datetime:
        """The instant of this batch; one object for all of it."""
        if self._at is None:
            self._at = datetime.fromtimestamp(self._wall, UTC)
        return self._at

    @property
    def mentioned(self) -> frozenset[str]:
        """The scopes that any local rule speaks of."""
        return self.bundle.overlay.mentioned if self.bundle else frozenset()

    @property
    def stranger(self) -> Who | None:
        """Whom the roll takes everybody for whom it does not know."""
        return self.bundle.roll.stranger if self.bundle else None

    def set_clock(self, wall: float) -> bool:
        """Say the time of day, in seconds since 1970; True where a local rule began or ended since.

        A clock set back may bring a rule back into force, so it counts as a change as well.
        """
        self._wall, self._at = wall, None
        if wall < self._since or (self._change is not None and wall >= self._change):
            self._look_ahead()
            return True
        return False

    def use(self, bundle: Bundle | None) -> None:
        """Judge by this bundle from now on."""
        self.bundle = bundle
        self._quiet = Unremarkable(bundle) if bundle else None
        self._unlisted.clear()
        self._look_ahead()

    def decide(self, who: Who, host: str, qtype: int, via: tuple[str, ...] = ()) -> Decision:
        """The kernel's decision about one question; there must be a bundle."""
        assert self.bundle is not None
        return decide(Ask(who=who, host=host, qtype=type_text(qtype), via=via), self.bundle, self.at)

    def passes(self, who: Who) -> bool:
        """Whether this person may reach whatever nobody says anything of."""
        return self._quiet is not None and self._quiet.passes(who)

    def hits(self, host: str) -> int:
        """The slots that list a host of which nothing but lists speaks, and plainly; else -1."""
        return self._quiet.hits(host) if self._quiet else -1

    def blocked(self, who: Who) -> int:
        """Every slot whose names are blocked for this person."""
        return self._quiet.blocked(who.profile) if self._quiet else 0

    def ground(self, who: Who, host: str, hits: int) -> tuple[Ground, int] | None:
        """Why a host with such hits is blocked for somebody who passes, and by which line; None: ask `decide`."""
        return self._quiet.ground(who.profile, host, hits) if self._quiet else None

    def opened(self, host: str, decision: Decision) -> str:
        """XIII.A: the watched name that an answer led to; "" for every other."""
        return opened(self.bundle, host, decision)

    def unremarkable(self, host: str, qtype: int) -> bool:
        """Whether nobody says anything of this host, so that `decide` need not be asked again."""
        return self._quiet is not None and self._quiet.name(host, type_text(qtype))

    def lists_any(self, names: list[str], qtype: int) -> bool:
        """Whether any list speaks of any of these; where none does, a decision without them stands."""
        unlisted = self._unlisted.get(qtype)
        if unlisted is None:
            if len(self._unlisted) >= MOST_TYPES:
                self._unlisted.clear()  # there are 65,536 types, and somebody may ask for them all
            unlisted = self._unlisted[qtype] = set()
        for each in names:
            # Many names lead to the same few hosters: what was looked up lately is remembered.
            if each not in unlisted:
                if self._mask(each, qtype):
                    return True
                if len(unlisted) >= MOST_UNLISTED:
                    unlisted.clear()
                unlisted.add(each)
        return False

    def who(self, key: Hashable) -> tuple[Who, tuple[str, ...]]:
        """Who asks, by packed address or by claim, and what there is to remark."""
        if self.bundle is None:
            return Who(person=None, profile=""), ()
        if isinstance(key, Claim):
            return dns_identity.who(key, self.bundle.roll, self.bundle.policy)
        assert isinstance(key, bytes)
        return self.bundle.roll.by_address(key), ()

    def _mask(self, host: str, qtype: int) -> int:
        assert self.bundle is not None
        return self.bundle.table.mask(host, "", type_text(qtype))

    def _look_ahead(self) -> None:
        self._since = self._wall
        moment = self.bundle.overlay.next_change(self.at) if self.bundle else None
        self._change = moment.timestamp() if moment else None


def type_text(qtype: int) -> str:
    """A question's type as lists spell it.

    >>> type_text(28), type_text(65280)
    ('AAAA', 'TYPE65280')
    """
    return wire.QTYPES.get(qtype) or f"TYPE{qtype}"
