"""Reads an origin's answer with llhttp (httptools), within limits. No sockets.

Only heads and chunks are parsed; a body whose length is known, or that lasts until the
connection closes, is passed on as it comes.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import httptools

from homeroom.doors.proxy.headers import NO_BODY, BadMessage, Body, Framing, Header, framing
from homeroom.doors.proxy.http import Answer, AnswerEvent, End

HEAD_BYTES = 64 * 1024
HEADERS = 200
INTERIMS = 20  # 1xx answers before the real one


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
        if self._since > HEAD_BYTES and not self.over:
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
        if self._size > HEAD_BYTES or len(self._headers) > HEADERS:
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
