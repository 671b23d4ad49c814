"""One spelling per name: what people, lists, browsers and resolvers write for the same host."""

from __future__ import annotations

import pytest

from homeroom.kernel.lists.names import BadName, canonical, from_wire, is_address, is_plain, split_url


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("example.com", "example.com"),
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        (" example.com\n", "example.com"),
        ("localhost", "localhost"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("my_host.example.com", "my_host.example.com"),
        ("-a-.example.com", "-a-.example.com"),
        ("r3---sn-abc.example.com", "r3---sn-abc.example.com"),
        ("123.example", "123.example"),
        ("example.1a", "example.1a"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("XN--Bcher-KVA.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("☕.example", "xn--53h.example"),
        ("i❤.example", "xn--i-7iq.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("ex\u00adample.com", "example.com"),
        ("אבג.example", "xn--4dbcd.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        (".".join(["a" * 49] * 5) + ".abc", ".".join(["a" * 49] * 5) + ".abc"),
    ],
)
def test_names(written: str, spelling: str) -> None:
    assert canonical(written) == spelling
    assert not is_address(spelling)


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1.", "192.0.2.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("10.65535", "10.0.255.255"),
        ("0x", "0.0.0.0"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[2001:DB8:0:0:0:0:0:A]", "2001:db8::a"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::FFFF:7f00:1]", "127.0.0.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
    ],
)
def test_addresses(written: str, spelling: str) -> None:
    assert canonical(written) == spelling
    assert is_address(spelling)
    assert not is_plain(spelling)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        (".", "empty"),
        ("a..example", "empty label"),
        (".example.com", "empty label"),
        ("example.com..", "empty label"),
        ("a" * 64 + ".example", "longer than 63"),
        ("é" * 64 + ".example", "longer than 63"),
        (".".join(["a" * 49] * 5) + ".abcd", "longer than 253"),
        ("exa mple.com", "' ' cannot stand"),
        ("exa\0mple.com", "cannot stand"),
        ("example.com/path", "'/' cannot stand"),
        ("*.example.com", "'*' cannot stand"),
        ("exa%6dple.com", "'%' cannot stand"),
        ("℀.example", "'/' cannot stand"),
        ("example.com:80", "port"),
        ("[::1", "bracket"),
        ("[example.com]", "IPv6"),
        ("[127.0.0.1]", "IPv6"),
        ("fe80::1%eth0", "zone id"),
        ("[fe80::1%25eth0]", "zone id"),
        ("1:2:3:4:5:6:7:8:9", "IPv6"),
        ("256.0.0.1", "too large"),
        ("1.2.3.256", "too large"),
        ("4294967296", "too large"),
        ("0x" + "f" * 50, "too large"),
        ("1.2.3.4.5", "at most four"),
        ("foo.123", "must be an IPv4 address"),
        ("09.1", "octal"),
        ("1..2", "empty label"),
        ("\u0301a.example", "combin"),
        ("a\u200db.example", "joiner"),
        ("אa.example", "right-to-left"),
        ("xn--é.example", "Punycode"),
        ("\ud800.example", ""),
        ("\ufffd.example", ""),
    ],
)
def test_refused_with_a_reason(written: str, reason: str) -> None:
    with pytest.raises(BadName) as refused:
        canonical(written)
    said = str(refused.value)
    assert reason.lower() in said.lower()
    assert said.endswith(".")
    assert len(said) < 400


def wire(*labels: bytes) -> bytes:
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


@pytest.mark.parametrize(
    ("labels", "spelling"),
    [
        ((b"www", b"Example", b"COM"), "www.example.com"),
        ((b"_443", b"_tcp", b"ex"), "_443._tcp.ex"),
        ((b"a" * 45, b"0" * 48 + b"x", b"ex"), "a" * 45 + "." + "0" * 48 + "x.ex"),  # lengths that are letters too
        ((b"192", b"0", b"2", b"1"), "192.0.2.1"),
        ((b"xn--bcher-kva", b"example"), "xn--bcher-kva.example"),
    ],
)
def test_wire(labels: tuple[bytes, ...], spelling: str) -> None:
    assert from_wire(wire(*labels)) == spelling
    assert from_wire(memoryview(wire(*labels)).tobytes()) == spelling


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b"\0",
        b"\3www",
        b"\3ww",
        b"\3www\0x",
        b"\3www\0\0",
        b"\xc0\x0c",
        b"\3www\xc0\x0c",
        b"\x40" + b"a" * 64 + b"\0",
        wire(b"a.b", b"com"),
        wire(b"a b", b"com"),
        wire(b"*", b"com"),
        wire(b"\x03com", b"com"),
        wire(b"ab", b"\x03" + b"c" * 47),  # as many dots as labels, were a length of 48 read as "0"
        wire(b"caf\xc3\xa9", b"com"),
        wire(b"foo", b"123"),
        wire(*[b"a" * 60] * 5),
    ],
)
def test_wire_refused(name: bytes) -> None:
    for _ in range(2):  # a refusal is not remembered as an answer
        with pytest.raises(BadName) as refused:
            from_wire(name)
        assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("written", "host", "path"),
    [
        ("HTTP://Ex.com:80/a/../b%7e?q", "ex.com", "/b~?q"),
        ("ex.com", "ex.com", ""),
        ("ex.com:8080", "ex.com", ""),
        ("http://ex.com", "ex.com", "/"),
        ("ex.com/", "ex.com", "/"),
        ("//ex.com/a", "ex.com", "/a"),
        ("ex.com?q=1", "ex.com", "/?q=1"),
        ("ex.com#top", "ex.com", "/"),
        ("https://user:pa@ss@ex.com/a", "ex.com", "/a"),
        ("http://ex.com\\evil.test/", "ex.com", "/evil.test/"),
        ("http://[::1]:3128/a", "::1", "/a"),
        ("[::1]", "::1", ""),
        ("http://0x7f.1/", "127.0.0.1", "/"),
        ("http://%65x.com/", "ex.com", "/"),
        ("http://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),
        ("ex.com/a/./b/", "ex.com", "/a/b/"),
        ("ex.com/a/b/..", "ex.com", "/a/"),
        ("ex.com/../../a", "ex.com", "/a"),
        ("ex.com/%2e%2E/a", "ex.com", "/a"),
        ("ex.com//a///b", "ex.com", "/a/b"),
        ("ex.com/a//../b", "ex.com", "/b"),
        ("ex.com/a%2fb%c3%a9", "ex.com", "/a%2Fb%C3%A9"),
        ("ex.com/é?é", "ex.com", "/%C3%A9?%C3%A9"),
        ("ex.com/100%", "ex.com", "/100%25"),
        ("ex.com/%%37e", "ex.com", "/%257e"),
        ("ex.com\\a\\..\\b", "ex.com", "/b"),
        ("\\\\ex.com\\a", "ex.com", "/a"),
        ("ex.com/a b|c", "ex.com", "/a%20b%7Cc"),
        ("ex.com/a?b/../c?d", "ex.com", "/a?b/../c?d"),
        ("ex.com/a?b\\c", "ex.com", "/a?b%5Cc"),
        ("  http://ex.com/a\n", "ex.com", "/a"),
        ("ht\ntp://ex.com/a\tb", "ex.com", "/ab"),
        ("ex.com/.well-known/x", "ex.com", "/.well-known/x"),
        ("ex.com/...", "ex.com", "/..."),
        ("ex.com/?", "ex.com", "/?"),
        ("\udce9x.com@ex.com/\udce9", "ex.com", "/%E9"),
    ],
)
def test_urls(written: str, host: str, path: str) -> None:
    assert split_url(written) == (host, path)
    assert split_url(host + path if ":" not in host else f"[{host}]{path}") == (host, path)


@pytest.mark.parametrize(
    "written", ["", "http://", "/a", "?a", "http:///a", "a b.com/c", "%ff.com/", "javascript:x", "[::1"]
)
def test_urls_refused(written: str) -> None:
    with pytest.raises(BadName):
        split_url(written)
