"""Random bytes, and questions that are nearly right, at every port: doors stay, and answer rightly."""

from __future__ import annotations

import contextlib
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_days.house import ALLOWED, BLOCKED, House, question

QUESTIONS = [question("games.test"), question("ok.test", kind=65), question("a.b.c.d.e.f.porn.test", kind=28)]
REQUESTS = [
    b"GET http://games.test/ HTTP/1.1\r\nHost: games.test\r\n\r\n",
    b"CONNECT games.test:443 HTTP/1.1\r\nHost: games.test:443\r\nProxy-Authorization: Basic YTpi\r\n\r\n",
    b"POST http://ok.test/ HTTP/1.1\r\nHost: ok.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"CONNECT ok.test:443 HTTP/1.1\r\n\r\n\x16\x03\x01\x00\x20\x01\x00\x00\x1c\x03\x03" + b"\0" * 26,
]
few = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("random"))
    made.start("dns", "proxy")
    yield made
    made.stop()


@st.composite
def nearly(draw, seeds):
    """A right message with some bytes changed, left out, said twice or added."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        how = draw(st.sampled_from(["change", "cut", "twice", "add"]))
        if how == "change" and data:
            data[at] = draw(st.integers(0, 255))
        elif how == "cut":
            del data[at : at + draw(st.integers(1, 20))]
        elif how == "twice":
            data[at:at] = data[at : at + draw(st.integers(1, 40))]
        else:
            data[at:at] = draw(st.binary(min_size=1, max_size=20))
    return bytes(data)


def is_well(doors: House) -> None:
    """Alive, and right in every way of asking."""
    assert doors.alive(), doors.said("dns") + doors.said("proxy")
    assert doors.ask("games.test") == doors.ask("games.test", tcp=True) == doors.get("games.test") == BLOCKED
    assert doors.ask("ok.test") == doors.get("ok.test") == ALLOWED
    for name in doors.doors:
        assert "Traceback" not in doors.said(name), doors.said(name)


def throw(port: int, data: bytes) -> None:
    """Send bytes by TCP and read what little comes back."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as sock:
        sock.settimeout(0.02)
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(4096)


@few
@given(st.lists(st.one_of(st.binary(max_size=600), nearly(QUESTIONS)), min_size=1, max_size=20))
def test_datagrams(doors, packets):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", doors.port("dns")))
        for packet in packets:
            sock.send(packet)
    assert doors.ask("games.test") == BLOCKED


@few
@given(st.lists(st.one_of(st.binary(max_size=600), nearly(QUESTIONS)), min_size=1, max_size=5), st.booleans())
def test_streams(doors, packets, with_length):
    data = b"".join((len(each).to_bytes(2, "big") if with_length else b"") + each for each in packets)
    throw(doors.port("dns"), data)


@few
@given(st.one_of(st.binary(max_size=2000), nearly(REQUESTS)))
def test_requests(doors, data):
    throw(doors.port("proxy"), data)


@few
@given(st.one_of(st.binary(max_size=300), nearly([b"\x16\x03\x01\x00\x20\x01" + b"\0" * 31, *REQUESTS])))
def test_doh_and_the_page(doors, data):
    where = doors.status("dns")["listens"]["doh"], doors.status("proxy")["listen"][1]
    for each in where:
        throw(int(each.rpartition(":")[2]), data)


def test_after_all_that_both_doors_are_well(doors):
    is_well(doors)
