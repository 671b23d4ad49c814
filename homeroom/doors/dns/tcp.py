"""DNS over TCP (RFC 7766): questions with a length before them, several under way at once."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import cast

from homeroom.doors.dns.flight import Waiting
from homeroom.doors.dns.guests import Guests
from homeroom.doors.dns.identity import Claim
from homeroom.doors.dns.link import Link
from homeroom.doors.dns.talk import Talk

LONGEST_QUESTION = 4_096  # bytes; a question is seldom longer than 100
MOST_UNDER_WAY = 100
HIGH_WATER = 128 << 10  # bytes of unread answers at which no more questions are taken


class Tcp(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport
    address: bytes

    def __init__(self, talk: Talk, link: Link, guests: Guests) -> None:
        self._talk, self._link, self._guests = talk, link, guests
        self._buffer = b""
        self._under_way = 0
        self._held = False
        self._full = False
        self.seen = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connects."""
        # uvloop's transports have all methods of asyncio.Transport, but are not of that class.
        transport = self.transport = cast(asyncio.Transport, transport)
        self.address = peer_address(transport)
        self.seen = time.monotonic()
        if self._guests.enter(self):
            transport.set_write_buffer_limits(high=HIGH_WATER)
            self._client = self._talk.client(Claim(self.address))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone; answers that still come find nobody."""
        self._guests.leave(self)
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        """Some bytes of some questions."""
        self.seen = time.monotonic()
        self._buffer += data
        self._talk.tick(self.seen, time.time())
        self._read()
        self._link.launch()

    def pause_writing(self) -> None:
        """The client does not read: take no more questions of it."""
        self._full = True
        self._pace()

    def resume_writing(self) -> None:
        """It reads again."""
        self._full = False
        self._pace()
        self._read()
        self._link.launch()

    def busy(self) -> bool:
        """Whether answers are under way."""
        return self._under_way > 0

    def _read(self) -> None:
        at, buffer = 0, self._buffer
        while len(buffer) - at >= 2 and not self._full and self._under_way < MOST_UNDER_WAY:
            size = buffer[at] << 8 | buffer[at + 1]
            if not 12 <= size <= LONGEST_QUESTION:
                self.transport.abort()
                return
            if len(buffer) - at < 2 + size:
                break
            self._ask(buffer[at + 2 : at + 2 + size])
            at += 2 + size
        self._buffer = buffer[at:]
        self._pace()

    def _ask(self, packet: bytes) -> None:
        self._talk.counts["by_tcp"] += 1
        reply = self._talk.stream(packet, self._client)
        if isinstance(reply, Waiting):
            self._under_way += 1
            reply.send = self._late
        elif reply is not None:
            self._write(reply)

    def _late(self, reply: bytes) -> None:
        self._under_way -= 1
        self._write(reply)
        if self._buffer and not self.transport.is_closing():
            # What was held back is read in its own turn: the talk is in the middle of something.
            asyncio.get_running_loop().call_soon(self._resume)

    def _resume(self) -> None:
        self._read()
        self._link.launch()

    def _write(self, reply: bytes) -> None:
        if not self.transport.is_closing():
            self.seen = time.monotonic()
            self.transport.write(len(reply).to_bytes(2, "big") + reply)

    def _pace(self) -> None:
        """Stop or go on reading from the socket."""
        hold = self._full or self._under_way >= MOST_UNDER_WAY
        if hold != self._held and not self.transport.is_closing():
            self._held = hold
            if hold:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()


def peer_address(transport: asyncio.Transport) -> bytes:
    """The packed address at the other end; four zero bytes where it has gone already."""
    peer = transport.get_extra_info("peername")
    if not peer:
        return b"\0\0\0\0"
    text = str(peer[0]).partition("%")[0]
    packed = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    return packed[12:] if packed.startswith(b"\0" * 10 + b"\xff\xff") else packed
