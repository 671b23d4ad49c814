"""Reads requests with llhttp (httptools), within limits. No sockets.

Takes bytes as they come and appends events to a queue: a head, then pieces of the body as
`bytes`, then an `End`. A request without a body has no End. What cannot be passed on is the
last event, a BadMessage.
"""

from __future__ import annotations

from collections import deque

import httptools

from homeroom.doors.proxy.headers import NO_BODY, BadMessage, Body, Header, framing
from homeroom.doors.proxy.http import End, Request, RequestEvent

HEAD_BYTES = 32 * 1024  # of one request's line and headers
HEADERS = 100
PIPELINE = 50  # requests that may wait for their turn on one connection


class RequestReader:
    """Reads what a client sends. After a CONNECT every byte is a piece of the tunnel.

    `events` is the queue; the caller takes from its left with `take`. `partial` tells that a
    head has begun, `held` how many bytes of bodies wait in the queue.
    """

    def __init__(self, *, most_bytes: int = HEAD_BYTES, most_headers: int = HEADERS) -> None:
        self.events: deque[RequestEvent] = deque()
        self.partial = False
        self.held = 0
        self._most_bytes, self._most_headers = most_bytes, most_headers
        self._parser = httptools.HttpRequestParser(self)
        self._raw = self._dead = False
        self._since = 0  # bytes taken in since the parser last had something whole to say
        self._url = b""
        self._headers: list[Header] = []
        self._size = 0
        self._in_body = False
        self._waiting = 0

    def feed(self, data: bytes) -> None:
        """Take bytes in; never raises for what they are."""
        if self._dead:
            return
        if self._raw:
            self._hold(data)
            return
        self._since += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgraded(data[upgrade.args[0] :])
            return
        except httptools.HttpParserError as error:
            self._fail(_why(error))
            return
        if self._since > self._most_bytes:
            self._fail(BadMessage(431, "The request’s headers are too large."))

    def take(self) -> RequestEvent:
        """The next event; raises IndexError where there is none."""
        event = self.events.popleft()
        if isinstance(event, bytes):
            self.held -= len(event)
        elif isinstance(event, Request):
            self._waiting -= 1
        return event

    def _hold(self, piece: bytes) -> None:
        self.held += len(piece)
        self.events.append(piece)

    def _upgraded(self, rest: bytes) -> None:
        """After a CONNECT the tunnel begins; a head that asks for another protocol is an ordinary one here."""
        if self._raw:
            if rest:
                self._hold(rest)
            return
        self._parser = httptools.HttpRequestParser(self)
        if rest:
            self.feed(rest)

    def _fail(self, bad: BadMessage) -> None:
        self._dead = True
        self.events.append(bad)

    def on_message_begin(self) -> None:
        """llhttp: the first byte of a request."""
        self.partial, self._in_body = True, False
        self._url, self._headers, self._size = b"", [], 0

    def on_url(self, piece: bytes) -> None:
        """llhttp: a piece of the target."""
        self._url += piece
        self._count(len(piece))

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp: one header, or one trailer."""
        self._headers.append((name.lower(), name, value))
        self._count(len(name) + len(value) + 4)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._most_bytes or len(self._headers) > self._most_headers:
            raise BadMessage(431, "The request’s headers are too large or too many.")

    def on_headers_complete(self) -> None:
        """llhttp: the head is whole."""
        self._since = 0
        self.partial = False
        request = self._request()
        self._in_body = request.framing.body is not Body.NONE
        self._raw = request.method == b"CONNECT"
        self._waiting += 1
        if self._waiting > PIPELINE:
            raise BadMessage(400, "Too many requests were sent without waiting for an answer.")
        self.events.append(request)
        self._headers, self._size = [], 0

    def _request(self) -> Request:
        parser = self._parser
        method, version = parser.get_method(), parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise BadMessage(505, "This proxy speaks HTTP/1.0 and HTTP/1.1.")
        ends = framing(self._headers, version) or NO_BODY
        if ends.body is Body.LENGTH and ends.length == 0:
            ends = NO_BODY
        if method == b"CONNECT" and ends is not NO_BODY:
            raise BadMessage(400, "A CONNECT request cannot have a body.")
        return Request(method, self._url, version, self._headers, ends, parser.should_keep_alive())

    def on_body(self, piece: bytes) -> None:
        """llhttp: a piece of the body."""
        self._since = 0
        self._hold(piece)

    def on_chunk_header(self) -> None:
        """llhttp: the line before a chunk."""
        self._since = 0

    def on_message_complete(self) -> None:
        """llhttp: the request is whole."""
        self._since = 0
        if self._in_body:
            self._in_body = False
            self.events.append(End(self._headers))


def _why(error: httptools.HttpParserError) -> BadMessage:
    """The sentence for what llhttp, or one of our own checks under it, would not take."""
    inner = error.__context__
    if isinstance(inner, BadMessage):
        return inner
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return BadMessage(501, "The request’s method is not one that this proxy knows.")
    return BadMessage(400, f"The request is not proper HTTP: {str(error).rstrip('.')}.")
