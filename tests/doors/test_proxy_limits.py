"""The proxy door on real sockets: connections kept and given up, limits, and what is written down."""

from __future__ import annotations

import resource
import socket
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from homeroom.doors.proxy import session as proxy_session
from homeroom.doors.proxy.acts import Wait
from homeroom.doors.status import read_statuses
from tests.doors.proxy_kit import Stage, make_home, people, stage, until


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for all tests that leave it as they found it."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    logins = {"okafor": ["okafor", quick.hash("right")], "nils": ["nils", "argon2" + quick.hash("right")]}
    home = make_home(tmp_path_factory.mktemp("home"), roll=people(logins=logins))
    with stage(home) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stage]:
    """A stage for tests that change something."""
    with stage(make_home(tmp_path)) as made:
        yield made


# Connections.


def test_both_sides_keep_their_connections(scene: Stage) -> None:
    before = scene.origin.accepted
    with scene.connect() as peer:
        for number in range(20):
            peer.send(f"GET {scene.url('kept.test', f'/{number}')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert peer.answer().text.startswith(f"origin /{number} ")
    assert scene.origin.accepted - before <= 1


def test_many_clients_share_kept_connections_but_hosts_do_not(scene: Stage) -> None:
    scene.get(scene.url("first.test"))
    before = scene.origin.accepted
    scene.get(scene.url("first.test"))
    assert scene.origin.accepted == before
    scene.get(scene.url("second.test"))
    assert scene.origin.accepted == before + 1


def test_pipelined_requests_come_back_in_order(scene: Stage) -> None:
    with scene.connect() as peer:
        wanted = [("library.test", "/sleep/0.2"), ("games.test", "/"), ("library.test", "/three")]
        peer.send(b"".join(f"GET {scene.url(*each)} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for each in wanted))
        assert [peer.answer().status for _ in wanted] == [200, 403, 200]


def test_a_client_that_leaves_frees_the_origin(scene: Stage) -> None:
    before = scene.origin.open
    with scene.connect() as peer:
        peer.send(f"GET {scene.url('left.test', '/big/500')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        peer.until(b"\r\n\r\n")
        assert scene.origin.open > before
    until(lambda: scene.origin.open <= before)


def test_an_answer_that_breaks_off_is_seen_to_break_off(scene: Stage) -> None:
    for path in ("/cut", "/cut-chunk"):
        with scene.connect() as peer:
            peer.send(f"GET {scene.url('library.test', path)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            peer.until(b"only this")
            with pytest.raises(ConnectionResetError):
                while peer.sock.recv(100):
                    pass


def test_the_page_of_a_refused_upload_arrives_although_nobody_reads_the_upload(scene: Stage) -> None:
    with scene.connect() as peer:
        peer.send(f"POST {scene.url('games.test')} HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n".encode())
        time.sleep(0.1)
        peer.sock.settimeout(5)
        peer.send(bytes(1_000_000))
        assert peer.rest().startswith(b"HTTP/1.1 403 ")


def test_a_slow_head_is_given_up(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(proxy_session.PATIENCE, Wait.HEAD, 0.2)  # type: ignore[arg-type]
    with scene.connect() as peer:
        began = time.monotonic()
        peer.send(b"GET http://library.test/ HTTP/1.1\r\n")
        while time.monotonic() - began < 1.0:  # a byte now and then does not help
            peer.send(b"X")
            time.sleep(0.2)
        assert peer.rest().startswith(b"HTTP/1.1 408 ")


def test_a_silent_origin_is_given_up(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(proxy_session.PATIENCE, Wait.ANSWER, 0.2)  # type: ignore[arg-type]
    answer = scene.get(scene.url("library.test", "/sleep/9"))
    assert answer.status == 504 and "does not answer" in answer.text


def test_an_idle_connection_is_closed(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(proxy_session.PATIENCE, Wait.REQUEST, 0.2)  # type: ignore[arg-type]
    with scene.connect() as peer:
        assert peer.rest() == b""


# Limits.


def test_one_client_cannot_take_all_connections(tmp_path: Path) -> None:
    with stage(make_home(tmp_path), per_client=5) as made:
        held = [made.connect() for _ in range(5)]
        until(lambda: len(made.door.sessions) == 5)
        with made.connect() as peer:
            assert peer.rest().startswith(b"HTTP/1.1 429 ")
        assert made.get(made.url("library.test"), source="127.0.0.2").status == 200
        for peer in held:
            peer.sock.close()
        until(lambda: not made.door.sessions)
        assert made.get(made.url("library.test")).status == 200


def test_the_whole_door_has_a_bound(tmp_path: Path) -> None:
    with stage(make_home(tmp_path), in_all=3) as made:
        held = [made.connect() for _ in range(3)]
        until(lambda: len(made.door.sessions) == 3)
        with made.connect() as peer:
            assert peer.rest().startswith(b"HTTP/1.1 503 ")
        for peer in held:
            peer.sock.close()


def test_two_thousand_idle_and_slow_clients_stop_nobody(scene: Stage) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    held = []
    try:
        for number in range(2000):
            sock = socket.create_connection(("127.0.0.1", scene.port), 5, (f"127.0.1.{number % 8 + 1}", 0))
            if number % 2:
                sock.sendall(b"GET http://library.test/ HTTP/1.1\r\nHo")
            held.append(sock)
        until(lambda: len(scene.door.sessions) >= 2000)
        began = time.monotonic()
        for _ in range(50):
            assert scene.get(scene.url("library.test")).status == 200
        assert time.monotonic() - began < 30
    finally:
        for sock in held:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        until(lambda: len(scene.door.sessions) < 50)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# What is written down.


def test_a_block_is_recorded_under_a_pseudonym_and_an_allowed_page_only_counted(own: Stage) -> None:
    own.get(own.url("games.test", "/chess?q=secret"))
    own.get(own.url("library.test", "/private"))
    own.inside.call(lambda: own.door.each_second(own.inside.loop.time(), datetime.now(UTC)))
    text = "".join(path.read_text() for path in (own.home / "spool").glob("*.log"))
    assert "alias-ben" in text and "games.test" in text
    for never in ("secret", "chess", "library.test", "private", "127.0.0.1", '"ben"'):
        assert never not in text


def test_the_door_says_how_it_is(own: Stage) -> None:
    own.get(own.url("games.test"))
    own.get(own.url("library.test"))
    until(lambda: read_statuses(own.home, datetime.now(UTC)).get("proxy", {}).get("allowed") == 1)
    said = read_statuses(own.home, datetime.now(UTC))["proxy"]
    assert said["bundle"] == own.door.shared.watch.bundle.id  # type: ignore[union-attr]
    assert (said["blocked"], said["trouble"], said["listen"][0]) == (1, "", f"127.0.0.1:{own.port}")
