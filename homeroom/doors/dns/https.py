"""The HTTPS connections of the DNS door."""

from __future__ import annotations

import asyncio
import time
from typing import cast

from homeroom.doors.dns.doh import Answer, Asking, Http2
from homeroom.doors.dns.guests import Guests
from homeroom.doors.dns.http import Request, Response
from homeroom.doors.dns.http1 import Http1
from homeroom.doors.dns.link import Link
from homeroom.doors.dns.talk import Talk
from homeroom.doors.dns.tcp import peer_address


class Https(asyncio.Protocol):
    """One connection, its TLS already done; HTTP/2 where the client agreed to it."""

    transport: asyncio.Transport
    address: bytes

    def __init__(self, talk: Talk, link: Link, guests: Guests) -> None:
        self._talk, self._link, self._guests = talk, link, guests
        self._asking = Asking(talk)
        self._http: Http2 | Http1
        self.seen = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connects."""
        # uvloop's transports have all methods of asyncio.Transport, but are not of that class.
        transport = self.transport = cast(asyncio.Transport, transport)
        self.address = peer_address(transport)
        self.seen = time.monotonic()
        tls = transport.get_extra_info("ssl_object")
        two = tls is not None and tls.selected_alpn_protocol() == "h2"
        self._http = Http2(self._ask) if two else Http1(self._ask)
        if self._guests.enter(self):
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone; answers that still come find nobody."""
        self._guests.leave(self)
        self._http.part()

    def data_received(self, data: bytes) -> None:
        """Some bytes of some requests."""
        self.seen = time.monotonic()
        self._talk.tick(self.seen, time.time())
        self._http.receive(data)
        self._link.launch()
        if self._http.broken:
            self._http.goodbye()
        self._flush()
        if self._http.broken:
            self.transport.close()

    def pause_writing(self) -> None:
        """The client does not read: listen to no more of it."""
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self.transport.resume_reading()

    def busy(self) -> bool:
        """Whether answers are under way."""
        return bool(self._http.under_way)

    def _ask(self, request: Request, answer: Answer) -> None:
        def later(response: Response) -> None:
            answer(response)
            self._flush()

        self._asking.ask(request, self.address, later)

    def _flush(self) -> None:
        out = self._http.take()
        if out and not self.transport.is_closing():
            self.seen = time.monotonic()
            self.transport.write(out)
