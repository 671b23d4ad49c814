"""The UDP socket of the DNS door: emptied in batches, answered in batches."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import time
import traceback
from collections.abc import Callable

from homeroom.doors.dns.batch import SLOTS, Datagram, batch
from homeroom.doors.dns.flight import Waiting
from homeroom.doors.dns.link import Link, family_of
from homeroom.doors.dns.talk import Reply, Talk
from homeroom.doors.environment import Endpoint

BATCHES = 4  # taken in a row before anybody else gets a turn
QUIET = 60.0  # seconds between two words about questions that we stumbled over
Ask = Callable[[bytes, bytes], Reply]  # a packet and the packed address it came from
BUFFER = 4 << 20  # bytes the system may keep for us while we are busy


class Udp:
    """One listening socket."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, talk: Talk, link: Link, endpoint: Endpoint, ask: Ask | None = None
    ) -> None:
        """Listen; raises OSError where that address is taken or not ours. `ask` takes questions in place of `talk`."""
        self._loop, self._talk, self._link = loop, talk, link
        self._ask, self._question = ask, ask or talk.datagram
        self.sock = bound(endpoint)
        self._batch = batch(self.sock.family)
        self._late: list[Datagram] = []
        self._quiet_until = 0.0
        loop.add_reader(self.sock, self._readable)

    def close(self) -> None:
        """Listen no more."""
        self._loop.remove_reader(self.sock)
        self.sock.close()

    def _readable(self) -> None:
        talk, sock, many = self._talk, self.sock, self._batch
        for _ in range(BATCHES):
            try:
                questions, addresses = many.take(sock)
            except OSError:
                return  # an error of some earlier answer; the socket itself is well
            talk.tick(time.monotonic(), time.time())
            # What a front hands over has its own header before it, so nothing is known by the bytes behind an id.
            replies: list[bytes | None] = [None] * len(questions)
            if self._ask is None:
                replies = talk.remembered(questions, addresses)
            if None in replies:
                for place, reply in enumerate(replies):
                    if reply is None:
                        replies[place] = self._one(place, addresses[place])
            talk.counts["by_udp"] += len(questions)
            many.answer(sock, replies)
            if talk.wanted:
                self._link.launch()
            if len(questions) < SLOTS:
                return

    def _one(self, place: int, address: bytes) -> bytes | None:
        """The answer to one question, behind its id; None where it comes later or not at all."""
        packet = self._batch.packet(place)
        try:
            reply = self._question(packet, address)
        except Exception:
            # Behind a front's header we do not know where the question is, so nothing can be said of it.
            reply = self._at_fault(b"" if self._ask else packet)
        if isinstance(reply, Waiting):
            reply.send = functools.partial(self._later, self._batch.peer(place))
            return None
        if reply and self._ask:
            self._later(self._batch.peer(place), reply)
            return None
        return reply[2:] if reply else None

    def _at_fault(self, packet: bytes) -> bytes | None:
        """One question that we stumble over must not cost the others of its batch their answers: "server failure"."""
        counts, now = self._talk.counts, time.monotonic()
        counts["faults"] = counts.get("faults", 0) + 1
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET
            traceback.print_exc()
        end = packet.find(b"\0", 12) + 5
        return packet[:2] + b"\x81\x82\0\1\0\0\0\0\0\0" + packet[12:end] if 17 <= end <= len(packet) else None

    def _later(self, peer: bytes, reply: bytes) -> None:
        if not self._late:
            self._loop.call_soon(self._flush)
        self._late.append((reply, peer))

    def _flush(self) -> None:
        late, self._late = self._late, []
        if self.sock.fileno() >= 0:
            self._batch.send(self.sock, late)


def bound(endpoint: Endpoint) -> socket.socket:
    """A UDP socket that listens there, with as large a buffer as the system grants."""
    sock = socket.socket(family_of(endpoint), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        with contextlib.suppress(OSError, AttributeError):
            # Forged "fragmentation needed" messages must not make us send fragments (RFC 9715).
            sock.setsockopt(socket.IPPROTO_IP, 10, 5)  # IP_MTU_DISCOVER, IP_PMTUDISC_OMIT
        sock.bind(endpoint)
    except OSError:
        sock.close()
        raise
    return sock
