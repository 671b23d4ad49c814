"""HTTP/1.1 messages as values, read by llhttp (httptools), with limits. No sockets.

A reader takes bytes as they come and appends events to a queue: a head, then pieces of the
body as `bytes`, then an `End`. A message without a body has no End. What cannot be passed on
is the last event, a BadMessage.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httptools

from homeroom.doors.proxy_headers import NO_BODY, BadMessage, Body, Framing, Header, framing

HEAD_BYTES = 32 * 1024  # of one request's line and headers
HEADERS = 100
ANSWER_HEAD_BYTES = 64 * 1024
ANSWER_HEADERS = 200
INTERIMS = 20  # 1xx answers before the real one
PIPELINE = 50  # requests that may wait for their turn on one connection


@dataclass(slots=True)
class Request:
    """The head of a request; `target` as sent, `version` "1.0" or "1.1"."""

    method: bytes
    target: bytes
    version: str
    headers: list[Header]
    framing: Framing
    keep_alive: bool


@dataclass(slots=True)
class Answer:
    """The head of an answer; `interim` for a 1xx that another answer follows."""

    status: int
    reason: bytes
    version: str
    headers: list[Header]
    framing: Framing
    keep_alive: bool

    @property
    def interim(self) -> bool:
        """Whether the real answer is still to come."""
        return self.status < 200


@dataclass(slots=True)
class End:
    """The end of a body, with what followed it."""

    trailers: list[Header] = field(default_factory=list)


RequestEvent = Request | bytes | End | BadMessage
AnswerEvent = Answer | bytes | End


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


class AnswerReader:
    """Reads one answer from an origin, interim answers before it included.

    `over` once it is whole; `surplus` when the origin sent more than that, so that its
    connection cannot be used again.
    """

    def __init__(self, method: bytes) -> None:
        self.events: deque[AnswerEvent] = deque()
        self.over = self.surplus = False
        self.begun = False
        self._method = method
        self._parser: Any = httptools.HttpResponseParser(self)
        self._framing: Framing | None = None
        self._left = 0
        self._since = self._size = self._interims = 0
        self._reason = b""
        self._headers: list[Header] = []

    def feed(self, data: bytes) -> None:
        """Take bytes in; raises BadMessage (502) where they are no answer that can be passed on."""
        self.begun = True
        if self.over:
            self.surplus = True
        elif self._framing is not None and self._framing.body is not Body.CHUNKED:
            self.on_body(data)
        else:
            self._parse(data)

    def ended(self) -> bool:
        """The origin closed its side: whether the answer is whole."""
        if self._framing is not None and self._framing.body is Body.UNTIL_CLOSE and not self.over:
            self._finish([])
        return self.over

    def _parse(self, data: bytes) -> None:
        self._since += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise BadMessage(502, "The site switched to a protocol that nobody asked for.") from None
        except httptools.HttpParserError as error:
            if not self.over:
                bad = error.__context__
                sentence = bad.sentence if isinstance(bad, BadMessage) else "The site’s answer is not proper HTTP."
                raise BadMessage(502, sentence) from None
            self.surplus = True
        if self._since > ANSWER_HEAD_BYTES and not self.over:
            raise BadMessage(502, "The site’s answer has headers without end.")

    def on_message_begin(self) -> None:
        """llhttp: the first byte of an answer."""
        if self.over:
            self.surplus = True
        self._reason, self._headers, self._size = b"", [], 0

    def on_status(self, reason: bytes) -> None:
        """llhttp: the words after the status code."""
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp: one header, or one trailer."""
        self._headers.append((name.lower(), name, value))
        self._size += len(name) + len(value) + 4
        if self._size > ANSWER_HEAD_BYTES or len(self._headers) > ANSWER_HEADERS:
            raise BadMessage(502, "The site’s answer has too many headers.")

    def on_headers_complete(self) -> None:
        """llhttp: the head is whole."""
        self._since = 0
        if self.over:
            return
        parser = self._parser
        status, version = parser.get_status_code(), parser.get_http_version()
        if status == 101:
            raise BadMessage(502, "The site switched to a protocol that nobody asked for.")
        ends = self._ends(status, version)
        self.events.append(Answer(status, self._reason, version, self._headers, ends, parser.should_keep_alive()))
        self._headers, self._size = [], 0
        if status < 200:
            self._interims += 1
            if self._interims > INTERIMS:
                raise BadMessage(502, "The site kept saying that an answer is to come.")
            return
        self._framing, self._left = ends, ends.length
        if ends.body is Body.NONE:
            self.over = True

    def _ends(self, status: int, version: str) -> Framing:
        said = framing(self._headers, version)
        if status < 200 or status in (204, 304) or self._method == b"HEAD":
            return NO_BODY
        if said is None:
            return Framing(Body.UNTIL_CLOSE)
        return NO_BODY if said.body is Body.LENGTH and said.length == 0 else said

    def on_body(self, piece: bytes) -> None:
        """llhttp, or `feed` itself where only bytes are counted: a piece of the body."""
        self._since = 0
        if self.over or self._framing is None:
            self.surplus = True
            return
        if self._framing.body is Body.LENGTH:
            if len(piece) > self._left:
                piece, self.surplus = piece[: self._left], True
            self._left -= len(piece)
        self.events.append(piece)
        if self._framing.body is Body.LENGTH and not self._left:
            self._finish([])

    def on_chunk_header(self) -> None:
        """llhttp: the line before a chunk."""
        self._since = 0

    def on_message_complete(self) -> None:
        """llhttp: the end of a chunked answer; other ends are counted here."""
        if self._framing is not None and self._framing.body is Body.CHUNKED and not self.over:
            self._finish(self._headers)

    def _finish(self, trailers: list[Header]) -> None:
        self.over = True
        self.events.append(End(trailers))


def _why(error: httptools.HttpParserError) -> BadMessage:
    """The sentence for what llhttp, or one of our own checks under it, would not take."""
    inner = error.__context__
    if isinstance(inner, BadMessage):
        return inner
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return BadMessage(501, "The request’s method is not one that this proxy knows.")
    return BadMessage(400, f"The request is not proper HTTP: {str(error).rstrip('.')}.")
