"""The ClientHello: real ones from OpenSSL, ugly ones by hand, random ones by the hundred."""

from __future__ import annotations

import contextlib
import ssl
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.doors.tls_hello import MOST, Hello, NotTls, read_hello


def hello_from_openssl(name: str | None) -> bytes:
    """The bytes that this machine's OpenSSL really sends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def extension(kind: int, body: bytes) -> bytes:
    return struct.pack("!HH", kind, len(body)) + body


def sni(*names: bytes, kind: int = 0) -> bytes:
    entries = b"".join(struct.pack("!BH", kind, len(name)) + name for name in names)
    return extension(0, struct.pack("!H", len(entries)) + entries)


def hello(extensions: bytes | None, *, split: int = 1 << 14, tail: bytes = b"") -> bytes:
    """A ClientHello with these extensions, cut into records of `split` bytes."""
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0"
    if extensions is not None:
        body += struct.pack("!H", len(extensions)) + extensions
    body += tail
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    pieces = [message[at : at + split] for at in range(0, len(message), split)]
    return b"".join(b"\x16\x03\x01" + struct.pack("!H", len(piece)) + piece for piece in pieces)


def test_openssl_says_which_server_it_wants() -> None:
    assert read_hello(hello_from_openssl("www.library.test")) == Hello("www.library.test")


def test_openssl_without_a_name() -> None:
    assert read_hello(hello_from_openssl(None)) == Hello(None)


def test_every_beginning_of_a_real_hello_asks_for_more() -> None:
    whole = hello_from_openssl("www.library.test")
    for end in range(len(whole)):
        assert read_hello(whole[:end]) is None


@pytest.mark.parametrize("split", [1, 2, 3, 5, 50])
def test_a_hello_cut_into_many_records_is_one_hello(split: int) -> None:
    assert read_hello(hello(sni(b"games.test"), split=split)) == Hello("games.test")


def test_a_hello_from_before_extensions() -> None:
    assert read_hello(hello(None)) == Hello(None)


def test_an_encrypted_hello_is_noticed() -> None:
    assert read_hello(hello(sni(b"a.test") + extension(0xFE0D, b"x"))) == Hello("a.test", hidden=True)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x80\x2e\x01\x03\x01",  # SSL 2
        b"\x16\x04\x01",
        b"\x16\x03\x01\x00\x00",
        b"\x16\x03\x01\xff\xff",
        b"\x16\x03\x01\x00\x04\x02\x00\x00\x00",  # a ServerHello
        b"\x17\x03\x03\x00\x01x",
        b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
        hello(sni(b"a.test") + sni(b"b.test")),
        hello(sni(b"a.test", b"b.test")),
        hello(sni(b"")),
        hello(sni(b"a.test", kind=1)),
        hello(sni("bücher.test".encode())),
        hello(extension(0, b"")),
        hello(extension(0, b"\0\xff")),
        hello(b"\0"),
        hello(b"", tail=b"x"),
    ],
    ids=range(18),
)
def test_what_is_no_hello_is_refused(data: bytes) -> None:
    with pytest.raises(NotTls, match=r"\.$"):
        read_hello(data)


def test_an_endless_hello_is_refused() -> None:
    with pytest.raises(NotTls):
        read_hello(b"\x16\x03\x01\x00\x01\x01" + b"\x16\x03\x01\x00\x01\x00" * (MOST // 6 + 1))


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"\x16\x03\x01" + data))
def test_random_bytes_never_break_it(data: bytes) -> None:
    with contextlib.suppress(NotTls):
        read_hello(data)


@given(st.data())
def test_a_damaged_hello_never_breaks_it(data: st.DataObject) -> None:
    whole = bytearray(hello(sni(b"games.test") + extension(16, b"\0\x03\x02h2"), split=60))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotTls):
        read_hello(whole)
