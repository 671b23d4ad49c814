"""The proxy door on real sockets: what comes through, what does not, who asks, and rules that change."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from homeroom.doors.proxy.world import View
from homeroom.doors.status import read_statuses
from homeroom.doors.ticket import unseal
from homeroom.kernel.decision.overlay import Rule
from tests.doors.proxy_kit import Stage, make_home, people, publish, stage, until


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


# What is asked for.


def test_an_allowed_page_comes_through(scene: Stage) -> None:
    answer = scene.get(scene.url("library.test", "/a?b=c"))
    assert (answer.status, answer.text) == (200, f"origin /a?b=c library.test:{scene.http_port}")


@pytest.mark.parametrize(
    ("host", "path", "clause"),
    [
        ("games.test", "/", "III.1"),
        ("deep.under.games.test", "/x", "III.1"),
        ("library.test", "/games/chess", "III.1"),  # by its path
        ("library.test", "/x/..//games/%63hess", "III.1"),
        ("adult.test", "/", "VI.Alt3.A.obscene"),
        ("innocent.test", "/", "VI.Alt3.A.obscene"),  # by where its name leads
        ("shady.test", "/", "V.A.4b"),  # by its address
        ("127.0.0.66", "/", "V.A.4b"),
    ],
)
def test_a_blocked_page_says_why(scene: Stage, host: str, path: str, clause: str) -> None:
    seen = len(scene.origin.seen)
    answer = scene.get(scene.url(host, path))
    assert answer.status == 403
    assert clause in answer.text and "Birch County Schools" in answer.text
    assert len(scene.origin.seen) == seen


def test_a_block_page_is_not_kept_and_cannot_run_anything(scene: Stage) -> None:
    headers = scene.get(scene.url("games.test")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_a_block_page_speaks_spanish_and_json(scene: Stage) -> None:
    spanish = scene.get(scene.url("games.test"), "Accept-Language: es-MX,es;q=0.9,en;q=0.1")
    assert '<html lang="es">' in spanish.text and "Decisión del distrito" in spanish.text
    said = json.loads(scene.get(scene.url("games.test", "/x?q=secret"), "Accept: application/json").body)
    assert (said["verdict"], said["kind"], said["rule"]["line"]) == ("block", "district", 12)
    assert "person" not in said and "secret" not in json.dumps(said)


def test_the_ticket_holds_the_facts_and_no_person(scene: Stage) -> None:
    text = scene.get(scene.url("games.test", "/chess?q=secret")).text
    ticket = re.search(r"http://homeroom\.test:8524/blocked/([\w-]+)/review", text)
    assert ticket is not None
    facts = unseal(scene.door.shared.ticket_key, ticket[1], datetime.now(UTC))
    assert (facts["host"], facts["path"], facts["line"], facts["school"]) == ("games.test", "/chess", 12, "birch")
    assert facts["alias"] == "alias-ben" and "ben" not in [value for key, value in facts.items() if key != "alias"]


def test_a_locked_site_is_reached_at_its_locked_name(scene: Stage) -> None:
    before = scene.resolver.asked
    assert scene.get(scene.url("www.search.test")).text.endswith(f"www.search.test:{scene.http_port}")
    assert scene.door.shared.names.known("locked.search.test") and not scene.door.shared.names.known("www.search.test")
    assert scene.resolver.asked == before + 2  # A and AAAA, once


@pytest.mark.parametrize(
    "host",
    ["inside.test", "meta.test", "127.0.0.2", "localhost", "0.0.0.0", "[::1]", "169.254.169.254", "[::ffff:127.0.0.2]",
     "2130706434", "0x7f.2", "10.0.0.1", "[fe80::1]", "[fd00:ec2::254]", "100.100.100.200", "224.0.0.1"],
)  # fmt: skip
def test_the_inside_of_the_network_cannot_be_reached(scene: Stage, host: str) -> None:
    answer = scene.get(scene.url(host))
    assert answer.status == (502 if host == "localhost" else 403)
    assert "origin" not in answer.text


def test_the_districts_own_pages_are_within_reach_at_their_port_only(scene: Stage) -> None:
    view = View(scene.door.shared, b"\x7f\0\0\1", "127.0.0.1")
    assert view.reachable("homeroom.test", 8524, ("10.1.2.3",)) == ("10.1.2.3",)
    assert not view.reachable("homeroom.test", 22, ("10.1.2.3",))
    assert not view.reachable("other.test", 8524, ("10.1.2.3",))


def test_a_name_that_does_not_exist(scene: Stage) -> None:
    answer = scene.get(scene.url("nowhere.test"))
    assert answer.status == 502 and "There is no site of this name" in answer.text


def test_a_port_where_nobody_listens(scene: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answer = scene.get(f"http://library.test:{port}/")
    assert answer.status == 502 and "cannot be reached" in answer.text


# Tunnels.


def tls(scene: Stage, host: str, server_name: str | None) -> ssl.SSLSocket:
    """A tunnel to `host`, with a greeting for `server_name` inside it."""
    peer = scene.connect()
    peer.send(f"CONNECT {host}:{scene.tls_port} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert peer.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(peer.sock, server_hostname=server_name)


def fetch(sock: ssl.SSLSocket) -> bytes:
    sock.sendall(b"GET /inside HTTP/1.1\r\nHost: x\r\n\r\n")
    heard = b""
    while b"origin /inside" not in heard and (piece := sock.recv(1000)):
        heard += piece
    return heard


@pytest.mark.parametrize("server_name", ["library.test", None])
def test_a_tunnel_carries_tls(scene: Stage, server_name: str | None) -> None:
    with tls(scene, "library.test", server_name) as sock:
        assert b"origin /inside" in fetch(sock)


@pytest.mark.clause("V.A.4d")
def test_a_tunnel_for_one_host_cannot_be_used_for_another(scene: Stage) -> None:
    blocked = scene.door.shared.counts["block"]
    with pytest.raises(ssl.SSLError, match=r"access.denied"):
        tls(scene, "library.test", "games.test")
    assert scene.door.shared.counts["block"] == blocked + 1


def test_a_tunnel_to_a_blocked_host_is_refused(scene: Stage) -> None:
    answer = scene.get(f"games.test:{scene.tls_port}//", method="CONNECT")
    assert answer.status == 400
    with scene.connect() as peer:
        peer.send(f"CONNECT games.test:{scene.tls_port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b" 403 " in peer.rest().splitlines()[0]


def test_each_half_of_a_tunnel_closes_on_its_own(own: Stage) -> None:
    """Whoever has sent everything may still listen; a plain echo stands in for TLS after the greeting."""
    from tests.unit.test_tls_hello import hello

    with socket.create_server(("127.0.0.1", 0)) as origin:
        port = origin.getsockname()[1]
        object.__setattr__(own.settings, "connect_ports", frozenset({port}))
        with own.connect() as again:
            again.send(f"CONNECT library.test:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + hello(b""))
            other, _ = origin.accept()
            again.until(b"\r\n\r\n")
            again.sock.shutdown(socket.SHUT_WR)
            heard = b""
            while piece := other.recv(1000):
                heard += piece
            assert heard == hello(b"")
            other.sendall(b"last words")
            other.close()
            assert again.rest() == b"last words"


# Who asks.


def test_a_login_outweighs_the_address(scene: Stage) -> None:
    credentials = "Proxy-Authorization: Basic b2thZm9yOnJpZ2h0"  # okafor:right
    assert scene.get(scene.url("games.test")).status == 403
    assert scene.get(scene.url("games.test"), credentials).status == 200


def test_a_wrong_password_is_told_and_slowed_down(own: Stage) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    publish(own.home, roll=people(logins={"okafor": ["okafor", quick.hash("right")]}))
    until(lambda: own.door.shared.watch.swaps == 2)
    wrong = "Proxy-Authorization: Basic b2thZm9yOndyb25n"  # okafor:wrong
    answers = [own.get(own.url("library.test"), wrong) for _ in range(11)]
    assert [each.status for each in answers] == [407] * 10 + [429]
    assert answers[0].headers["proxy-authenticate"].startswith("Basic ")
    assert own.get(own.url("library.test"), "Proxy-Authorization: Basic b2thZm9yOnJpZ2h0").status == 429
    assert own.get(own.url("library.test")).status == 200  # without a password all is as before


def test_many_connections_do_not_have_more_guesses(own: Stage) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    publish(own.home, roll=people(logins={"okafor": ["okafor", quick.hash("right")]}))
    until(lambda: own.door.shared.watch.swaps == 2)
    wrong = f"GET {own.url('library.test')} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic b2thZm9yOndyb25n\r\n\r\n"
    peers = [own.connect() for _ in range(25)]
    for peer in peers:
        peer.send(wrong.encode())
    assert sorted(peer.answer().status for peer in peers) == [407] * 10 + [429] * 15
    for peer in peers:
        peer.sock.close()


def test_somebody_without_standing_is_told_why(scene: Stage) -> None:
    answer = scene.get(scene.url("library.test"), "Proxy-Authorization: Basic bmlsczpyaWdodA==")  # nils:right
    assert answer.status == 403
    assert "Nobody has signed for you yet." in answer.text and "IX.B" in answer.text


def test_an_unknown_address_is_asked_for_a_login_where_that_is_set(tmp_path: Path) -> None:
    with stage(make_home(tmp_path), asks_login=True) as made:
        assert made.get(made.url("library.test"), source="127.0.0.9").status == 407
        assert made.get(made.url("library.test")).status == 200


# Rules.


@pytest.mark.clause("III.2")
def test_a_rule_is_in_force_at_once_also_for_what_is_open(own: Stage) -> None:
    with tls(own, "library.test", "library.test") as sock, own.connect() as peer:
        assert b"origin" in fetch(sock)
        peer.send(f"GET {own.url('library.test', '/big/400')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        peer.until(b"\r\n\r\n")
        publish(
            own.home, overlay=[Rule(id="1", effect="block", host="library.test", owner="Ms. Okafor", reason="Exams")]
        )
        until(lambda: own.get(own.url("library.test")).status == 403)
        page = own.get(own.url("library.test")).text
        assert "Ms. Okafor" in page and "Exams" in page
        with pytest.raises(OSError):  # reset, or an end without TLS's farewell
            assert fetch(sock)
            raise ConnectionError
        assert len(peer.rest()) < 400 << 20
    publish(own.home, overlay=[])
    until(lambda: own.get(own.url("library.test")).status == 200)


def test_a_rule_that_starts_by_the_clock_cuts_what_is_open(own: Stage) -> None:
    with tls(own, "library.test", "library.test") as sock:
        assert b"origin" in fetch(sock)
        soon = datetime.now(UTC) + timedelta(seconds=1.5)
        publish(own.home, overlay=[Rule(id="1", effect="block", host="library.test", starts=soon)])
        until(lambda: own.door.shared.watch.swaps == 2)
        assert b"origin" in fetch(sock)
        time.sleep(max((soon - datetime.now(UTC)).total_seconds(), 0) + 0.3)
        with pytest.raises(OSError):
            assert fetch(sock)
            raise ConnectionError


def test_a_damaged_bundle_leaves_the_last_good_one(own: Stage) -> None:
    (own.home / "bundles" / "current").write_text("no-such-bundle")
    until(lambda: own.door.shared.watch.trouble)
    assert own.get(own.url("library.test")).status == 200
    assert own.get(own.url("games.test")).status == 403
    until(lambda: "cannot be read" in read_statuses(own.home, datetime.now(UTC)).get("proxy", {}).get("trouble", ""))


def test_without_any_bundle_nothing_opens(tmp_path: Path) -> None:
    with stage(tmp_path) as made:
        answer = made.get(made.url("library.test"))
        assert answer.status == 503 and "not ready" in answer.text
        assert made.get("http://library.test/", page=True).status == 503


def test_a_dead_resolver_is_said_in_words(own: Stage) -> None:
    own.resolver.dead = True
    own.door.shared.names._resolver.lifetime = 0.3
    answer = own.get(own.url("library.test"))
    assert answer.status == 504 and "could not be looked up" in answer.text
