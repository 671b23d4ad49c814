"""Real clients at a real door process: curl for what browsers do, and the process watched from outside."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from homeroom.doors.status import read_statuses
from tests.doors.proxy_kit import Peer, Stage, make_home, people, stage

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
MEGABYTE = 1 << 20


class Process:
    """The door as `homeroom door proxy` runs it: a process of its own."""

    def __init__(self, home: Path, scene: Stage) -> None:
        self.home = home
        environment = {
            **os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_PROXY_LISTEN": "127.0.0.1:0",
            "HOMEROOM_PAGE_LISTEN": "127.0.0.1:0", "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{scene.dns_port}",
            "HOMEROOM_PROXY_MAY_REACH": "127.0.0.1/32", "HOMEROOM_PROXY_CONNECT_PORTS": f"443,{scene.tls_port}",
            "HOMEROOM_ORGANISATION": "Birch County Schools",
        }  # fmt: skip
        self.running = subprocess.Popen([sys.executable, "-m", "homeroom.doors.proxy.door"], env=environment)
        self.port = self._port()
        self.proxy = f"http://127.0.0.1:{self.port}"

    def _port(self) -> int:
        for _ in range(300):
            said = read_statuses(self.home, datetime.now(UTC)).get("proxy", {})
            if said.get("pid") == self.running.pid:
                return int(said["listen"][0].rpartition(":")[2])
            assert self.running.poll() is None, "the door ended"
            time.sleep(0.05)
        raise AssertionError("the door never said where it listens")

    def memory(self) -> int:
        """The most memory it ever held, in bytes."""
        text = Path(f"/proc/{self.running.pid}/status").read_text()
        return int(text.partition("VmHWM:")[2].split()[0]) * 1024

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait."""
        self.running.send_signal(number)
        return self.running.wait(10)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    home = make_home(tmp_path_factory.mktemp("home"), roll=people(logins={"okafor": ["okafor", quick.hash("right")]}))
    with stage(home) as made:
        yield made


@pytest.fixture(scope="module")
def door(scene: Stage) -> Iterator[Process]:
    made = Process(scene.home, scene)
    yield made
    assert made.end() == 0


def curl(door: Process, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["curl", "-sS", "-k", "--noproxy", "", "-m", "20", "-x", door.proxy, *arguments]
    return subprocess.run(command, input=data, capture_output=True, timeout=30)


def test_plain_http(scene: Stage, door: Process) -> None:
    assert curl(door, scene.url("library.test", "/a?b")).stdout.startswith(b"origin /a?b library.test:")


def test_several_on_one_connection(scene: Stage, door: Process) -> None:
    urls = [scene.url("library.test", "/1"), scene.url("games.test"), scene.url("library.test", "/2")]
    done = curl(
        door, "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null", *urls, "-w", "%{http_code}:%{num_connects} "
    )
    assert done.stdout == b"200:1 403:0 200:0 "


def test_https_through_a_tunnel(scene: Stage, door: Process) -> None:
    done = curl(door, f"https://library.test:{scene.tls_port}/in-tls")
    assert done.stdout.startswith(b"origin /in-tls")


def test_a_blocked_tunnel(scene: Stage, door: Process) -> None:
    done = curl(door, f"https://games.test:{scene.tls_port}/", "-w", "%{http_connect}", "-o", "/dev/null")
    assert (done.returncode, done.stdout) == (56, b"403")


def test_signing_in(scene: Stage, door: Process) -> None:
    url = scene.url("games.test")
    assert b"This page is blocked" in curl(door, url).stdout
    assert curl(door, "-U", "okafor:right", url).stdout.startswith(b"origin /")
    assert curl(door, "-U", "okafor:wrong", url, "-w", "%{http_code}", "-o", "/dev/null").stdout == b"407"
    done = curl(door, "-U", "okafor:right", f"https://games.test:{scene.tls_port}/x")
    assert done.stdout.startswith(b"origin /x")


@pytest.mark.parametrize("arguments", [(), ("-H", "Transfer-Encoding: chunked"), ("-0",), ("-H", "Expect:")])
def test_uploads(scene: Stage, door: Process, arguments: tuple[str, ...]) -> None:
    """With a known length (and 100-continue, since it is large), in chunks, by HTTP/1.0, without asking first."""
    data = os.urandom(3 * MEGABYTE)
    done = curl(door, "--data-binary", "@-", *arguments, scene.url("library.test", "/echo"), data=data)
    assert done.stdout.decode() == f"{len(data)} {hashlib.sha256(data).hexdigest()}"


def test_head_and_empty_answers(scene: Stage, door: Process) -> None:
    assert b"200 OK" in curl(door, "-I", scene.url("library.test")).stdout
    for path, code in (("/empty", b"204"), ("/unchanged", b"304")):
        done = curl(door, scene.url("library.test", path), "-w", "%{http_code}")
        assert (done.returncode, done.stdout) == (0, code)


def test_chunks_and_trailers(scene: Stage, door: Process) -> None:
    done = curl(door, "-i", scene.url("library.test", "/chunked"))
    assert done.stdout.endswith(b"Wikipedia") or b"X-Sum: 9" in done.stdout
    assert b"Wikipedia" in curl(door, "-0", scene.url("library.test", "/chunked")).stdout


@pytest.mark.parametrize(("path", "code"), [("/cut", 18), ("/cut-chunk", 56), ("/until-close", 0)])
def test_curl_sees_whether_an_answer_is_whole(scene: Stage, door: Process, path: str, code: int) -> None:
    done = curl(door, scene.url("library.test", path))
    assert done.returncode == code or (code and done.returncode in (18, 56))


def test_large_bodies_stream_and_are_never_gathered(scene: Stage, door: Process) -> None:
    """300 MB to a fast reader, and as much offered to one that does not read: memory stays where it was."""
    curl(door, scene.url("library.test"))
    before = door.memory()
    done = curl(door, "-o", "/dev/null", scene.url("library.test", "/big/300"), "-w", "%{size_download}")
    assert int(done.stdout) == 300 * MEGABYTE
    with Peer(socket.create_connection(("127.0.0.1", door.port), 10)) as peer:
        peer.send(f"GET {scene.url('library.test', '/big/300')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1)
    assert door.memory() - before < 8 * MEGABYTE


def test_a_large_upload_to_an_origin_that_does_not_read(scene: Stage, door: Process) -> None:
    before = door.memory()
    with (
        socket.create_server(("127.0.0.1", 0)) as origin,
        Peer(socket.create_connection(("127.0.0.1", door.port))) as peer,
    ):
        url = f"http://library.test:{origin.getsockname()[1]}/"
        peer.send(f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n".encode())
        peer.sock.settimeout(1)
        with pytest.raises(TimeoutError):
            peer.send(bytes(60 * MEGABYTE))
    assert door.memory() - before < 8 * MEGABYTE


def test_the_block_page_by_a_plain_browser_of_the_page_port(scene: Stage, door: Process) -> None:
    said = read_statuses(scene.home, datetime.now(UTC))["proxy"]
    connect = f"games.test:80:{said['listen'][1]}"
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--connect-to", connect, "http://games.test/x"], capture_output=True
    )
    assert b"This page is blocked" in done.stdout and b"games.test/x" in done.stdout


def test_a_killed_door_starts_again_at_once(scene: Stage, tmp_path: Path) -> None:
    home = make_home(tmp_path)
    first = Process(home, scene)
    curl(first, scene.url("games.test"))
    first.end(signal.SIGKILL)
    began = time.monotonic()
    second = Process(home, scene)
    assert time.monotonic() - began < 30
    assert b"This page is blocked" in curl(second, scene.url("games.test")).stdout
    second.end()
    kept = "".join(path.read_text() for path in (home / "spool").glob("*.log"))
    assert kept.count("alias-ben") == 2  # neither block was lost


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("HOMEROOM_PROXY_AUTH", "maybe", 2, "give one of: off, ask"),
        ("HOMEROOM_PROXY_CONNECT_PORTS", "443;22", 2, "give ports such as 443,8443"),
        ("HOMEROOM_PROXY_LISTEN", "nonsense", 2, "give an address and a port"),
    ],
)
def test_an_odd_setting_is_refused_with_a_sentence(tmp_path: Path, name: str, value: str, code: int, said: str) -> None:
    done = run_briefly(tmp_path, {name: value})
    assert done.returncode == code and said in done.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_briefly(tmp_path, {"HOMEROOM_PROXY_LISTEN": f"127.0.0.1:{taken.getsockname()[1]}"})
    assert done.returncode == 2 and "cannot start" in done.stderr and "Traceback" not in done.stderr


def run_briefly(home: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_PAGE_LISTEN": "127.0.0.1:0", **settings}
    command = [sys.executable, "-m", "homeroom.doors.proxy.door"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
