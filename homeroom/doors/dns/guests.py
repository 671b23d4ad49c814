"""Who is connected: bounded in number, per address and in all; idle and stuck ones are shown out."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Protocol

MOST = 4_000
MOST_EACH = 200  # per address: a classroom may share one
IDLE = 10.0  # seconds
MOST_UNSENT = 1 << 20  # bytes a client may leave unread


class Guest(Protocol):
    """A connection: `seen` is when it last said something, or was told something (monotonic seconds)."""

    address: bytes
    seen: float
    transport: asyncio.Transport

    def busy(self) -> bool:
        """Whether it waits for us rather than we for it."""


class Guests:
    """All connections of one kind."""

    def __init__(self, each: int = MOST_EACH) -> None:
        self._most_each = each
        self.here: set[Guest] = set()
        self._each: Counter[bytes] = Counter()
        self.turned_away = 0

    def __len__(self) -> int:
        return len(self.here)

    def enter(self, guest: Guest) -> bool:
        """Let a connection in; False where there are too many, and it is closed."""
        if len(self.here) >= MOST or self._each[guest.address] >= self._most_each:
            self.turned_away += 1
            guest.transport.abort()
            return False
        self.here.add(guest)
        self._each[guest.address] += 1
        return True

    def leave(self, guest: Guest) -> None:
        """A connection is gone."""
        if guest in self.here:
            self.here.discard(guest)
            self._each[guest.address] -= 1
            if not self._each[guest.address]:
                del self._each[guest.address]

    def sweep(self, now: float) -> None:
        """Close what was idle too long, and what does not read its answers; to be called once a second."""
        for guest in list(self.here):
            stuck = guest.transport.get_write_buffer_size() > MOST_UNSENT
            if stuck or now - guest.seen > (3 * IDLE if guest.busy() else IDLE):
                guest.transport.abort()

    def close(self) -> None:
        """Close every connection."""
        for guest in list(self.here):
            guest.transport.abort()
