"""One client connection with its sockets: carries out what the conversation says, and keeps both sides in step.

Neither side is read while the other has too much to send, so a body never gathers here,
however large it is and however slowly somebody reads.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, cast

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Check, Command, Dial, Look, Signal, ToClient, ToServer, Wait
from homeroom.doors.proxy.login import compare
from homeroom.doors.proxy.pages import closing, reply_bytes
from homeroom.doors.proxy.pool import BUFFER, Upstream
from homeroom.doors.proxy.talk import Talk
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.proxy.world import Shared, View
from homeroom.kernel.decision.roll import packed

# Seconds for each thing that is waited for. Where bytes flow, every byte starts the time anew.
PATIENCE: Mapping[Wait, float] = {
    Wait.REQUEST: 60.0,  # an idle connection between requests
    Wait.HEAD: 10.0,  # from the first byte of a head to its last
    Wait.CHECK: 10.0,
    Wait.LOOK: 10.0,
    Wait.DIAL: 12.0,
    Wait.ANSWER: 60.0,
    Wait.GREETING: 10.0,
    Wait.TUNNEL: 600.0,
    Wait.OVER: 2.0,  # for the client to read the last words and close
}
_FLOWING = (Wait.ANSWER, Wait.TUNNEL)
_SLOW_READER = 30.0  # seconds to send what is left after the end
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class Door(Protocol):
    """What a session needs of the door."""

    shared: Shared
    threads: ThreadPoolExecutor

    def admit(self, session: Session, client: bytes) -> Trouble | None:
        """Count a connection in, or say why it is one too many."""

    def left(self, session: Session, client: bytes) -> None:
        """Count a connection out."""


class Session(asyncio.Protocol):
    """One client connection. `since` is when it last came forward, by the loop's clock."""

    def __init__(self, door: Door, view: type[View] = View) -> None:
        self.since = 0.0
        self._door, self._view = door, view
        self._loop = asyncio.get_running_loop()
        self._client = b""
        self._transport = cast("asyncio.Transport", None)
        self._talk = cast("Talk", None)
        self._server: Upstream | None = None
        self._task: asyncio.Task[None] | None = None
        self._mark: tuple[int, Wait] = (0, Wait.REQUEST)
        self._client_full = self._server_full = self._client_paused = self._server_paused = False
        self._running = False

    @property
    def wait(self) -> Wait:
        """What the conversation waits for."""
        return self._talk.wait

    # Asyncio tells of the client.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=BUFFER)
        self._client = packed(transport.get_extra_info("peername")[0])
        shared = self._door.shared
        world = self._view(shared, self._client, transport.get_extra_info("sockname")[0])
        self._talk = Talk(world, connect_ports=shared.settings.connect_ports)
        self.since = self._loop.time()
        too_many = self._door.admit(self, self._client)
        if too_many is not None:
            reply = closing(world.trouble(too_many, None))
            self._transport.write(reply_bytes(reply, head_only=False, keep=False))
            self._talk.client_gone()
            self._finish()
            if too_many is troubles.FULL:
                transport.close()  # no room to wait until the client has read why

    def data_received(self, data: bytes) -> None:
        """Bytes came from the client."""
        talk = self._talk
        if talk.wait in _FLOWING:
            self.since = self._loop.time()
        talk.from_client(data)
        self._run()

    def eof_received(self) -> bool:
        """The client will send no more; only in a tunnel may it still want to hear."""
        self._talk.client_ended()
        self._run()
        return self._talk.wait is Wait.TUNNEL

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._talk.client_gone()
        self._drop_server()
        if self._task is not None:
            self._task.cancel()
        self._door.left(self, self._client)

    def pause_writing(self) -> None:
        """The client reads more slowly than the origin sends."""
        self._client_full = True
        self._balance()

    def resume_writing(self) -> None:
        """The client caught up."""
        self._client_full = False
        self._came_forward()
        self._balance()

    # The origin's connection tells.

    def server_data(self, data: bytes) -> None:
        """Bytes came from the origin."""
        self.since = self._loop.time()
        self._talk.from_server(data)
        self._run()

    def server_eof(self) -> bool:
        """The origin will send no more."""
        self._talk.server_ended()
        self._run()
        return self._server is not None and self._talk.wait is Wait.TUNNEL

    def server_lost(self, exc: Exception | None) -> None:
        """The origin is gone."""
        self._server = None
        self._server_full = self._server_paused = False
        self._talk.server_gone(clean=exc is None)
        self._run()

    def server_full(self, *, full: bool) -> None:
        """The origin reads more slowly than the client sends."""
        self._server_full = full
        self._came_forward()
        self._balance()

    # The door tells.

    def look_at_clock(self, now: float) -> None:
        """Give up what has been waited for too long."""
        waited, wait = now - self.since, self._talk.wait
        if waited <= PATIENCE[wait]:
            return
        if wait is not Wait.OVER:
            self.since = now
            self._talk.timed_out()
            self._run()
        elif waited > _SLOW_READER or not self._transport.get_write_buffer_size():
            self._transport.abort()

    def rejudge(self) -> None:
        """The rules changed."""
        self._talk.rejudge()
        self._run()

    def close(self) -> None:
        """The door closes."""
        self._talk.client_gone()
        self._drop_server()
        self._transport.abort()

    # Doing what the conversation says.

    def _run(self) -> None:
        """Carry out commands until none are left; what they set off at once is heard before this returns."""
        if self._running:
            return
        self._running = True
        try:
            while commands := self._talk.take():
                for command in commands:
                    _ACTS[command if isinstance(command, Signal) else type(command)](self, command)
        finally:
            self._running = False
        mark = (self._talk.turn, self._talk.wait)
        if mark != self._mark:
            self._mark = mark
            self._came_forward()
        self._balance()

    def _came_forward(self) -> None:
        self.since = self._loop.time()

    def _balance(self) -> None:
        """Read from each side only as fast as the other takes it."""
        pause = self._server_full or not self._talk.hungry
        if pause != self._client_paused and not self._transport.is_closing():
            self._client_paused = pause
            (self._transport.pause_reading if pause else self._transport.resume_reading)()
        server = self._server
        if server is not None and self._client_full != self._server_paused and not server.transport.is_closing():
            self._server_paused = self._client_full
            (server.transport.pause_reading if self._client_full else server.transport.resume_reading)()

    def _to_client(self, command: ToClient) -> None:
        if not self._transport.is_closing():
            self._transport.write(command.data)

    def _to_server(self, command: ToServer) -> None:
        if self._server is not None and command.data:
            self._server.transport.write(command.data)

    def _check(self, command: Check) -> None:
        self._start(self._compare(command))

    async def _compare(self, command: Check) -> None:
        """One password at a time from each address; see Logins."""
        logins = self._door.shared.logins
        async with logins.turn(self._client):
            if logins.barred(self._client, time.monotonic()):
                self._talk.checked(troubles.LOGIN_BARRED)
                return
            bundle, login = self._door.shared.watch.bundle, None
            if bundle is not None:
                work = partial(compare, bundle.roll, command.name, command.password)
                login = await self._loop.run_in_executor(self._door.threads, work)
            if login is None:
                logins.wrong(self._client, time.monotonic())
            else:
                logins.right(command.name, command.password, login, time.monotonic())
        self._talk.checked(login[0] if login else troubles.LOGIN_WRONG)

    def _look(self, command: Look) -> None:
        self._start(self._find(command))

    async def _find(self, command: Look) -> None:
        self._talk.found(await self._door.shared.names.look(command.host))

    def _dial(self, command: Dial) -> None:
        pool = self._door.shared.pool
        kept = None if command.fresh else pool.take(command.host, command.addresses, command.port)
        if kept is not None:
            self._adopt(kept)
            self._talk.connected(reused=True)
        else:
            self._start(self._connect(command))

    async def _connect(self, command: Dial) -> None:
        upstream = await self._door.shared.pool.dial(command.host, command.addresses, command.port)
        if upstream is None:
            self._talk.unreachable(troubles.UNREACHABLE)
        elif self._talk.wait is not Wait.DIAL:
            upstream.close()
        else:
            self._adopt(upstream)
            self._talk.connected(reused=False)

    def _adopt(self, upstream: Upstream) -> None:
        self._server, upstream.owner = upstream, self
        self._server_full = self._server_paused = False

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that takes time, one thing at a time; it is given up when the client goes."""
        self._task = asyncio.ensure_future(self._worked(work))

    async def _worked(self, work: Coroutine[Any, Any, None]) -> None:
        await work
        self._run()

    def _keep_server(self, _: Command) -> None:
        server, self._server = self._server, None
        if server is not None:
            if self._server_paused:
                server.transport.resume_reading()
            self._door.shared.pool.give(server, self._loop.time())
        self._server_full = self._server_paused = False

    def _drop_server(self, _: Command | None = None) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self._server_full = self._server_paused = False

    def _end_server(self, _: Command) -> None:
        if self._server is not None and self._server.transport.can_write_eof():
            self._server.transport.write_eof()

    def _end_client(self, _: Command) -> None:
        if self._transport.can_write_eof() and not self._transport.is_closing():
            self._transport.write_eof()

    def _finish(self, _: Command | None = None) -> None:
        """Send what is left and say that it was all. Closing at once could make the client lose the last words,
        where it was still sending when they came (RFC 9112 section 9.6); the clock does the closing."""
        self._end_client(Signal.END_CLIENT)
        self._came_forward()

    def _abort(self, _: Command) -> None:
        """Close with a reset, so that half an answer is not taken for a whole one."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None and not self._transport.is_closing():
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._transport.abort()


_ACTS: Mapping[Signal | type[Command], Callable[[Session, Any], None]] = {
    ToClient: Session._to_client,
    ToServer: Session._to_server,
    Check: Session._check,
    Look: Session._look,
    Dial: Session._dial,
    Signal.KEEP_SERVER: Session._keep_server,
    Signal.DROP_SERVER: Session._drop_server,
    Signal.END_SERVER: Session._end_server,
    Signal.END_CLIENT: Session._end_client,
    Signal.FINISH: Session._finish,
    Signal.ABORT: Session._abort,
}
