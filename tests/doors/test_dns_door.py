"""The running DNS door: real sockets, real clients, real upstreams on their bad days."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import httpx
import pytest

from homeroom.kernel.decision.overlay import Rule
from tests.doors.dns_process import DoorProcess, door, put_in_force
from tests.doors.dns_scene import TOKENS, addresses, codes, query
from tests.doors.upstream import Mood, Upstream, Zone, upstream
from tests.ports import free_port

ZONE: Zone = {
    ("lake.test", "A"): ["192.0.2.7"],
    ("lake.test", "AAAA"): ["2001:db8::7"],
    ("many.test", "A"): [f"192.0.2.{n}" for n in range(1, 120)],
    ("forcesafesearch.google.com", "A"): ["192.0.2.81"],
    ("borrowed.test", "A"): ["198.51.100.66"],
    **{(f"n{n}.test", "A"): ["192.0.2.50"] for n in range(300)},
}


@pytest.fixture(scope="module")
def resolver() -> Iterator[Upstream]:
    with upstream(dict(ZONE)) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    put_in_force(folder)
    return folder


@pytest.fixture(scope="module")
def running(home: Path, resolver: Upstream) -> Iterator[DoorProcess]:
    with door(home, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{resolver.port}", HOMEROOM_DNS_RATE="2000") as process:
        yield process


@pytest.fixture(scope="module")
def idle(running: DoorProcess) -> Iterator[list[socket.socket]]:
    connections = [running.connect() for _ in range(150)]
    connections[0].sendall(b"\0")  # a question that is begun and never ended
    yield connections
    for each in connections:
        each.close()


@pytest.fixture(autouse=True)
def well(resolver: Upstream) -> Iterator[None]:
    resolver.mood = Mood.WELL
    yield
    resolver.mood = Mood.WELL


@pytest.mark.clause("VI.Alt3.A.obscene")
class TestClients:
    @pytest.mark.parametrize(
        "options", [[], ["+tcp"], ["+https"], ["+https-get"], ["+dnssec"], ["+bufsize=512"], ["+noedns"]]
    )
    def test_dig_is_answered(self, running: DoorProcess, options: list[str]) -> None:
        if shutil.which("dig") is None:
            pytest.skip("dig is not installed.")
        port = running.doh if any("https" in each for each in options) else running.port
        for name, status, holds in (("lake.test", "NOERROR", "192.0.2.7"), ("www.porn.test", "NXDOMAIN", "SOA")):
            said = subprocess.run(
                ["dig", f"@{running.address}", "-p", str(port), name, *options],
                capture_output=True,
                text=True,
                timeout=20,
            ).stdout
            assert f"status: {status}" in said
            assert holds in said

    def test_dig_shows_the_reason(self, running: DoorProcess) -> None:
        if shutil.which("dig") is None:
            pytest.skip("dig is not installed.")
        said = subprocess.run(
            ["dig", f"@{running.address}", "-p", str(running.port), "porn.test"],
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout
        assert "EDE: 16 (Censored)" in said
        assert "VI.Alt3.A.obscene" in said

    def test_an_answer_too_large_for_udp_is_fetched_by_tcp(self, running: DoorProcess) -> None:
        question = query("many.test", use_edns=0)
        answer, by_tcp = dns.query.udp_with_fallback(question, running.address, 6, running.port)
        assert by_tcp
        assert len(addresses(answer)) == 119

    def test_many_questions_go_over_one_connection(self, running: DoorProcess) -> None:
        with running.connect() as connection:
            asked = [query(f"n{n}.test", id=n) for n in range(120)]
            packets = b"".join(len(each.to_wire()).to_bytes(2, "big") + each.to_wire() for each in asked)
            connection.sendall(packets[:33])
            time.sleep(0.05)
            connection.sendall(packets[33:])
            with connection.makefile("rb") as file:
                replies = [dns.message.from_wire(file.read(int.from_bytes(file.read(2), "big"))) for _ in asked]
        assert {each.id for each in replies} == set(range(120))
        assert all(addresses(each) == ["192.0.2.50"] for each in replies)

    def test_http_2_carries_questions_with_their_identity(self, running: DoorProcess) -> None:
        certificate = running.home / "tls" / "cert.pem"
        trust = ssl.create_default_context(cafile=str(certificate))
        url = f"https://127.0.0.1:{running.doh}/dns-query"
        with httpx.Client(http2=True, http1=False, verify=trust) as client:
            kind = {"content-type": "application/dns-message"}
            answer = client.post(f"{url}/{TOKENS['ben']}", content=query("lake.test").to_wire(), headers=kind)
            assert answer.http_version == "HTTP/2"
            assert answer.headers["content-type"] == "application/dns-message"
            assert answer.headers["cache-control"].startswith("private, max-age=")
            assert addresses(dns.message.from_wire(answer.content)) == ["192.0.2.7"]
            refused = client.post(f"{url}/a-guess", content=query("games.test", use_edns=0).to_wire(), headers=kind)
            assert dns.message.from_wire(refused.content).rcode() == dns.rcode.NXDOMAIN
            assert [client.get(url).status_code, client.put(url).status_code] == [400, 405]
            assert client.post(url, content=b"x", headers={"content-type": "text/plain"}).status_code == 415
            assert client.post(url, content=bytes(70_000), headers=kind).status_code == 413

    def test_a_search_engine_answers_in_its_locked_form(self, running: DoorProcess) -> None:
        assert addresses(running.ask("www.google.com")) == ["192.0.2.81"]

    def test_a_listed_address_blocks_the_name_that_leads_there(self, running: DoorProcess) -> None:
        answer = running.ask("borrowed.test", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.NXDOMAIN, [15])

    def test_ipv6_works_too(self, tmp_path: Path, resolver: Upstream) -> None:
        if not _has_ipv6():
            pytest.skip("This machine has no IPv6 loopback.")
        environment = {"HOMEROOM_DNS_LISTEN": "[::1]:0", "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{resolver.port}"}
        put_in_force(tmp_path)
        with door(tmp_path, **environment) as process:
            assert addresses(process.ask("lake.test")) == ["192.0.2.7"]
            assert process.ask_by_tcp("porn.test").rcode() == dns.rcode.NXDOMAIN


class TestUpstreams:
    def fresh(self, resolver: Upstream) -> str:
        name = f"fresh-{time.monotonic_ns()}.test"
        resolver.zone[name, "A"] = ["192.0.2.60"]
        return name

    @pytest.mark.parametrize("mood", [Mood.OTHER_ID, Mood.OTHER_QUESTION, Mood.CUT, Mood.OLD, Mood.SLOW])
    def test_a_bad_one_is_borne(self, running: DoorProcess, resolver: Upstream, mood: Mood) -> None:
        resolver.mood = mood
        assert addresses(running.ask(self.fresh(resolver))) == ["192.0.2.60"]

    @pytest.mark.parametrize("mood", [Mood.SICK, Mood.NOISE])
    def test_a_sick_one_is_told_of(self, running: DoorProcess, resolver: Upstream, mood: Mood) -> None:
        resolver.mood = mood
        answer = running.ask(self.fresh(resolver), use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [22])

    def test_ports_and_ids_are_drawn_anew(self, running: DoorProcess, resolver: Upstream) -> None:
        resolver.ports.clear()
        for _ in range(24):
            running.ask(self.fresh(resolver))
        assert len(set(resolver.ports)) > 6

    def test_the_second_answers_while_the_first_is_dead_and_the_first_comes_back(
        self, tmp_path: Path, resolver: Upstream
    ) -> None:
        put_in_force(tmp_path)
        with upstream(dict(ZONE)) as first:
            first.mood = Mood.DEAD
            both = f"127.0.0.1:{first.port},127.0.0.1:{resolver.port}"
            with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=both) as process:
                for n in range(3):
                    assert addresses(process.ask(f"n{n}.test")) == ["192.0.2.50"]
                process.wait(lambda: not process.status()["upstreams"][0]["up"], 30)
                waited = []
                for n in range(10, 15):
                    began = time.monotonic()
                    assert addresses(process.ask(f"n{n}.test")) == ["192.0.2.50"]
                    waited.append(time.monotonic() - began)
                assert min(waited) < 0.5, "the dead one is no longer asked first"
                first.mood = Mood.WELL
                process.wait(lambda: process.status()["upstreams"][0]["up"], 30)

    def test_while_nobody_answers_blocks_stand_and_the_rest_is_told_so(self, tmp_path: Path) -> None:
        put_in_force(tmp_path)
        port = free_port()
        with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{port}") as process:
            assert process.ask("porn.test").rcode() == dns.rcode.NXDOMAIN
            answer = process.ask("lake.test", use_edns=0)
            assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [22])
            with upstream(dict(ZONE), port):
                process.wait(lambda: addresses(process.ask("lake.test")) == ["192.0.2.7"], 30)


class TestRules:
    @pytest.mark.clause("III.2")
    def test_swaps_under_load_lose_no_question_and_answer_none_wrongly(
        self, tmp_path: Path, resolver: Upstream
    ) -> None:
        put_in_force(tmp_path)
        wrong: list[str] = []
        swaps, ended = 30, threading.Event()
        with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{resolver.port}", HOMEROOM_DNS_RATE="0") as process:
            asked = 0

            def load() -> None:
                nonlocal asked
                while not ended.is_set():
                    n = asked % 300
                    for name, right in ((f"n{n}.test", dns.rcode.NOERROR), ("www.porn.test", dns.rcode.NXDOMAIN)):
                        try:
                            got = process.ask(name, timeout=3).rcode()
                        except dns.exception.Timeout:
                            wrong.append(f"{name} was lost")
                            continue
                        if got != right:
                            wrong.append(f"{name} was answered {got}")
                    asked += 1

            threads = [threading.Thread(target=load) for _ in range(2)]
            for each in threads:
                each.start()
            delays = []
            for n in range(swaps):
                began = time.monotonic()
                blocks = n % 2 == 0
                put_in_force(tmp_path, [Rule(id=f"r{n}", effect="block", host="lake.test")] if blocks else [])
                while (process.ask("lake.test").rcode() == dns.rcode.NXDOMAIN) != blocks:
                    assert time.monotonic() - began < 20, "The rule did not come into force."
                delays.append(time.monotonic() - began)
            ended.set()
            for each in threads:
                each.join()
            process.wait(lambda: process.status()["swaps"] > swaps)
        assert not wrong
        assert asked > 50
        assert min(delays) < 1.0

    def test_a_damaged_bundle_leaves_the_last_good_one_and_says_why(self, tmp_path: Path, resolver: Upstream) -> None:
        good = put_in_force(tmp_path)
        with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{resolver.port}") as process:
            (tmp_path / "bundles" / "current").write_text("0123456789abcdef")
            process.wait(lambda: bool(process.status()["trouble"]))
            assert process.status()["bundle"] == good
            assert process.ask("porn.test").rcode() == dns.rcode.NXDOMAIN
            put_in_force(tmp_path, [Rule(id="r1", effect="block", host="lake.test")])
            process.wait(lambda: not process.status()["trouble"])
            assert process.ask("lake.test").rcode() == dns.rcode.NXDOMAIN

    def test_without_any_rules_nothing_is_answered_and_the_status_says_so(self, tmp_path: Path) -> None:
        with door(tmp_path) as process:
            answer = process.ask("lake.test", use_edns=0)
            assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [14])
            assert "Nothing is answered" in process.status()["trouble"]
            put_in_force(tmp_path)
            process.wait(lambda: process.ask("porn.test").rcode() == dns.rcode.NXDOMAIN)


class TestBadDays:
    def test_a_flood_from_one_client_leaves_another_served(self, tmp_path: Path, resolver: Upstream) -> None:
        put_in_force(tmp_path)
        with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{resolver.port}", HOMEROOM_DNS_RATE="200") as process:
            ended = threading.Event()

            def flood() -> None:
                with socket.socket(type=socket.SOCK_DGRAM) as sock:
                    sock.bind(("127.0.0.2", 0))
                    sock.connect((process.address, process.port))
                    packet = query("www.porn.test").to_wire()
                    sock.setblocking(False)
                    for _ in range(200_000):
                        if ended.is_set():
                            return
                        try:
                            sock.send(packet)
                        except (BlockingIOError, ConnectionRefusedError):
                            time.sleep(0.001)

            thread = threading.Thread(target=flood)
            thread.start()
            time.sleep(0.3)
            times = []
            for n in range(60):
                began = time.monotonic()
                assert addresses(ask_as_resolvers_do(process, f"n{n}.test")) == ["192.0.2.50"]
                times.append(time.monotonic() - began)
            ended.set()
            thread.join()
            process.wait(lambda: process.status()["limited"] > 1_000)
            assert sorted(times)[30] < 1.0

    def test_hundreds_of_idle_connections_harm_nobody(self, running: DoorProcess, idle: list[socket.socket]) -> None:
        assert addresses(running.ask("lake.test")) == ["192.0.2.7"]
        assert running.ask_by_tcp("porn.test").rcode() == dns.rcode.NXDOMAIN
        running.wait(lambda: running.status()["tcp"] >= len(idle))

    def test_noise_on_every_socket_is_borne(self, running: DoorProcess) -> None:
        with socket.socket(type=socket.SOCK_DGRAM) as sock:
            for n in range(200):
                sock.sendto(bytes((n * k) % 256 for k in range(n)), (running.address, running.port))
        for port in (running.port, running.doh):
            with socket.create_connection((running.address, port), timeout=3) as connection:
                connection.sendall(bytes(range(256)) * 4)
        assert addresses(running.ask("lake.test")) == ["192.0.2.7"]

    def test_it_ends_in_order_and_leaves_what_it_saw(self, tmp_path: Path, resolver: Upstream) -> None:
        put_in_force(tmp_path)
        with door(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{resolver.port}") as process:
            process.ask("www.porn.test")
            process.ask("lake.test")
            assert process.end() == 0
        lines = "".join(each.read_text() for each in (tmp_path / "spool").glob("dns-*.log"))
        assert "www.porn.test" in lines
        assert "grey-heron" in lines
        assert "lake.test" not in lines

    @pytest.mark.parametrize(("setting", "value"), [
        ("HOMEROOM_DNS_LISTEN", "nonsense"), ("HOMEROOM_DNS_RATE", "-1"), ("HOMEROOM_DNS_BLOCKED", "maybe"),
        ("HOMEROOM_PAGE_ADDRESS", "page"), ("HOMEROOM_DOH_NAME", "a..b"),
    ])  # fmt: skip
    def test_an_odd_setting_is_refused_with_a_sentence(self, tmp_path: Path, setting: str, value: str) -> None:
        environment = {
            "HOMEROOM_HOME": str(tmp_path),
            "HOMEROOM_DNS_LISTEN": "127.0.0.1:0",
            "HOMEROOM_DNS_BLOCKED": "page",
        }
        ended = start_and_fail({**environment, setting: value})
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"{setting} is “{value}”")

    def test_a_port_that_is_taken_is_told(self, tmp_path: Path, running: DoorProcess) -> None:
        environment = {"HOMEROOM_HOME": str(tmp_path), "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{running.port}"}
        ended = start_and_fail(environment)
        assert ended.returncode == 2
        assert "cannot listen" in ended.stderr


class TestInTheEnd:
    def test_idle_connections_are_closed(self, running: DoorProcess, idle: list[socket.socket]) -> None:
        running.wait(lambda: running.status()["tcp"] == 0, 60)
        assert idle[1].recv(1) == b""

    def test_one_address_gets_only_so_many_connections(self, running: DoorProcess) -> None:
        many = [running.connect() for _ in range(230)]
        try:
            running.wait(lambda: running.status()["turned_away"] >= 30)
            assert running.status()["tcp"] <= 200
        finally:
            for each in many:
                each.close()


def start_and_fail(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "homeroom.doors.dns.door"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def ask_as_resolvers_do(process: DoorProcess, name: str) -> dns.message.Message:
    """The system may drop a datagram while the socket is full; whoever asks does so again, as every resolver."""
    for left in (2, 1, 0):
        try:
            return process.ask(name, source="127.0.0.1", timeout=2)
        except dns.exception.Timeout:
            if not left:
                raise
    raise AssertionError
