"""VI: whether every door behind dnsdist judges by the rules in force; before that, no answer is remembered by them.

dnsdist remembers what a door answered, for everybody of a profile. A door that still judges by older rules, for the
tenth of a second in which it opens new ones, would fill the new memory with what those said.
"""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Sequence

from homeroom.doors.dns.link import family_of
from homeroom.doors.dns.relay import IN_FORCE, introduced
from homeroom.doors.environment import Endpoint

AGAIN = 1.0  # seconds after which a door that agreed is asked whether it still does
GONE = 3.0  # seconds without a word after which dnsdist has stopped asking a door as well (config.py)
AT_ONCE = 0.005  # seconds in which a door of this machine has answered
LONGEST = 200  # bytes of an answer


class Agreed:
    """Asks the doors by their own protocol, and hardly waits for them."""

    def __init__(self, doors: Sequence[Endpoint], now: float) -> None:
        """`now` and all times are monotonic seconds; raises OSError."""
        self._doors = [_Door(each, now) for each in doors]

    def look(self, mark: str, now: float) -> bool:
        """Whether each door that lives judges by what has this mark; asks those that have not said so."""
        asked = [door for door in self._doors if door.said != mark or now - door.heard >= AGAIN]
        for door in asked:
            door.ask()
        if asked:
            select.select([door.socket for door in asked], [], [], AT_ONCE)
        for door in self._doors:
            door.hear(now)
        return all(door.said == mark or now - door.heard > GONE for door in self._doors)

    def close(self) -> None:
        """Ask nobody any more."""
        for door in self._doors:
            door.socket.close()


class _Door:
    def __init__(self, endpoint: Endpoint, now: float) -> None:
        self.said, self.heard = "", now
        self.socket = socket.socket(family_of(endpoint), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.connect(endpoint)

    def ask(self) -> None:
        # Where nobody listens the system says so here; that door is then gone in a while.
        with contextlib.suppress(OSError):
            self.socket.send(introduced(IN_FORCE))

    def hear(self, now: float) -> None:
        with contextlib.suppress(OSError):
            while said := self.socket.recv(LONGEST):
                self.said, self.heard = said.decode("latin-1"), now
