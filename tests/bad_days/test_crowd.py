"""Too many at once: thousands who say nothing or speak slowly, and one who floods. The others are served."""

from __future__ import annotations

import contextlib
import resource
import socket
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bad_days.house import ALLOWED, BLOCKED, ROOT, House, question, wait_for

IDLE = 2_000  # connections to each door
MEMORY = 60 << 20  # bytes that a door may grow by under them


@pytest.fixture
def many_files():
    """As many open files as this test needs, where the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * IDLE + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"This process may open {hard} files only; {wanted} are needed (ulimit -Hn).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(house: House, door: str) -> int:
    """Bytes of memory that a door holds."""
    pages = (Path("/proc") / str(house.doors[door].pid) / "statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def timed(ask) -> float:
    """Seconds that a question took, which must be answered rightly."""
    begun = time.monotonic()
    assert ask() == BLOCKED
    return time.monotonic() - begun


def test_two_thousand_idle_and_slow_connections_at_each_door_keep_nobody_waiting(many_files, both):
    before = {door: memory(both, door) for door in ("dns", "proxy")}
    ports = {door: both.port(door) for door in before}
    with contextlib.ExitStack() as stack:
        slow = []
        for number in range(IDLE):
            for door, port in ports.items():
                # A hundred from each of many addresses: no single client reaches its own limit.
                sock = stack.enter_context(socket.socket())
                sock.bind((f"127.0.1.{number // 100 + 1}", 0))
                sock.connect(("127.0.0.1", port))
                if number % 2:
                    slow.append((sock, SLOWLY[door]))
        seconds = []
        for byte in range(8):
            for sock, words in slow:
                with contextlib.suppress(OSError):
                    sock.send(words[byte : byte + 1])
            for ask in (both.ask, both.get):
                seconds += [timed(lambda ask=ask: ask("games.test")) for _ in range(5)]
            seconds.append(timed(lambda: both.ask("games.test", tcp=True)))
        assert both.ask("ok.test") == both.get("ok.test") == ALLOWED
        assert statistics.median(seconds) < 0.25 and max(seconds) < 2.5, sorted(seconds)[-5:]
        for door, least in before.items():
            assert memory(both, door) < least + MEMORY, door
        status = wait_for(lambda: both.status("dns")["tcp"] >= IDLE and both.status("dns"), "all to be inside")
        assert status["turned_away"] == 0
    wait_for(lambda: both.status("dns")["tcp"] == 0 and both.status("proxy")["connections"] == 0, "all to have left")


SLOWLY = {"dns": b"\x00\x1e" + question("games.test")[:28], "proxy": b"GET http://games.test/ HTTP/1.1\r\n"}


def test_one_address_cannot_take_every_place(many_files, both):
    """Whoever holds hundreds of connections is turned away; another address is let in."""
    with contextlib.ExitStack() as stack:
        for door in ("dns", "proxy"):
            port = both.port(door)
            for _ in range(700):
                sock = stack.enter_context(socket.socket())
                sock.bind(("127.0.2.1", 0))
                sock.connect(("127.0.0.1", port))
        wait_for(lambda: both.status("dns")["turned_away"] > 0, "the DNS door to turn some away")
        assert both.status("dns")["tcp"] < 700
        wait_for(lambda: both.status("proxy")["connections"] < 600, "the proxy door to turn some away")
        assert both.ask("games.test", tcp=True, source="127.0.2.2") == BLOCKED
        assert both.get("games.test", source="127.0.2.2") == BLOCKED


# As fast as it can, for so many seconds or until its input ends and it has sent 20,000; counts what was answered
# in earnest (neither "ask by TCP" nor "refused").
FLOOD = """
import select, socket, sys, time
port, seconds = int(sys.argv[1]), float(sys.argv[2])
sys.path.insert(0, sys.argv[3])
from tests.bad_days.house import question
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.3.1", 0)); sock.connect(("127.0.0.1", port)); sock.setblocking(False)
packets = [question(f"x{n}.ok.test") for n in range(500)] + [question(f"y{n}.porn.test") for n in range(500)]
print("begun", flush=True)
begun, sent, served, told = time.monotonic(), 0, 0, False
while time.monotonic() < begun + seconds and not (told and sent > 20_000):
    told = told or bool(select.select([sys.stdin], [], [], 0)[0])
    for packet in packets:
        try:
            sock.send(packet); sent += 1
        except OSError:
            pass
        if sent % 8 == 0:
            try:
                while True:
                    answer = sock.recv(2048)
                    served += not answer[2] & 2 and answer[3] & 15 != 5
            except OSError:
                pass
print(sent, served, time.monotonic() - begun)
"""


def flood(house, seconds):
    made = subprocess.Popen(
        [sys.executable, "-c", FLOOD, str(house.port("dns")), str(seconds), str(ROOT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert made.stdout.readline() == "begun\n"
    return made


def ask_as_stubs_do(house, name, source):
    """Ask up to three times: a flood may push a datagram out of the kernel's queue, and every resolver asks again."""
    for _ in range(2):
        with contextlib.suppress(TimeoutError):
            return house.ask(name, source=source, timeout=0.5)
    return house.ask(name, source=source, timeout=2)


def asked_alone(house, number):
    """Seconds for each of two questions, one allowed and one refused, from an address that keeps to itself."""
    begun = time.monotonic()
    assert ask_as_stubs_do(house, f"z{number}.ok.test", "127.0.3.2") == ALLOWED
    assert ask_as_stubs_do(house, f"z{number}.games.test", "127.0.3.2") == BLOCKED
    return (time.monotonic() - begun) / 2


def test_a_flood_from_one_client_leaves_the_others_served(house):
    """The flood lasts until the others have asked, however busy this machine is with other things."""
    house.start("dns", HOMEROOM_DNS_RATE="500")
    before = memory(house, "dns")
    quiet = statistics.median(asked_alone(house, number) for number in range(20))
    with flood(house, 120) as flooding:
        seconds = [asked_alone(house, number) for number in range(20, 80)]
        assert flooding.poll() is None
        sent, served, lasted = map(float, flooding.communicate()[0].split())
    assert sent > 20_000
    assert served <= 500 * (lasted + 2)  # its own questions were held back
    assert statistics.median(seconds) < 0.1 + 5 * quiet, (quiet, sorted(seconds)[-5:])
    assert wait_for(lambda: house.status("dns")["limited"] > 1000, "the door to tell of it")
    assert memory(house, "dns") < before + MEMORY


def test_a_flood_of_refusals_does_not_fill_the_disk(house):
    """Without any limit, the same refusals again and again are told in a few lines, and none is missing."""
    house.start("dns")
    with flood(house, 1.5) as flooding:
        flooding.wait()
    time.sleep(1.2)
    asked = house.status("dns")["blocked"]
    size = sum(path.stat().st_size for path in (house.home / "spool").glob("*.log"))
    assert len(house.refused_hosts()) == asked > 2_000
    assert size < asked * 200


def test_random_connections_and_resets_are_harmless(both):
    for door in ("dns", "proxy"):
        for number in range(300):
            with socket.create_connection(("127.0.0.1", both.port(door))) as sock:
                sock.send(SLOWLY[door][: number % 30])
                if number % 2:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert both.ask("games.test", tcp=True) == both.get("games.test") == BLOCKED
    assert both.alive()
