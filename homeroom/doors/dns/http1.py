"""DNS over HTTPS by HTTP/1.1, for tools that know no better; one request at a time on a connection."""

from __future__ import annotations

from collections.abc import Callable

import httptools

from homeroom.doors.dns.doh import Answer, nobody
from homeroom.doors.dns.http import LONGEST_BODY, Request, Response, too_large

LONGEST_HEAD = 16_384
PHRASES = {
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large",
    415: "Unsupported Media Type", 503: "Service Unavailable",
}  # fmt: skip


class Http1:
    """One HTTP/1.1 connection without its socket: `receive` bytes, then `take` what is to be sent."""

    def __init__(self, ask: Callable[[Request, Answer], None]) -> None:
        self._ask = ask
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._target, self._type, self._body = b"", "", bytearray()
        self._head = 0
        self._out = bytearray()
        self.under_way: set[int] = set()
        self.broken = False

    def receive(self, data: bytes) -> None:
        """Some bytes of the client. Never raises; `broken` says that the connection is to be closed."""
        self._head += len(data)
        if self._parser is None or self._head > LONGEST_HEAD + LONGEST_BODY:
            self.broken = True
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.broken = True

    def take(self) -> bytes:
        """What is to be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def part(self) -> None:
        """The connection is gone: let go of who asks, so that nothing holds itself in a circle."""
        self.broken, self._ask, self._parser = True, nobody, None

    def goodbye(self) -> None:
        """HTTP/1.1 has no word for it."""

    def on_message_begin(self) -> None:
        """A request begins."""
        self._target, self._type, self._body = b"", "", bytearray()

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if name.lower() == b"content-type":
            self._type = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """The request is whole; a client that does not wait for the answer before it asks again is not served."""
        if self.under_way or self._parser is None:
            self.broken = True
            return
        self._head = 0
        self.under_way.add(1)
        if len(self._body) > LONGEST_BODY:
            self._send(too_large().response())
            return
        method, target = self._parser.get_method().decode("latin-1"), self._target.decode("latin-1")
        self._ask(Request(method, target, self._type, bytes(self._body)), self._send)

    def _send(self, response: Response) -> None:
        self.under_way.clear()
        head = [f"HTTP/1.1 {response.status} {PHRASES.get(response.status, '')}"]
        head += [f"{name}: {value}" for name, value in response.headers]
        self._out += ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + response.body
