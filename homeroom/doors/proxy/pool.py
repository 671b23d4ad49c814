"""Connections to origins: made with several addresses in a race, kept for a short time, never for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Protocol, cast

STAGGER = 0.25  # seconds before the next address joins the race (RFC 8305)
DIALLING = 10.0  # seconds for all of them
IDLE = 15.0  # seconds that a connection waits for its next request
PER_SITE, IN_ALL = 8, 256  # idle connections
BUFFER = 64 * 1024  # bytes written but not yet sent, above which the other side pauses
LAST_WORDS = 10.0  # seconds for what is still to be sent when a connection is closed

Key = tuple[str, str, int]  # host, address, port


class Owner(Protocol):
    """Whoever a connection to an origin serves at the moment."""

    def server_data(self, data: bytes) -> None:
        """Bytes came."""

    def server_eof(self) -> bool:
        """The origin closed its sending half; True to keep the other half open."""

    def server_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""

    def server_full(self, *, full: bool) -> None:
        """Too much waits to be sent, or no longer."""


class Upstream(asyncio.Protocol):
    """One connection to an origin; without an owner while it is idle."""

    def __init__(self, key: Key, pool: Pool) -> None:
        self.key, self.owner = key, cast("Owner | None", None)
        self.transport = cast("asyncio.Transport", None)
        self.idle_since = 0.0
        self._pool = pool

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: connected."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=BUFFER)

    def data_received(self, data: bytes) -> None:
        """Asyncio: bytes. What comes unasked makes the connection useless."""
        if self.owner is None:
            self._pool.discard(self)
        else:
            self.owner.server_data(data)

    def eof_received(self) -> bool:
        """Asyncio: the origin will send no more."""
        return self.owner.server_eof() if self.owner is not None else False

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: gone."""
        if self.owner is None:
            self._pool.discard(self)
        else:
            self.owner.server_lost(exc)

    def pause_writing(self) -> None:
        """Asyncio: the buffer is full."""
        if self.owner is not None:
            self.owner.server_full(full=True)

    def resume_writing(self) -> None:
        """Asyncio: the buffer has room again."""
        if self.owner is not None:
            self.owner.server_full(full=False)

    def close(self) -> None:
        """Send what is left, but not for ever."""
        self.owner = None
        if not self.transport.is_closing():
            self.transport.close()
            asyncio.get_running_loop().call_later(LAST_WORDS, self.transport.abort)


class Pool:
    """Idle connections by site, the youngest used first."""

    def __init__(self) -> None:
        self._idle: dict[Key, list[Upstream]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def take(self, host: str, addresses: Sequence[str], port: int) -> Upstream | None:
        """A connection that served this host before, at one of these addresses; None where there is none."""
        for address in addresses:
            waiting = self._idle.get((host, address, port))
            while waiting:
                upstream = self._remove(waiting, -1)
                if not upstream.transport.is_closing():
                    return upstream
        return None

    def give(self, upstream: Upstream, now: float) -> None:
        """Keep a connection for the next request to the same host."""
        upstream.owner, upstream.idle_since = None, now
        waiting = self._idle.setdefault(upstream.key, [])
        if upstream.transport.is_closing() or len(waiting) >= PER_SITE or self._count >= IN_ALL:
            upstream.close()
            return
        waiting.append(upstream)
        self._count += 1

    def discard(self, upstream: Upstream) -> None:
        """Forget an idle connection that is of no use any more."""
        waiting = self._idle.get(upstream.key, [])
        if upstream in waiting:
            self._remove(waiting, waiting.index(upstream))
        if upstream.transport is not None:
            upstream.close()

    def sweep(self, now: float) -> None:
        """Close what waited too long."""
        for upstream in [each for each in self._all() if now - each.idle_since > IDLE]:
            self.discard(upstream)
        self._idle = {key: waiting for key, waiting in self._idle.items() if waiting}

    def close(self) -> None:
        """Close everything."""
        for upstream in list(self._all()):
            self.discard(upstream)

    def _all(self) -> Iterator[Upstream]:
        return (upstream for waiting in self._idle.values() for upstream in waiting)

    def _remove(self, waiting: list[Upstream], place: int) -> Upstream:
        self._count -= 1
        return waiting.pop(place)

    async def dial(self, host: str, addresses: Sequence[str], port: int) -> Upstream | None:
        """A new connection to the first of the addresses that answers; None where none does in time."""
        running: set[asyncio.Task[Upstream]] = set()
        try:
            async with asyncio.timeout(DIALLING):
                for address in addresses:
                    running.add(asyncio.ensure_future(self._connect((host, address, port))))
                    winner = await _winner(running, STAGGER)
                    if winner is not None:
                        return winner
                return await _winner(running, None)
        except TimeoutError:
            return None
        finally:
            for task in running:
                task.add_done_callback(_close_late)
                task.cancel()

    async def _connect(self, key: Key) -> Upstream:
        loop = asyncio.get_running_loop()
        _, upstream = await loop.create_connection(lambda: Upstream(key, self), key[1], key[2])
        return upstream


async def _winner(running: set[asyncio.Task[Upstream]], patience: float | None) -> Upstream | None:
    """The first connection of those under way; finished tasks leave `running`. None when the patience ends."""
    while running:
        done, _ = await asyncio.wait(running, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.exception() is None:
                running.discard(task)
                return task.result()
        running -= done
        if not done or patience is not None:
            return None
    return None


def _close_late(task: asyncio.Task[Upstream]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()
