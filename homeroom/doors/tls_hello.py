"""The first words of a TLS client: which server name it asks for (RFC 8446 section 4.1.2, RFC 6066 section 3).

Reads the ClientHello only, decrypts nothing. Bytes in, value out; no sockets.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 64 * 1024  # bytes; the largest hello that is waited for (post-quantum ones have about 2,000)
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_RECORD_MOST = 1 << 14  # RFC 8446 section 5.1
_SERVER_NAME, _ECH = 0, 0xFE0D


class NotTls(ValueError):
    """Bytes that are no TLS ClientHello; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a ClientHello says in the clear.

    `server_name` is as sent, or None where the client names no server. `hidden` tells that
    an encrypted hello (ECH) came along; browsers also send a meaningless one on purpose.
    """

    server_name: str | None
    hidden: bool = False


def read_hello(data: bytes | bytearray) -> Hello | None:
    """The ClientHello at the start of what a client sent; None while more bytes are needed.

    Raises NotTls as soon as the bytes cannot become a well-formed ClientHello of at most MOST bytes.
    """
    message = _handshake(bytes(data))
    if message is None:
        if len(data) > MOST:
            raise NotTls("The TLS greeting is longer than any real one.")
        return None
    return _hello(_Cursor(message))


def _handshake(data: bytes) -> bytes | None:
    """The handshake message put together from its records, without its own header; None while incomplete."""
    message, at = bytearray(), 0
    while at < len(data):
        record = data[at : at + 5]
        if record[0] != _HANDSHAKE or record[1:2] not in (b"", b"\x03"):
            raise NotTls("The bytes are no TLS handshake.")
        if len(record) < 5:
            return None
        size = int.from_bytes(record[3:5], "big")
        if not 0 < size <= _RECORD_MOST:
            raise NotTls("A TLS record has a size that no record can have.")
        message += data[at + 5 : at + 5 + size]
        if message and message[0] != _CLIENT_HELLO:
            raise NotTls("The TLS handshake does not begin with a ClientHello.")
        if len(message) >= 4:
            need = int.from_bytes(message[1:4], "big")
            if need > MOST:
                raise NotTls("The TLS greeting is longer than any real one.")
            if len(message) >= 4 + need:
                return bytes(message[4 : 4 + need])
        at += 5 + size
    return None


class _Cursor:
    """Reads a message front to back; raises NotTls where it ends too early."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise NotTls("The TLS greeting ends in the middle of a field.")
        self.at += count
        return taken

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "big")

    def vector(self, width: int) -> bytes:
        """A field that begins with its own length, which takes `width` bytes."""
        return self.take(self.number(width))

    @property
    def left(self) -> bool:
        return self.at < len(self.data)


def _hello(cursor: _Cursor) -> Hello:
    cursor.take(2 + 32)  # legacy_version and random
    cursor.vector(1)  # legacy_session_id
    cursor.vector(2)  # cipher_suites
    cursor.vector(1)  # legacy_compression_methods
    if not cursor.left:
        return Hello(None)  # a client from before extensions
    extensions = _Cursor(cursor.vector(2))
    if cursor.left:
        raise NotTls("The TLS greeting goes on after its end.")
    return _read_extensions(extensions)


def _read_extensions(extensions: _Cursor) -> Hello:
    seen: set[int] = set()
    name: str | None = None
    while extensions.left:
        kind, body = extensions.number(2), extensions.vector(2)
        if kind in seen:  # RFC 8446 section 4.2 forbids it, and two names could be read in two ways
            raise NotTls("The TLS greeting says the same thing twice.")
        seen.add(kind)
        if kind == _SERVER_NAME:
            name = _server_name(_Cursor(body))
    return Hello(name, hidden=_ECH in seen)


def _server_name(cursor: _Cursor) -> str:
    names = _Cursor(cursor.vector(2))
    if cursor.left or names.number(1) != 0:
        raise NotTls("The server name of the TLS greeting is malformed.")
    name = names.vector(2)
    if names.left or not name:
        raise NotTls("The TLS greeting names no server or several.")
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        raise NotTls("The server name of the TLS greeting is not ASCII.") from None
