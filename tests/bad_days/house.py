"""A house for bad days: real door processes on ports of their own, a bundle, an upstream and an origin.

No Django: doors must live without it. Everything is on loopback, where every address of
127.0.0.0/8 is a client of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import dns.edns
import dns.message
import dns.rcode

from homeroom.doors import bundle_file
from homeroom.kernel import spoolline
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer
from tests.doors.dns_scene import POLICY_JSON, ROLL_JSON

ROOT = Path(__file__).parents[2]
SLOTS = (Slot("sinfonietta", "v1", "pornography"), Slot("ut1", "v7", "games"))
Twist = Callable[[bytes], bytes]
ALLOWED, BLOCKED = "allowed", "blocked"


class Memory:
    """Scratch files of a small build."""

    def __init__(self) -> None:
        self._files: dict[int, BinaryIO] = {}

    def partition(self, number: int) -> BinaryIO:
        return self._files.setdefault(number, io.BytesIO())


def table(games: Sequence[str]) -> bytes:
    """A compiled table with porn.test, a thousand more by law, and some games."""
    writer = Writer(Memory())
    for line, name in enumerate(["porn.test", *(f"p{number}.test" for number in range(1000))], 1):
        writer.add(0, Entry(name, How.SUFFIX, line, name))
    for line, name in enumerate(games, 1):
        writer.add(1, Entry(name, How.SUFFIX, line, name))
    out = io.BytesIO()
    writer.finish(out, SLOTS, {})
    return out.getvalue()


def publish(home: Path, games: Sequence[str] = ("games.test",), **parts: Any) -> str:
    """Put a bundle in force whose lists hold these games; returns its id."""
    (home / "bundles").mkdir(exist_ok=True)
    finished = home / "bundles" / ".finished"
    finished.write_bytes(table(games))
    rules = bundle_file.install_rules(home, finished)
    values = {"policy": POLICY_JSON, "overlay": [], "roll": ROLL_JSON, **parts}
    return bundle_file.publish(home, at=datetime.now(UTC), journal=1, rules=rules, **values)


class Upstream(threading.Thread):
    """A resolver that knows 127.0.0.1 for every name, and an origin with a small page; both on ports of their own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.port = self.origin = 0
        self.twist: Twist = lambda data: data  # what becomes of answers about names with "twisted" in them
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self.start()
        assert self._ready.wait(5)

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self._loop.set_exception_handler(lambda *_: None)
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join(5)

    async def _open(self) -> None:
        where = ("127.0.0.1", 0)
        transport, _ = await self._loop.create_datagram_endpoint(lambda: _Resolver(self), local_addr=where)
        self.port = transport.get_extra_info("sockname")[1]
        server = await asyncio.start_server(self._page, *where)
        self.origin = server.sockets[0].getsockname()[1]
        self._server = server

    async def _page(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        page = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nwelcome\n"
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                twisted = b"twisted" in head
                writer.write(self.twist(page) if twisted else page)
                await writer.drain()
                if twisted:
                    break
        writer.close()


class _Resolver(asyncio.DatagramProtocol):
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        end = data.find(b"\0", 12) + 5
        if end < 17 or len(data) < end:
            return
        has = data[end - 4 : end - 2] == b"\0\1"
        head = data[:2] + b"\x81\x80\0\1" + (b"\0\1" if has else b"\0\0") + b"\0\0\0\0"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if has else b""
        answer = head + data[12:end] + record
        if b"twisted" in data:
            # The id stays, or nearly every answer would be thrown away before it is read.
            answer = answer[:2] + self._upstream.twist(answer[2:])
        self._transport.sendto(answer, addr)


class House:
    """Doors on a home of their own. `start` them, `ask` and `get` through them, `kill` them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.upstream = Upstream()
        self.doors: dict[str, subprocess.Popen[bytes]] = {}
        self.bundle = publish(home)

    def start(self, *names: str, **settings: str) -> None:
        """Start doors and wait until they listen."""
        begun = time.time()
        for name in names:
            self._launch(name, settings)
        for name in names:
            wait_for(lambda name=name: self._is_up(name, begun, settings), f"the {name} door to be up", 60)

    def _launch(self, name: str, settings: Mapping[str, str]) -> None:
        log = (self.home / f"{name}.err").open("wb")
        self.doors[name] = subprocess.Popen(
            [sys.executable, "-m", f"homeroom.doors.{name}.door"],
            cwd=ROOT, env=self.environment(settings), stdout=log, stderr=log,
        )  # fmt: skip
        log.close()

    def environment(self, settings: Mapping[str, str] = {}) -> dict[str, str]:
        """What a door is told."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("HOMEROOM_")}
        anywhere = "127.0.0.1:0"
        listens = {f"HOMEROOM_{name}_LISTEN": anywhere for name in ("DNS", "DOH", "PROXY", "PAGE")}
        return inherited | listens | {
            "HOMEROOM_HOME": str(self.home), "HOMEROOM_PROXY_MAY_REACH": "127.0.0.0/8", "HOMEROOM_DNS_RATE": "0",
            "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{self.upstream.port}", **settings,
            "HOMEROOM_PROXY_CONNECT_PORTS": f"443,{self.upstream.origin}",
        }  # fmt: skip

    def _is_up(self, name: str, since: float, settings: Mapping[str, str]) -> bool:
        code = self.doors[name].poll()
        if code == 2 and "in use" in self.said(name):
            # The port that was free for UDP was not free for TCP: another one will be.
            self._launch(name, settings)
            return False
        assert code is None, f"The {name} door ended with {code}: {self.said(name)}"
        status = self.status(name)
        return bool(status) and datetime.fromisoformat(status["at"]).timestamp() > since

    def said(self, name: str) -> str:
        """What a door wrote to its standard error."""
        return (self.home / f"{name}.err").read_text(errors="replace")[-3000:]

    def status(self, name: str) -> dict[str, Any]:
        """What a door last said of itself; {} where it said nothing yet."""
        try:
            return json.loads((self.home / "run" / f"{name}.json").read_text())
        except (OSError, ValueError):
            return {}

    def port(self, name: str) -> int:
        """Where a door listens."""
        status = self.status(name)
        where = status["listens"]["dns"] if name == "dns" else status["listen"][0]
        return int(where.rpartition(":")[2])

    def kill(self, name: str) -> None:
        """kill -9."""
        self.doors[name].send_signal(signal.SIGKILL)
        self.doors.pop(name).wait(5)

    def alive(self) -> bool:
        """Whether every door that was started still runs."""
        return all(door.poll() is None for door in self.doors.values())

    def stop(self) -> None:
        """End everything; a door that does not end in order is an error."""
        for door in self.doors.values():
            door.terminate()
        codes = {}
        for name, door in self.doors.items():
            try:
                codes[name] = door.wait(10)
            except subprocess.TimeoutExpired:
                door.kill()
                codes[name] = "did not end"
        self.doors.clear()
        self.upstream.close()
        assert set(codes.values()) <= {0}, codes

    # Clients.

    def ask(self, name: str, *, source: str = "127.0.0.1", tcp: bool = False, timeout: float = 3.0) -> str:
        """Ask the DNS door for a name; "blocked", "allowed", or what else the answer was."""
        return verdict(dns_ask(self.port("dns"), question(name), source=source, tcp=tcp, timeout=timeout))

    def ask_many(self, names: Sequence[str], *, source: str = "127.0.0.1", seconds: float = 20.0) -> dict[str, int]:
        """Ask for many names by UDP, a few dozen at a time; the response codes of those that were answered."""
        codes: dict[str, int] = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((source, 0))
            sock.connect(("127.0.0.1", self.port("dns")))
            sock.settimeout(0.5)
            until = time.monotonic() + seconds
            for first in range(0, len(names), 40):
                open_ = dict(enumerate(names[first : first + 40]))
                while open_ and time.monotonic() < until:
                    for ident, name in open_.items():
                        sock.send(question(name, ident=ident))
                    with contextlib.suppress(TimeoutError):
                        while open_:
                            answer = sock.recv(4096)
                            name = open_.pop(int.from_bytes(answer[:2], "big"), "")
                            if name:
                                codes[name] = answer[3] & 15
        return codes

    def get(self, host: str, *, source: str = "127.0.0.1", timeout: float = 5.0) -> str:
        """Get a page of a host through the proxy door; "blocked", "allowed", or the status."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port("proxy"), timeout=timeout, source_address=(source, 0)
        )
        with contextlib.closing(connection):
            connection.request("GET", f"http://{host}:{self.upstream.origin}/page")
            response = connection.getresponse()
            body = response.read()
        if response.status == 200 and body == b"welcome\n":
            return ALLOWED
        return BLOCKED if response.status == 403 else f"{response.status} {body[:200]!r}"

    def refused_hosts(self) -> list[str]:
        """The hosts of all refusals in the spool, in no order."""
        found = []
        for path in (self.home / "spool").glob("*.log"):
            for line in path.read_bytes().split(b"\n")[:-1]:
                read = spoolline.read(line)
                if isinstance(read, spoolline.Blocked):
                    found += [read.host] * read.n
        return found


def question(name: str, kind: int = 1, ident: int = 7) -> bytes:
    """A question as a stub resolver sends it, with EDNS."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    edns = b"\0\0\x29\x04\xd0\0\0\0\0\0\0"
    return struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 1) + labels + b"\0" + struct.pack("!HH", kind, 1) + edns


def dns_ask(port: int, packet: bytes, *, source: str = "127.0.0.1", tcp: bool = False, timeout: float = 3.0) -> bytes:
    """Send a question and return its answer; raises TimeoutError."""
    if tcp:
        with socket.create_connection(("127.0.0.1", port), timeout, (source, 0)) as stream:
            stream.sendall(len(packet).to_bytes(2, "big") + packet)
            with stream.makefile("rb") as file:
                answer = file.read(int.from_bytes(file.read(2), "big"))
                if not answer:
                    raise ConnectionResetError("The door closed the connection without an answer.")
                return answer
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        sock.settimeout(timeout)
        sock.sendto(packet, ("127.0.0.1", port))
        while True:
            answer = sock.recv(65535)
            if answer[:2] == packet[:2]:
                return answer


def verdict(answer: bytes) -> str:
    """What an answer says: refused with an Extended DNS Error (15 to 18), or an address."""
    message = dns.message.from_wire(answer)
    told = {int(option.code) for option in message.options if option.otype == dns.edns.EDE}
    if message.rcode() == dns.rcode.NXDOMAIN and told & {15, 16, 17, 18}:
        return BLOCKED
    addresses = [each.to_text() for rrset in message.answer for each in rrset]
    return ALLOWED if addresses == ["127.0.0.1"] else f"{dns.rcode.to_text(message.rcode())} {addresses} {told}"


def wait_for(true: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """Wait until something holds; fails with what was waited for."""
    until = time.monotonic() + seconds
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < until, f"Waited {seconds} s in vain for {what}."
        time.sleep(0.02)


@contextlib.contextmanager
def house(**settings: str) -> Iterator[House]:
    """A house with both doors in a home of its own, for the fuzzer and benches."""
    with tempfile.TemporaryDirectory(prefix="homeroom-bad-day-") as folder:
        made = House(Path(folder))
        try:
            made.start("dns", "proxy", **settings)
            yield made
        finally:
            for door in made.doors.values():
                door.kill()
            made.doors.clear()
            made.upstream.close()
