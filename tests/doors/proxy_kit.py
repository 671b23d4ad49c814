"""A stage for the proxy door: a home with a small bundle, a resolver, an origin in clear and in TLS, and the door.

Everything runs on loopback and on ports that the system chooses. Names under `.test` lead to
127.0.0.1, so the door of the stage may reach 127.0.0.1 (and nothing else inside).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import uvloop

from homeroom.doors import bundle_file
from homeroom.doors.proxy.door import ProxyDoor
from homeroom.doors.proxy.settings import Settings
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer
from homeroom.site import little_internet
from tests.doors.proxy_origin import Origin

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
LAW = [
    {"material": "obscene", "clause": "VI.Alt3.A.obscene"},
    {"material": "harmful-to-minors", "clause": "VI.Alt3.A.htm"},
]
POLICY = {
    "alternative": "3",
    "strictest": "unknown",
    "categories": [
        {"id": "pornography", "title": "Pornography", "clause": "V.A.1.a", "reason": "Explicit.",
         "legal": ["obscene", "harmful-to-minors"]},
        {"id": "games", "title": "Games", "clause": "III.1", "reason": "Distracts."},
        {"id": "malware", "title": "Malware", "clause": "V.A.4b", "reason": "Harms.", "kind": "safety"},
    ],
    "profiles": [
        {"id": "student", "title": "Students", "audience": "student", "legal": LAW, "blocked": ["games", "malware"],
         "safe_search": True, "youtube": "strict"},
        {"id": "adult", "title": "Staff", "audience": "adult", "legal": LAW[:1], "blocked": ["malware"]},
        {"id": "unknown", "title": "Nobody we know", "audience": "unknown", "legal": LAW,
         "blocked": ["games", "malware"], "safe_search": True},
    ],
    "safe_search": {"www.search.test": "locked.search.test"},
    "youtube": {"strict": {}},
}  # fmt: skip
SLOTS = (Slot("ut1", "2026-08-17", "pornography"), Slot("ut1", "2026-08-17", "games"), Slot("bad", "v9", "malware"))
LISTED = [
    (0, Entry("adult.test", How.SUFFIX, 11, "adult.test")),
    (1, Entry("games.test", How.SUFFIX, 12, "games.test")),
    (1, Entry("library.test/games", How.URL, 13, "library.test/games")),
    (2, Entry("evil.test", How.SUFFIX, 14, "||evil.test^")),
    (2, Entry("127.0.0.66/32", How.NET, 15, "127.0.0.66")),
]
ALIASES = {"innocent.test": "cdn.adult.test"}
ADDRESSES = {"shady.test": "127.0.0.66", "inside.test": "10.1.2.3", "meta.test": "169.254.169.254"}
ABSENT = {"nowhere.test"}


def make_home(home: Path, *, overlay: Sequence[Rule] = (), roll: dict[str, Any] | None = None) -> Path:
    """A home whose bundle holds POLICY, LISTED and the given local rules and people."""
    made = home / "made.table"
    with made.open("wb") as file, _Spill() as spill:
        writer = Writer(spill)
        for slot, entry in LISTED:
            writer.add(slot, entry)
        writer.finish(file, SLOTS, {})
    (home / "bundles").mkdir(exist_ok=True)
    rules = bundle_file.install_rules(home, made)
    publish(home, rules=rules, policy=POLICY, overlay=overlay, roll=roll or people())
    return home


def publish(home: Path, *, overlay: Sequence[Rule] | None = None, **parts: Any) -> str:
    """Put other parts in force."""
    rows = None if overlay is None else [rule.as_json() for rule in overlay]
    return bundle_file.publish(home, at=AT, journal=1, overlay=rows, **parts)


def people(**more: Any) -> dict[str, Any]:
    """A roll: whoever comes from 127.0.0.1 is Ben, a student; Ms. Okafor is staff."""
    persons = {
        "ben": {"profile": "student", "role": "student", "school": "birch", "alias": "alias-ben", "classes": ["7b"]},
        "okafor": {"profile": "adult", "role": "teacher", "school": "birch", "alias": "alias-okafor"},
        "nils": {"profile": "student", "role": "student", "alias": "alias-nils",
                 "closed": [["IX.B", "Nobody has signed for you yet."]]},
    }  # fmt: skip
    return {"persons": persons, "addresses": [["127.0.0.1", {"person": "ben"}]], **more}


class _Spill:
    def __init__(self) -> None:
        self._files: dict[int, BinaryIO] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> _Spill:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def partition(self, number: int) -> BinaryIO:
        if number not in self._files:
            file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the stack)
            self._files[number] = self._stack.enter_context(file)  # type: ignore[assignment]
        return self._files[number]


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self, *, uv: bool = False) -> None:
        self.loop = uvloop.new_event_loop() if uv else asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Awaitable[Any]) -> Any:
        """Run something there and wait for it."""
        return asyncio.run_coroutine_threadsafe(_coroutine(work), self.loop).result(20)

    def call(self, function: Callable[[], Any]) -> Any:
        """Call something there and wait for it."""

        async def calling() -> Any:
            return function()

        return self.do(calling())

    def close(self) -> None:
        """Stop."""
        self.do(_cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


async def _coroutine(work: Awaitable[Any]) -> Any:
    return await work


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Resolver(asyncio.DatagramProtocol):
    """Every name under .test leads to 127.0.0.1, save those of ALIASES, ADDRESSES and ABSENT."""

    asked = 0
    dead = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if not self.dead:
            self.asked += 1
            self.transport.sendto(_answer(data), addr)  # type: ignore[attr-defined]


def _answer(data: bytes) -> bytes:
    question = dns.message.from_wire(data)
    answer = dns.message.make_response(question, recursion_available=True)
    owner, kind = question.question[0].name, question.question[0].rdtype
    name = owner.to_text(omit_final_dot=True).lower()
    if name in ABSENT or not name.endswith(".test"):
        answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()
    if name in ALIASES:
        alias = dns.rrset.from_text(owner, 30, "IN", "CNAME", ALIASES[name] + ".")
        answer.answer.append(alias)
        owner, name = alias[0].target, ALIASES[name]
    if kind == dns.rdatatype.A:
        answer.answer.append(dns.rrset.from_text(owner, 30, "IN", "A", ADDRESSES.get(name, "127.0.0.1")))
    return answer.to_wire()


class Stage:
    """Resolver, origins and door, all running."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.home = home
        self.outside, self.inside = Loop(), Loop(uv=True)
        self.origin, self.resolver = Origin(), Resolver()
        self.outside.do(self._start_outside())
        chosen: dict[str, Any] = {
            "upstreams": (("127.0.0.1", self.dns_port),),
            "may_reach": (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("127.0.0.66/32")),
            "connect_ports": frozenset({443, self.tls_port}),
            "organisation": "Birch County Schools",
            "public_url": "http://homeroom.test:8524",
        }
        self.settings = Settings(home=home, **{**chosen, **settings})
        self.door: ProxyDoor = self.inside.call(lambda: ProxyDoor(self.settings))
        self.inside.do(self.door.start())
        self.running = asyncio.run_coroutine_threadsafe(self.door.run(), self.inside.loop)
        self.port, self.page_port = self.door.address[1], self.door.page_address[1]
        self.proxy = f"http://127.0.0.1:{self.port}"

    async def _start_outside(self) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self.resolver, local_addr=("127.0.0.1", 0))
        self.dns_port = transport.get_extra_info("sockname")[1]
        plain = await asyncio.start_server(self.origin.serve, "127.0.0.1", 0)
        self.http_port = plain.sockets[0].getsockname()[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, little_internet.certificate(self.home / "tls")))
        tls = await asyncio.start_server(self.origin.serve, "127.0.0.1", 0, ssl=context)
        self.tls_port = tls.sockets[0].getsockname()[1]

    def url(self, host: str, path: str = "/") -> str:
        """The address of the origin under a name."""
        return f"http://{host}:{self.http_port}{path}"

    def close(self) -> None:
        """Take everything down."""
        self.running.cancel()
        self.inside.do(self.door.stop())
        self.inside.close()
        self.outside.close()

    def connect(self, source: str = "127.0.0.1", *, page: bool = False) -> Peer:
        """A bare connection to the proxy, or to the page port."""
        port = self.page_port if page else self.port
        return Peer(socket.create_connection(("127.0.0.1", port), 10, (source, 0)))

    def ask(self, data: bytes, **where: Any) -> bytes:
        """Send bytes, then read until the other side closes."""
        with self.connect(**where) as peer:
            peer.send(data)
            return peer.rest()

    def get(self, url: str, *headers: str, method: str = "GET", **where: Any) -> Answer:
        """One request through the proxy, on a connection of its own."""
        host = url.split("/")[2]
        lines = [f"{method} {url} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        return Answer(self.ask("\r\n".join([*lines, "", ""]).encode(), **where))


class Peer:
    """A bare socket with small helpers."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._held = b""

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def send(self, data: bytes) -> None:
        """Send everything."""
        self.sock.sendall(data)

    def some(self) -> bytes:
        """What is there, b"" at the end; a reset counts as an end."""
        with contextlib.suppress(ConnectionError):
            return self.sock.recv(1 << 16)
        return b""

    def rest(self) -> bytes:
        """Everything until the other side closes."""
        pieces, self._held = [self._held], b""
        while piece := self.some():
            pieces.append(piece)
        return b"".join(pieces)

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with a mark; what follows waits for the next call."""
        while mark not in self._held:
            piece = self.some()
            if not piece:
                raise AssertionError(f"ended after {self._held!r}, before {mark!r}")
            self._held += piece
        got, _, self._held = self._held.partition(mark)
        return got + mark

    def answer(self) -> Answer:
        """One answer whose length is given."""
        head = self.until(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or b"0")
        while len(self._held) < size:
            piece = self.some()
            assert piece, "ended in the middle of a body"
            self._held += piece
        body, self._held = self._held[:size], self._held[size:]
        return Answer(head + body)


class Answer:
    """An answer taken apart."""

    def __init__(self, data: bytes) -> None:
        self.raw = data
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1]) if first.startswith("HTTP/") else 0
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def until(what: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait until something is true; how long that took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


@contextlib.contextmanager
def stage(home: Path, **settings: Any) -> Iterator[Stage]:
    """A stage that is taken down at the end."""
    made = Stage(home, **settings)
    try:
        yield made
    finally:
        made.close()
