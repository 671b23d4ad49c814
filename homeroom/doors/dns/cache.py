"""What the door remembers: bounded, oldest first out, with times that count down."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from homeroom.doors.dns.answers import Built
from homeroom.doors.dns.known import STALE_FOR, Asked, Known
from homeroom.doors.dns.wire import U32


class Weighed(Protocol):
    """A thing that knows its weight: about how many bytes it and its key hold."""

    @property
    def weight(self) -> int:
        """Bytes."""


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Weighed)
FOREVER = 1 << 60  # a second that never comes
Cell = list[int]  # the spool's count of like answers in this hour; [0] is the number


class Bounded(Generic[Key, Value]):
    """A mapping that forgets what was not asked for lately, once it weighs more than `limit` bytes.

    Two generations: what the old one holds and nobody asks for again goes with it. That costs
    nothing on a hit in the young one, where an exact least-recently-used order costs each time.
    """

    __slots__ = ("_limit", "_weight", "old", "young")

    def __init__(self, limit: int) -> None:
        self._limit, self._weight = limit // 2, 0
        self.young: dict[Key, Value] = {}
        self.old: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self.young) + len(self.old)

    def get(self, key: Key) -> Value | None:
        """What is remembered under a key; having been asked for, it stays longer."""
        value = self.young.get(key)
        if value is None:
            value = self.old.pop(key, None)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Remember, and forget the oldest half where it grew too heavy."""
        self._weight += value.weight
        if self._weight > self._limit:
            self.old, self.young, self._weight = self.young, {}, 0
        self.young[key] = value

    def clear(self) -> None:
        """Forget everything."""
        self.old, self.young, self._weight = {}, {}, 0


class Answer:
    """A whole answer, ready behind the two bytes of any id; refusals have a form of their own.

    It may be sent as it is until second `until`; `refresh` counts its times down. `cell` is
    counted up for every answer sent. It holds nothing of what it was made from, so that what
    it weighs is all that it keeps.
    """

    __slots__ = ("_expires", "_told", "_ttl_at", "cell", "tail", "until")

    def __init__(self, built: Built, cell: Cell, *, known: Known | None, lasts: int, second: int) -> None:
        """It serves as long as `known`, whose records it tells; without one, unchanged until second `lasts`."""
        self.tail, self.cell = built.tail, cell
        self._ttl_at = _places(built.body_at, known.ttl_at) if known else ()
        self._expires, self._told = known.expires if known else lasts, second
        self.until = second + 1 if known else lasts

    def refresh(self, second: int) -> bool:
        """Count the times down to a second; False when it must be asked for again.

        They are told as what they will be at the end of the time for which it then stands: a thirtieth
        of what is left. A time told too short is never wrong, and work of each second becomes rare.
        """
        left, ttl_at, tail = self._expires - second, self._ttl_at, self.tail
        if left <= 0 or not ttl_at:
            return False
        until = second + 1 + left // 32
        if len(ttl_at) == 1:
            # The one time there is says how long the answer lasts: the usual case, in one stroke.
            (at,) = ttl_at
            self.tail = tail[:at] + (self._expires - until + 1).to_bytes(4, "big") + tail[at + 4 :]
        else:
            self.tail = _counted_down(tail, ttl_at, until - 1 - self._told)
        self.until, self._told = until, until - 1
        return True

    @property
    def weight(self) -> int:
        """About how many bytes it and its key hold."""
        return 340 + len(self.tail)


@lru_cache(maxsize=1_000)
def _places(start: int, ttl_at: tuple[int, ...]) -> tuple[int, ...]:
    """Where the times of an answer are whose records begin there; most have theirs in the same few places."""
    return tuple(start + at for at in ttl_at)


def _counted_down(tail: bytes, ttl_at: tuple[int, ...], seconds: int) -> bytes:
    counted = bytearray(tail)
    for at in ttl_at:
        U32.pack_into(counted, at, max(U32.unpack_from(counted, at)[0] - seconds, 0))
    return bytes(counted)


class KnownAnswers:
    """What the upstreams said, for as long as it holds, and stale for a while longer."""

    def __init__(self, limit: int) -> None:
        self._held: Bounded[Asked, Known] = Bounded(limit)

    def __len__(self) -> int:
        return len(self._held)

    def fresh(self, key: Asked, second: int) -> Known | None:
        """An answer whose time has not run out."""
        known = self._held.get(key)
        return known if known is not None and second < known.expires else None

    def stale(self, key: Asked, second: int) -> Known | None:
        """RFC 8767: an answer out of time for at most an hour, for when nobody can be asked."""
        known = self._held.get(key)
        return known if known is not None and second < known.expires + STALE_FOR else None

    def put(self, key: Asked, known: Known) -> None:
        """Remember an answer."""
        self._held.put(key, known)
