"""Requests that the proxy does not carry out, and what it takes off those that it does; logins."""

from __future__ import annotations

import base64

import pytest

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Check, Dial, Signal, ToServer, Wait
from homeroom.doors.proxy.read_request import PIPELINE
from tests.doors.proxy_cast import BEN, GET, OK, STRANGER, dialled, sent, status, talk

# Requests that misbehave.


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"GET http://library.test/ HTTP/1.1\r\n", 400),  # no Host
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n", 400),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n", 400),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n", 400),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n", 400),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n", 501),
        (b"POST http://library.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n", 501),
        (b"POST http://library.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c: d\r\n", 400),  # folded
        (b"GET http://library.test/ HTTP/1.1\r\nHost : a\r\n", 400),
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a\0b\r\n", 400),
        (b"GET http://library.test/ HTTP/2.0\r\nHost: a\r\n", 505),
        (b"GET http://me@library.test/ HTTP/1.1\r\nHost: a\r\n", 400),
        (b"GET http://library.test\\@games.test/ HTTP/1.1\r\nHost: a\r\n", 400),
        (b"GET http://lib%72ary.test/ HTTP/1.1\r\nHost: a\r\n", 400),
        (b"GET http:///x HTTP/1.1\r\nHost: a\r\n", 400),
        (b"GET https://library.test/ HTTP/1.1\r\nHost: a\r\n", 501),
        (b"GET ftp://library.test/ HTTP/1.1\r\nHost: a\r\n", 501),
        (b"GET http://library.test:25/ HTTP/1.1\r\nHost: a\r\n", 403),
        (b"GET http://library.test:99999/ HTTP/1.1\r\nHost: a\r\n", 400),
        (b"GET http://library.test:0/ HTTP/1.1\r\nHost: a\r\n", 400),
        (b"TRACE http://library.test/ HTTP/1.1\r\nHost: a\r\n", 405),
        (b"BREW http://library.test/ HTTP/1.1\r\nHost: a\r\n", 501),
        (b"CONNECT library.test:22 HTTP/1.1\r\nHost: a\r\n", 403),
        (b"CONNECT library.test HTTP/1.1\r\nHost: a\r\n", 400),
        (b"CONNECT library.test:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n", 400),
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", 501),
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40_000 + b"\r\n", 431),
        (b"GET http://library.test/ HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 120, 431),
    ],
    ids=range(30),
)  # fmt: skip
def test_a_request_that_can_be_read_in_two_ways_is_refused(head: bytes, code: int) -> None:
    each, _ = talk()
    each.from_client(head + b"\r\n")
    commands = each.take()
    assert status(commands) == code
    assert not any(isinstance(each, Dial | ToServer) for each in commands)


def test_a_head_without_end_is_cut_off() -> None:
    each, _ = talk()
    each.from_client(b"GET http://library.test/ HTTP/1.1\r\nX: ")
    for _ in range(40):
        each.from_client(b"y" * 1024)
    commands = each.take()
    assert status(commands) == 431 and commands[-1] is Signal.FINISH


def test_a_pipeline_has_a_bound() -> None:
    each, _ = talk()
    each.from_client(GET * (PIPELINE + 5))
    said = b""
    while each.wait is not Wait.OVER:
        each.connected(reused=False)
        each.from_server(OK)
        said += sent(each.take())
    assert said.count(OK) == PIPELINE
    assert said[PIPELINE * len(OK) :].startswith(b"HTTP/1.1 400 ")


def test_a_broken_chunk_breaks_the_request_off_at_both_ends() -> None:
    each, _ = talk()
    dialled(each, b"POST http://a.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    each.from_client(b"zz\r\n")
    assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]


def test_headers_of_one_connection_stay_behind() -> None:
    each, _ = talk()
    head = (
        b"GET http://Library.TEST:80/ HTTP/1.1\r\nHost: games.test\r\nConnection: X-Mine, Authorization, close\r\n"
        b"X-Mine: 1\r\n"
        b"Authorization: kept\r\nProxy-Connection: keep-alive\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: x\r\nProxy-Authenticate: y\r\nX-Kept: 1\r\n\r\n"
    )
    out = sent(dialled(each, head), ToServer)
    assert out == b"GET / HTTP/1.1\r\nHost: library.test\r\nAuthorization: kept\r\nX-Kept: 1\r\n\r\n"


def test_the_host_header_says_what_was_judged() -> None:
    each, _ = talk()
    out = sent(dialled(each, b"GET http://[2001:DB8::1]:8080?q#f HTTP/1.1\r\nHost: x\r\n\r\n"), ToServer)
    assert out == b"GET /?q HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n"


def test_what_is_not_for_a_proxy_is_answered_here() -> None:
    each, _ = talk()
    each.from_client(b"GET /proxy.pac HTTP/1.1\r\nHost: x\r\n\r\n")
    assert sent(each.take()).endswith(b"local")


# Who asks.


def basic(name: str, password: str) -> bytes:
    return b"Proxy-Authorization: Basic " + base64.b64encode(f"{name}:{password}".encode()) + b"\r\n"


def test_a_login_is_checked_and_its_secret_stays_here() -> None:
    each, world = talk(who=STRANGER)
    each.from_client(GET[:-2] + basic("ana", "s:cret") + b"\r\n")
    assert each.take() == [Check("ana", "s:cret")]
    each.checked("ana")
    assert isinstance(each.take()[0], Dial)
    each.connected(reused=False)
    assert b"uthorization" not in sent(each.take(), ToServer)
    assert world.notes[0][0].who.person == "ana"


def test_a_login_found_right_before_is_not_checked_again() -> None:
    each, world = talk(logins={("ana", "x"): "ana"})
    each.from_client(GET[:-2] + basic("ana", "x") + b"\r\n")
    assert isinstance(each.take()[0], Dial)
    assert world.notes[0][0].who.person == "ana"


def test_a_wrong_login_is_told() -> None:
    each, _ = talk()
    each.from_client(GET[:-2] + basic("ana", "wrong") + b"\r\n")
    each.take()
    each.checked(troubles.LOGIN_WRONG)
    assert status(each.take()) == 407


def test_too_many_wrong_logins_are_not_even_checked() -> None:
    each, _ = talk(is_barred=True)
    each.from_client(GET[:-2] + basic("ana", "wrong") + b"\r\n")
    assert status(each.take()) == 429


@pytest.mark.parametrize(
    "credentials", [b"Basic !!!", b"Bearer x", b"Basic " + base64.b64encode(b"\xff:\xff"), b"Basic"]
)
def test_credentials_that_are_none(credentials: bytes) -> None:
    each, _ = talk()
    each.from_client(GET[:-2] + b"Proxy-Authorization: " + credentials + b"\r\n\r\n")
    assert status(each.take()) == 407


def test_a_login_is_asked_for_only_where_that_is_set_and_the_address_says_nothing() -> None:
    for asks, who, code in ((True, STRANGER, 407), (True, BEN, 0), (False, STRANGER, 0)):
        each, _ = talk(asks_login=asks, who=who)
        each.from_client(GET)
        assert status(each.take()) == code
