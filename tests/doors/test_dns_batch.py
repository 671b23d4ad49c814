"""Datagrams in numbers: both ways of taking and sending them do the same."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator

import pytest

from homeroom.doors.dns.batch import ROOM, SLOTS, Batch, Plain, batch
from homeroom.doors.dns.link import family_of
from homeroom.doors.dns.udp import bound

FAMILIES = [("127.0.0.1", b"\x7f\0\0\1"), ("::1", b"\0" * 15 + b"\1")]


@pytest.fixture(params=FAMILIES, ids=["IPv4", "IPv6"])
def sockets(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket, bytes]]:
    address, packed = request.param
    try:
        server = bound((address, 0))
    except OSError:
        pytest.skip(f"This machine has no {address}.")
    client = socket.socket(family_of((address, 0)), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    client.connect(server.getsockname()[:2])
    yield server, client, packed
    server.close()
    client.close()


def ways(family: int, *, connected: bool) -> list[Batch]:
    return [batch(family, connected=connected), Plain(family, connected=connected)]


def test_linux_has_the_quick_way() -> None:
    if sys.platform != "linux":
        pytest.skip("Only Linux has recvmmsg.")
    assert not isinstance(batch(socket.AF_INET), Plain)


@pytest.mark.parametrize("way", [0, 1], ids=["quick", "plain"])
def test_what_is_sent_is_taken_with_its_address_and_answered(
    sockets: tuple[socket.socket, socket.socket, bytes], way: int
) -> None:
    server, client, packed = sockets
    many = ways(server.family, connected=False)[way]
    back = ways(server.family, connected=True)[way]
    sent = [bytes([n]) * (n + 1) for n in range(150)]
    assert back.send(client, [(each, b"") for each in sent]) == 150
    got = []
    while batch_of := many.receive(server):
        assert len(batch_of) <= SLOTS
        got += batch_of
    assert [packet for packet, _ in got] == sent
    assert {packed in peer for _, peer in got} == {True}
    assert many.send(server, [(packet + b"!", peer) for packet, peer in got]) == 150
    time.sleep(0.05)
    answers = []
    while batch_of := back.receive(client):
        answers += [packet for packet, _ in batch_of]
    assert answers == [packet + b"!" for packet in sent]


@pytest.mark.parametrize("way", [0, 1], ids=["quick", "plain"])
def test_an_answer_goes_to_who_asked_whoever_else_is_left_waiting(
    sockets: tuple[socket.socket, socket.socket, bytes], way: int
) -> None:
    server, _, packed = sockets
    many = ways(server.family, connected=False)[way]
    clients = [socket.socket(server.family, socket.SOCK_DGRAM) for _ in range(6)]
    for turn in range(3):
        for number, client in enumerate(clients):
            client.settimeout(2)
            client.sendto(b"i%d" % number + b"question" * number, server.getsockname())
        questions, addresses = many.take(server)
        assert (questions, list(addresses)) == ([b"question" * number for number in range(6)], [packed] * 6)
        waiting = {turn, turn + 1, 4}
        assert many.packet(4) == b"i4" + b"question" * 4
        many.answer(server, [None if number in waiting else b"answer" * number for number in range(6)])
        many.send(server, [(b"late answer to %d" % number, many.peer(number)) for number in waiting])
        for number, client in enumerate(clients):
            late = b"late answer to %d" % number
            assert client.recv(100) == (late if number in waiting else b"i%d" % number + b"answer" * number)
    for client in clients:
        client.close()


@pytest.mark.parametrize("way", [0, 1], ids=["quick", "plain"])
def test_an_empty_socket_gives_nothing(sockets: tuple[socket.socket, socket.socket, bytes], way: int) -> None:
    server, client, _ = sockets
    assert ways(server.family, connected=False)[way].receive(server) == []
    assert ways(server.family, connected=True)[way].receive(client) == []


def test_a_datagram_that_is_too_long_is_cut_and_sends_no_other_astray() -> None:
    server = bound(("127.0.0.1", 0))
    with socket.socket(type=socket.SOCK_DGRAM) as client, server:
        many = batch(socket.AF_INET)
        client.connect(server.getsockname())
        client.settimeout(2)
        for packet in (b"a" * (ROOM + 100), b"short"):
            client.send(packet)
        got = many.receive(server)
        assert [len(packet) for packet, _ in got] == [ROOM, 5]
        peer = got[0][1]
        assert many.send(server, [(b"x" * (ROOM + 1), peer), (b"after", peer)]) == 1
        assert client.recv(100) == b"after"


def test_nobody_at_the_other_end_is_told_and_the_rest_goes_on() -> None:
    many = batch(socket.AF_INET, connected=True)
    gone = bound(("127.0.0.1", 0))
    where = gone.getsockname()
    gone.close()
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        client.connect(where)
        assert many.send(client, [(b"one", b""), (b"two", b""), (b"three", b"")]) == 3
        with pytest.raises(ConnectionRefusedError):
            many.receive(client)


@pytest.mark.parametrize("way", [0, 1], ids=["quick", "plain"])
def test_a_datagram_too_short_for_an_id_has_no_question(
    sockets: tuple[socket.socket, socket.socket, bytes], way: int
) -> None:
    server, client, _ = sockets
    many = ways(server.family, connected=False)[way]
    for packet in (b"", b"a", b"ab", b"abc"):
        client.send(packet)
    assert many.take(server)[0] == [b"", b"", b"", b"c"]
    assert [many.packet(place) for place in range(4)] == [b"", b"a", b"ab", b"abc"]
