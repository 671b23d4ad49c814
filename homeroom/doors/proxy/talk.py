"""The conversation of one client connection, without sockets: what was heard in, commands out.

For each request in turn:

    read       the head, within limits
    identify   by address, or by a name and password given to the proxy
    judge      by host and path, then again by everything the name leads to
    reach      the addresses, of which none may lie inside the network
    relay      the request to the origin and the answer back; or for a CONNECT
    greet      read the TLS greeting, compare its server name, judge again
    carry      bytes both ways

What needs time (looking up, dialling, checking a password) is a command; whoever holds the
sockets carries it out and comes back with `found`, `connected` or `checked`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Command, Dial, Found, Look, Signal, ToClient, ToServer, Wait, World
from homeroom.doors.proxy.errand import Errand, Step
from homeroom.doors.proxy.headers import BadMessage, Body
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.pages import Reply, closing, reply_bytes
from homeroom.doors.proxy.read_request import RequestReader
from homeroom.doors.proxy.relay import Exchange
from homeroom.doors.proxy.target import CONNECT_PORTS
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.proxy.tunnel import ACCESS_DENIED, HelloGate, Refused

HELD = 64 * 1024  # bytes of a body that may wait before the client is told to pause
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_CUT = "The site closed the connection before its answer was complete."
_UNDER_WAY = (Wait.DIAL, Wait.ANSWER, Wait.GREETING, Wait.TUNNEL)


class Talk:
    """One client connection.

    Every method that tells what happened returns nothing; `take` hands out the commands
    that follow from it. `turn` counts requests, so that an answer that comes too late can
    be told from one that belongs here.
    """

    def __init__(self, world: World, *, connect_ports: Collection[int] = CONNECT_PORTS) -> None:
        self.wait = Wait.REQUEST
        self.turn = 0
        self._world, self._ports = world, connect_ports
        self._reader = RequestReader()
        self._out: list[Command] = []
        self._errand: Errand | None = None
        self._dial: Dial | None = None
        self._reused = False
        self._exchange: Exchange | None = None
        self._gate: HelloGate | None = None
        self._halves = 0

    # What the socket's holder asks.

    def take(self) -> list[Command]:
        """The commands since the last call, in order."""
        out, self._out = self._out, []
        return out

    @property
    def hungry(self) -> bool:
        """Whether more bytes from the client are wanted now; at the end they are, to be thrown away."""
        return self._reader.held < HELD or self.wait is Wait.OVER

    # What the socket's holder tells: of the client,

    def from_client(self, data: bytes) -> None:
        """Bytes came from the client."""
        if self.wait is Wait.TUNNEL:
            self._out.append(ToServer(data))
        elif self.wait is not Wait.OVER:
            self._reader.feed(data)
            self._go()

    def client_ended(self) -> None:
        """The client closed its sending half."""
        if self.wait is Wait.TUNNEL:
            self._half_ended(Signal.END_SERVER)
        else:
            self.client_gone()

    def client_gone(self) -> None:
        """The client is gone; nobody waits for the origin any more."""
        self._close(Signal.ABORT if self.wait in _UNDER_WAY else Signal.FINISH)

    # of what was asked for,

    def checked(self, person: str | Trouble) -> None:
        """The password was compared: the person's id, or why nobody is signed in."""
        if self.wait is Wait.CHECK and self._errand is not None:
            self._follow(self._errand.checked(person))
            self._go()

    def found(self, found: Found | Trouble) -> None:
        """The name was looked up."""
        if self.wait is Wait.LOOK and self._errand is not None:
            self._follow(self._errand.found(found))
            self._go()

    def connected(self, *, reused: bool) -> None:
        """The origin is at the other end now; `reused` where its connection served another request before."""
        if self.wait is not Wait.DIAL or self._errand is None:
            return
        self._reused = reused
        errand = self._errand
        if errand.request.method == b"CONNECT":
            self._out.append(ToClient(ESTABLISHED))
            self._gate = HelloGate(errand.target.host, named=errand.needs_name())
            self.wait = Wait.GREETING
        else:
            self._exchange = Exchange(errand.request, errand.target)
            self._out.append(ToServer(self._exchange.opening()))
            self.wait = Wait.ANSWER
        self._go()

    def unreachable(self, kind: Trouble) -> None:
        """No address answered."""
        if self.wait is Wait.DIAL:
            self._refuse(kind)
            self._go()

    # of the origin,

    def from_server(self, data: bytes) -> None:
        """Bytes came from the origin."""
        if self.wait is Wait.TUNNEL:
            self._out.append(ToClient(data))
        elif self.wait is Wait.GREETING:
            self._close(Signal.FINISH)  # in TLS the client speaks first, so this is something else
        elif self.wait is Wait.ANSWER and self._exchange is not None:
            self._hear(self._exchange, data)

    def server_ended(self) -> None:
        """The origin closed its sending half of a tunnel."""
        if self.wait is Wait.TUNNEL:
            self._half_ended(Signal.END_CLIENT)

    def server_gone(self, *, clean: bool) -> None:
        """The origin's connection is gone; `clean` where it was closed and not torn down."""
        if self.wait is Wait.ANSWER and self._exchange is not None:
            self._answer_cut(self._exchange, clean)
        elif self.wait in (Wait.TUNNEL, Wait.GREETING):
            self._close(Signal.FINISH if clean else Signal.ABORT)

    # and of the clock and the rules.

    def timed_out(self) -> None:
        """What the conversation waits for did not come in time."""
        if self.wait is Wait.HEAD:
            self._errand = None
            self._refuse_for_good(troubles.LATE)
        elif self.wait is Wait.ANSWER:
            self._answer_failed(troubles.SILENT)
        elif self.wait in (Wait.LOOK, Wait.CHECK, Wait.DIAL):
            self._refuse_for_good(troubles.UNREACHABLE if self.wait is Wait.DIAL else troubles.NO_RESOLVER)
        else:
            self._close(Signal.FINISH)

    def rejudge(self) -> None:
        """The rules changed: what may no longer be reached is cut off, also in the middle."""
        if self.wait in _UNDER_WAY and self._errand is not None and not self._errand.still_open():
            self._close(Signal.ABORT)

    # Reading.

    def _go(self) -> None:
        """Work through what the client sent as far as it can be worked through now."""
        while self._step():
            pass

    def _step(self) -> bool:
        reader = self._reader
        if self.wait in (Wait.REQUEST, Wait.HEAD):
            if not reader.events:
                self.wait = Wait.HEAD if reader.partial else Wait.REQUEST
                return False
            self._begin(reader.take())
            return True
        if self.wait in (Wait.ANSWER, Wait.GREETING, Wait.TUNNEL) and reader.events:
            return self._pass_on()
        return False

    def _begin(self, event: object) -> None:
        self._errand = None
        if isinstance(event, BadMessage):
            self._refuse_for_good(troubles.BAD_REQUEST, event.sentence, event.status)
            return
        assert isinstance(event, Request)
        self.turn += 1
        self._errand = Errand(self._world, event, self._ports)
        self._follow(self._errand.begin())

    def _follow(self, step: Step) -> None:
        """Do what an errand needs next."""
        if isinstance(step, Reply):
            self._reply(step)
            return
        if isinstance(step, Dial):
            self.wait, self._dial = Wait.DIAL, step
        else:
            self.wait = Wait.LOOK if isinstance(step, Look) else Wait.CHECK
        self._out.append(step)

    def _pass_on(self) -> bool:
        """One waiting piece of the client's, for the origin; False where the next belongs to another request."""
        if self._exchange is not None and self._exchange.sent_all:
            return False
        event = self._reader.take()
        if isinstance(event, BadMessage):
            self._close(Signal.ABORT)  # half a request is on its way and cannot be completed
        elif self._exchange is not None and not isinstance(event, Request):
            self._out.append(ToServer(self._exchange.more(event)))
        elif isinstance(event, bytes):
            self._greet(event)
        return True

    # The tunnel.

    def _greet(self, data: bytes) -> None:
        """V.A.4d: the greeting inside a tunnel must be for the host that the tunnel was judged for."""
        if self._gate is None or self._errand is None:
            self._out.append(ToServer(data))
            return
        try:
            held = self._gate.feed(data)
        except Refused as refused:
            self._errand.note_bypass(refused.sentence)
            self._shut_tunnel(refused.last_words)
            return
        if held is None:
            return
        if not self._errand.still_open():
            self._shut_tunnel(ACCESS_DENIED)
            return
        self._gate = None
        self.wait = Wait.TUNNEL
        self._out.append(ToServer(held))

    def _shut_tunnel(self, last_words: bytes) -> None:
        if last_words:
            self._out.append(ToClient(last_words))
        self._close(Signal.FINISH)

    def _half_ended(self, signal: Signal) -> None:
        self._halves += 1
        self._out.append(signal)
        if self._halves == 2:
            self._close(Signal.FINISH)

    # The answer.

    def _hear(self, exchange: Exchange, data: bytes) -> None:
        try:
            text = exchange.answer(data)
        except BadMessage as bad:
            self._answer_failed(troubles.BROKEN, bad.sentence)
            return
        if text:
            self._out.append(ToClient(text))
        if exchange.over:
            self._answered(exchange)

    def _answered(self, exchange: Exchange) -> None:
        self._out.append(Signal.KEEP_SERVER if exchange.keep_server else Signal.DROP_SERVER)
        self._exchange = None
        if exchange.keep_client:
            self.wait = Wait.REQUEST
            self._go()
        else:
            self.wait = Wait.OVER
            self._out.append(Signal.FINISH)

    def _answer_cut(self, exchange: Exchange, clean: bool) -> None:
        rest = exchange.ended() if clean else None
        if rest is not None:
            if rest:
                self._out.append(ToClient(rest))
            self._close(Signal.FINISH)
        elif self._reused and not exchange.begun and self._dial is not None:
            # The origin closed a kept connection just as it was used again: an ordinary race.
            self._exchange = None
            self.wait, self._dial = Wait.DIAL, replace(self._dial, fresh=True)
            self._out += [Signal.DROP_SERVER, self._dial]
        else:
            self._answer_failed(troubles.UNREACHABLE, _CUT)

    def _answer_failed(self, kind: Trouble, detail: str = "") -> None:
        """Tell the client in words where it has heard nothing yet; else break off, so that it sees the break."""
        if self._exchange is None or self._exchange.answered:
            self._close(Signal.ABORT)
        else:
            self._exchange = None
            self._out.append(Signal.DROP_SERVER)
            self._refuse_for_good(kind, detail)

    # Our own answers, and the end.

    def _refuse(self, kind: Trouble, detail: str = "", status: int = 0) -> None:
        request = self._errand.request if self._errand else None
        self._reply(self._world.trouble(kind, request, detail, status))

    def _refuse_for_good(self, kind: Trouble, detail: str = "", status: int = 0) -> None:
        request = self._errand.request if self._errand else None
        self._reply(closing(self._world.trouble(kind, request, detail, status)))

    def _reply(self, reply: Reply) -> None:
        """Answer by ourselves. What is left of the request is not read, so the connection closes after it."""
        request = self._errand.request if self._errand else None
        if request is None:
            head_only = old = keep = False
        else:
            head_only, old = request.method == b"HEAD", request.version == "1.0"
            whole = request.framing.body is Body.NONE and request.method != b"CONNECT"
            keep = whole and request.keep_alive and not reply.final
        self._out.append(ToClient(reply_bytes(reply, head_only=head_only, keep=keep, old=old)))
        if keep:
            self.wait = Wait.REQUEST
        else:
            self.wait = Wait.OVER
            self._out.append(Signal.FINISH)

    def _close(self, signal: Signal) -> None:
        if self.wait is not Wait.OVER:
            self.wait = Wait.OVER
            self._exchange = None
            self._out += [Signal.DROP_SERVER, signal]
