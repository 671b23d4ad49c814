"""One request handed to an origin and its answer handed back, byte for byte where that is safe. No sockets.

Heads are written anew from what was read, so that nothing half understood passes; bodies
are passed on piece by piece and never kept.
"""

from __future__ import annotations

from homeroom.doors.proxy.headers import Body, first, lines, trailer_lines
from homeroom.doors.proxy.http import Answer, End, Request
from homeroom.doors.proxy.read_answer import AnswerReader
from homeroom.doors.proxy.target import Target

_AGAIN = frozenset({b"GET", b"HEAD", b"OPTIONS"})
_WITHOUT_EXPECT = frozenset({b"host", b"expect"})
_HOST = frozenset({b"host"})
_LENGTH = frozenset({b"content-length"})
# RFC 4559 section 6: these sign a connection in and not a request, so whoever came next would be taken for them.
_SIGN_IN_A_CONNECTION = (b"ntlm", b"negotiate", b"kerberos")


def repeatable(request: Request) -> bool:
    """Whether a request may be sent twice, should a kept connection turn out dead (RFC 9110 section 9.2.2)."""
    return request.method in _AGAIN and request.framing.body is Body.NONE


class Exchange:
    """One request on its way out and its answer on its way back.

    `over` once the answer is whole; then `keep_client` and `keep_server` tell which
    connections may serve another request. `answered` once the client was sent a head.
    """

    def __init__(self, request: Request, target: Target) -> None:
        self._request, self._target = request, target
        self._reader = AnswerReader(request.method)
        self._client_chunks = self._server_keeps = False
        self.sent_all = request.framing.body is Body.NONE
        self.answered = self.over = self.keep_client = False

    @property
    def begun(self) -> bool:
        """Whether the origin said anything."""
        return self._reader.begun

    @property
    def keep_server(self) -> bool:
        """Whether the origin's connection may be used again."""
        return self.over and self.sent_all and self._server_keeps and not self._reader.surplus

    def opening(self) -> bytes:
        """The request's head for the origin."""
        request, target = self._request, self._target
        with_body = request.framing.body is not Body.NONE
        expects = with_body and request.version == "1.1"
        head = [b"%b %b HTTP/1.1\r\nHost: %b\r\n" % (request.method, target.origin, target.authority)]
        head += lines(request.headers, without=_HOST if expects else _WITHOUT_EXPECT)
        if request.framing.body is Body.CHUNKED:
            head.append(b"Transfer-Encoding: chunked\r\n")
        head.append(b"\r\n")
        return b"".join(head)

    def more(self, event: bytes | End) -> bytes:
        """A piece of the request's body, or its end, for the origin."""
        if isinstance(event, End):
            self.sent_all = True
        return _framed(event, chunks=self._request.framing.body is Body.CHUNKED)

    def answer(self, data: bytes) -> bytes:
        """What the origin sent, for the client; raises BadMessage for what is no proper answer."""
        self._reader.feed(data)
        return self._drain()

    def ended(self) -> bytes | None:
        """The origin closed its side: the rest for the client, or None where the answer was cut off."""
        return self._drain() if self._reader.ended() else None

    def _drain(self) -> bytes:
        out: list[bytes] = []
        events = self._reader.events
        while events:
            event = events.popleft()
            if isinstance(event, Answer):
                out.append(self._interim(event) if event.interim else self._head(event))
            else:
                out.append(_framed(event, chunks=self._client_chunks))
        self.over = self._reader.over
        return out[0] if len(out) == 1 else b"".join(out)

    def _interim(self, answer: Answer) -> bytes:
        if self._request.version == "1.0":
            return b""  # HTTP/1.0 knows no interim answers
        return b"".join((_status(answer), *lines(answer.headers, without=_LENGTH), b"\r\n"))

    def _head(self, answer: Answer) -> bytes:
        body, old = answer.framing.body, self._request.version == "1.0"
        self._server_keeps = answer.keep_alive and not _signs_in(self._request)
        self._client_chunks = body is Body.CHUNKED and not old
        ends_by_close = body is Body.UNTIL_CLOSE or (body is Body.CHUNKED and old)
        # An answer that came before the whole request leaves the rest of it behind on the connection.
        self.keep_client = self._request.keep_alive and self.sent_all and not ends_by_close
        self.answered = True
        out = [_status(answer), *lines(answer.headers, without=_LENGTH if answer.status == 204 else frozenset())]
        if self._client_chunks:
            out.append(b"Transfer-Encoding: chunked\r\n")
        if not self.keep_client:
            out.append(b"Connection: close\r\n")
        elif old:
            out.append(b"Connection: keep-alive\r\n")
        out.append(b"\r\n")
        return b"".join(out)


def _signs_in(request: Request) -> bool:
    scheme = first(request.headers, b"authorization").partition(b" ")[0]
    return scheme.lower() in _SIGN_IN_A_CONNECTION


def _status(answer: Answer) -> bytes:
    return b"HTTP/1.1 %d %b\r\n" % (answer.status, answer.reason)


def _framed(event: bytes | End, *, chunks: bool) -> bytes:
    if isinstance(event, bytes):
        return b"%x\r\n%b\r\n" % (len(event), event) if chunks else event
    return b"".join((b"0\r\n", *trailer_lines(event.trailers), b"\r\n")) if chunks else b""
