"""Headers on their way through a proxy: which stay behind, and how long a message's body is.

RFC 9110 section 7.6.1 (what belongs to one connection only) and RFC 9112 section 6
(message body length). Everything that two readers could take in two ways is refused, for
that is how requests are smuggled past a filter. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

# The name in lower case, the name as sent, the value without surrounding white space.
Header = tuple[bytes, bytes, bytes]

OF_ONE_CONNECTION = frozenset(
    {
        b"connection", b"proxy-connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade",
        b"proxy-authorization", b"proxy-authenticate", b"proxy-authentication-info", b"http2-settings",
    }
)  # fmt: skip
# A client may name further headers as belonging to its connection. These never do: to lose
# one of them on the way would make the origin read another message than the one judged here.
_NEVER_OF_ONE_CONNECTION = frozenset(
    {b"host", b"content-length", b"authorization", b"cookie", b"set-cookie", b"cache-control", b"expect"}
)
# RFC 9110 section 6.5.1: what steers framing, routing or trust has no place after the body.
_NOT_IN_TRAILERS = OF_ONE_CONNECTION | _NEVER_OF_ONE_CONNECTION


class BadMessage(Exception):
    """A message that is not passed on: the status to answer with, and a sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Body(Enum):
    """How the end of a message's body is known."""

    NONE = 0
    LENGTH = 1
    CHUNKED = 2
    UNTIL_CLOSE = 3


@dataclass(frozen=True, slots=True)
class Framing:
    """How a body ends; `length` counts for Body.LENGTH only, in bytes."""

    body: Body
    length: int = 0


NO_BODY = Framing(Body.NONE)


def values(headers: Iterable[Header], name: bytes) -> list[bytes]:
    """All values of one header; `name` in lower case."""
    return [value for key, _, value in headers if key == name]


def first(headers: Iterable[Header], name: bytes) -> bytes:
    """The first value of one header, or b""; `name` in lower case."""
    for key, _, value in headers:
        if key == name:
            return value
    return b""


def framing(headers: Sequence[Header], version: str) -> Framing | None:
    """How the body ends by what the headers say; None where they say nothing. Raises BadMessage."""
    lengths: list[bytes] = []
    codings: list[bytes] = []
    for key, _, value in headers:
        if key == b"content-length":
            lengths.append(value)
        elif key == b"transfer-encoding":
            codings.append(value)
    if codings:
        return _chunked(codings, lengths, version)
    return _length(lengths) if lengths else None


def _chunked(codings: list[bytes], lengths: list[bytes], version: str) -> Framing:
    if lengths:
        raise BadMessage(400, "The message gives its length in two ways at once, so it is not passed on.")
    if len(codings) > 1 or codings[0].lower() != b"chunked":
        raise BadMessage(501, "The message is coded for transfer in a way that this proxy does not know.")
    if version == "1.0":
        raise BadMessage(400, "The message is sent in chunks, which HTTP/1.0 does not know.")
    return Framing(Body.CHUNKED)


def _length(lengths: list[bytes]) -> Framing:
    if len(set(lengths)) > 1:
        raise BadMessage(400, "The message gives two different lengths, so it is not passed on.")
    digits = lengths[0]
    if not digits.isdigit() or len(digits) > 15:
        raise BadMessage(400, "The message gives a length that is no number of bytes.")
    return Framing(Body.LENGTH, int(digits))


def lines(headers: Sequence[Header], *, without: frozenset[bytes] = frozenset()) -> list[bytes]:
    """The header lines that travel on, each ending in CRLF; `without` are names in lower case that stay behind."""
    nominated = _nominated(headers)
    stay = _stay(without) | nominated if nominated else _stay(without)
    return [b"%b: %b\r\n" % (name, value) for key, name, value in headers if key not in stay]


@cache
def _stay(without: frozenset[bytes]) -> frozenset[bytes]:
    return OF_ONE_CONNECTION | without


def trailer_lines(trailers: Sequence[Header]) -> list[bytes]:
    """The trailer lines that travel on."""
    return lines(trailers, without=_NOT_IN_TRAILERS)


def _nominated(headers: Sequence[Header]) -> frozenset[bytes]:
    """What the Connection header names as belonging to this connection only."""
    named = values(headers, b"connection")
    if not named:
        return frozenset()
    tokens = frozenset(token.strip().lower() for value in named for token in value.split(b","))
    return tokens - _NEVER_OF_ONE_CONNECTION
