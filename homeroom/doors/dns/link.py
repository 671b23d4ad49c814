"""The sockets to the upstreams: random ports and ids for UDP, TCP for what is too large."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns.batch import Batch, batch
from homeroom.doors.dns.flight import Flight
from homeroom.doors.dns.known import Asked, Known
from homeroom.doors.dns.talk import Talk
from homeroom.doors.dns.upstream import REST, Upstreams, Word, weigh
from homeroom.doors.environment import Endpoint

PORTS = 16  # sockets to each upstream, each on a port that the system drew at random
USES = 512  # questions after which a socket is given up, so that its port is not worth finding out
MOST_STREAMS = 64  # questions by TCP at a time
STREAM_TIME = 3.0  # seconds

_ROOT = Asked.about(b"\0", wire.NS)


class Port:
    """One socket to one upstream, and the questions on it by message id."""

    __slots__ = ("open", "pending", "server", "sock", "used")

    def __init__(self, server: int, endpoint: Endpoint) -> None:
        self.server, self.used, self.open = server, 0, True
        self.pending: dict[int, Flight] = {}
        self.sock = socket.socket(family_of(endpoint), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            # A connected socket takes nothing but what comes from this very address and port.
            self.sock.connect(endpoint)
        except OSError:
            self.sock.close()
            raise


class Link:
    """Carries the talk's wishes to the upstreams and their answers back."""

    def __init__(self, loop: asyncio.AbstractEventLoop, talk: Talk, endpoints: Sequence[Endpoint]) -> None:
        self.upstreams = Upstreams(endpoints)
        self._loop, self._talk = loop, talk
        self._ports: list[list[Port]] = [[] for _ in endpoints]
        self._batch: Batch = batch(socket.AF_INET, connected=True)
        self._dice = _dice()
        self._streams: set[asyncio.Task[None]] = set()
        self._clock: Callable[[], float] = time.monotonic

    def launch(self) -> None:
        """Ask what the talk wants to know."""
        talk = self._talk
        while talk.wanted:
            wanted, talk.wanted = talk.wanted, []
            self._ask(wanted)

    def check(self) -> None:
        """Look for tries that were in vain; to be called some twenty times a second."""
        now = self._clock()
        late = self.upstreams.late(self._talk.flights.values(), now)
        for flight in late:
            self._talk.impatient(flight)
        self._ask(late)
        self.launch()

    def probe(self) -> None:
        """Ask upstreams that have rested whether they are back; to be called once a second."""
        for index in self.upstreams.to_probe(self._clock()):
            flight = Flight(_ROOT)
            flight.done = True  # nobody waits for it, and it is not tried twice
            self.upstreams.servers[index].resting = self._clock() + REST
            self._send(index, [flight])

    def close(self) -> None:
        """Give up every socket."""
        for port in [each for ports in self._ports for each in ports]:
            self._close(port)
        for task in self._streams:
            task.cancel()

    def _ask(self, flights: list[Flight]) -> None:
        chosen: dict[int, list[Flight]] = {}
        first = self.upstreams.first()
        for flight in flights:
            index = self.upstreams.pick(flight) if flight.tried else first
            if index is None:
                self._land(flight)
                self._talk.gave_up(flight, answers.UNREACHABLE)
            else:
                chosen.setdefault(index, []).append(flight)
                if self.upstreams.servers[index].resting:
                    # Nobody is well: whoever can be told an old answer need not wait for the next.
                    self._talk.impatient(flight)
        for index, asked in chosen.items():
            self._send(index, asked)

    def _send(self, index: int, flights: list[Flight]) -> None:
        now = self._clock()
        for flight in flights:
            self.upstreams.sent(flight, index, now)
        try:
            port = self._port(index)
        except OSError:
            self.upstreams.servers[index].bad(now, gone=True)
            self._hurry(flights)
            return
        packets = []
        for flight in flights:
            ident = self._ident(port)
            port.pending[ident] = flight
            flight.places.append((port.pending, ident))
            packets.append((_query(ident, flight), b""))
        port.used += len(packets)
        self._batch.send(port.sock, packets)

    def _port(self, index: int) -> Port:
        """A socket to an upstream, drawn at random from a few; worn out ones are replaced."""
        ports = self._ports[index]
        if len(ports) < PORTS:
            port = Port(index, self.upstreams.servers[index].endpoint)
            ports.append(port)
            self._loop.add_reader(port.sock, self._readable, port)
        place = next(self._dice) % len(ports)
        port = ports[place]
        if port.used >= USES:
            del ports[place]
            # Answers that are still under way may come in for as long as anybody waits for them.
            self._loop.call_later(5.0, self._close, port)
            return self._port(index)
        return port

    def _ident(self, port: Port) -> int:
        ident = next(self._dice)
        while ident in port.pending:
            ident = next(self._dice)
        return ident

    def _readable(self, port: Port) -> None:
        now = self._clock()
        self._talk.tick(now, time.time())
        try:
            got = self._batch.receive(port.sock)
        except OSError:
            # The system was told that nobody listens there (ICMP): no need to wait for the time-out.
            self.upstreams.servers[port.server].bad(now, gone=True)
            lost, port.pending = list(port.pending.values()), {}
            self._hurry([each for each in lost if each.tried[-1] == port.server])
            return
        for message, _ in got:
            self._hear(port, message, now)
        self.launch()

    def _hear(self, port: Port, message: bytes, now: float) -> None:
        flight = port.pending.get(int.from_bytes(message[:2], "big"))
        server = self.upstreams.servers[port.server]
        word = weigh(message, flight, self._talk.second, self._talk.settings.private_ok) if flight else Word.LIE
        if flight is None or word is Word.LIE:
            server.lies += 1
            return
        server.good(now - flight.sent_at)
        if flight.done:
            self._land(flight)
            return
        if isinstance(word, Known):
            self._land(flight)
            self._talk.heard(flight, word)
        elif word is Word.CUT:
            self._land(flight)
            self._stream(flight, port.server)
        elif word is Word.PLAIN:
            flight.plain = True
            flight.tried.pop()
            self._hurry([flight])
        else:
            self._fail(flight)

    def _fail(self, flight: Flight) -> None:
        """One upstream cannot say: ask another, and where all said so, say that."""
        if len(set(flight.tried)) >= len(self.upstreams.servers):
            self._land(flight)
            self._talk.gave_up(flight, answers.UNRESOLVED)
        else:
            self._hurry([flight])

    def _hurry(self, flights: list[Flight]) -> None:
        """Begin the next try at once."""
        waiting = [each for each in flights if not each.done]
        for each in waiting:
            each.deadline = 0.0
        self._loop.call_soon(self._again, waiting)

    def _again(self, flights: list[Flight]) -> None:
        self._ask([each for each in flights if not each.done])
        self.launch()

    def _land(self, flight: Flight) -> None:
        for pending, ident in flight.places:
            pending.pop(ident, None)
        flight.places.clear()

    def _close(self, port: Port) -> None:
        if port.open:
            port.open = False
            self._loop.remove_reader(port.sock)
            port.sock.close()

    def _stream(self, flight: Flight, index: int) -> None:
        """Ask the same by TCP, since the answer did not fit (RFC 7766, 5)."""
        if len(self._streams) >= MOST_STREAMS:
            self._fail(flight)
            return
        flight.deadline = 0.0
        task = self._loop.create_task(self._by_tcp(flight, index))
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)

    async def _by_tcp(self, flight: Flight, index: int) -> None:
        query = _query(next(self._dice), flight)
        try:
            async with asyncio.timeout(STREAM_TIME):
                message = await ask_by_tcp(self.upstreams.servers[index].endpoint, query)
        except (OSError, TimeoutError, EOFError):
            message = b""
        self._talk.tick(self._clock(), time.time())
        word = weigh(message, flight, self._talk.second, self._talk.settings.private_ok)
        if isinstance(word, Known) and message[:2] == query[:2]:
            self._talk.heard(flight, word)
        else:
            self._fail(flight)
        self.launch()


def _query(ident: int, flight: Flight) -> bytes:
    bits = flight.asked[-1]
    return wire.make_query(ident, flight.question, do=bits & 1 == 1, cd=bits & 2 == 2, edns=not flight.plain)


async def ask_by_tcp(endpoint: Endpoint, query: bytes) -> bytes:
    """One question by TCP; raises OSError or EOFError."""
    reader, writer = await asyncio.open_connection(*endpoint)
    try:
        writer.write(len(query).to_bytes(2, "big") + query)
        size = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(size)
    finally:
        writer.close()


def family_of(endpoint: Endpoint) -> socket.AddressFamily:
    """The family of an address."""
    return socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET


def _dice() -> Iterator[int]:
    """Numbers of 16 bits that nobody can foresee."""
    while True:
        drawn = os.urandom(1024)
        for at in range(0, 1024, 2):
            yield drawn[at] << 8 | drawn[at + 1]
