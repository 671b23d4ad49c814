"""A fuzzer for both doors: mutated questions, requests and greetings, and an upstream and an origin that lie.

    ./run bench fuzz [--minutes N] [--seed N]

The doors are real processes. Every two seconds they must be alive, still answer a handful of
questions rightly in every way of asking, have written no traceback, and hold bounded memory. What
was sent last before a failure is kept in a file. Prints one JSON object; exit code 1 on a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import socket
import ssl
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path

from tests.bad_days.house import ALLOWED, BLOCKED, House, house, question

LOOK = 2.0  # seconds between two looks at the doors
# Bytes that a door may grow by; the proxy checks two passwords at a time, with 64 MB of Argon2 each.
GROWTH = {"dns": 80 << 20, "proxy": (80 + 128) << 20}
KEPT = 400  # the last messages, for the file that shows what led to a failure

QUESTIONS = [
    question("games.test"), question("ok.test"), question("ok.test", kind=28), question("ok.test", kind=65),
    question("a.very.long.name.with.many.labels.porn.test", kind=255), question("twisted.test"),
    question("use-application-dns.net"), question("_dns.resolver.arpa", kind=64), question("www.google.com"),
    question("ok.test")[:-11] + b"\0\0\x29\x04\xd0\0\0\x80\0\0\x0c\0\x0a\0\x08" + b"c" * 8,
]  # fmt: skip
REQUESTS = [
    b"GET http://games.test/ HTTP/1.1\r\nHost: games.test\r\nAccept: text/html\r\n\r\n",
    b"GET http://ok.test:%d/x?y=z HTTP/1.1\r\nHost: ok.test\r\nConnection: keep-alive\r\n\r\n",
    b"GET http://twisted.test:%d/ HTTP/1.1\r\nHost: twisted.test\r\n\r\n",
    b"POST http://ok.test:%d/ HTTP/1.1\r\nHost: ok.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"POST http://ok.test:%d/ HTTP/1.1\r\nHost: ok.test\r\nContent-Length: 5\r\n\r\nhello",
    b"CONNECT ok.test:%d HTTP/1.1\r\nHost: ok.test\r\nProxy-Authorization: Basic YTpi\r\n\r\n"
    b"\x16\x03\x01\x00\x45\x01\x00\x00\x41\x03\x03" + b"r" * 32 + b"\x00\x00\x02\x13\x01\x01\x00"
    b"\x00\x16\x00\x00\x00\x0c\x00\x0a\x00\x00\x07ok.test\x00\x2b\x00\x03\x02\x03\x04",
    b"GET /proxy.pac HTTP/1.1\r\nHost: proxy\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\n\r\n",
]  # fmt: skip
DOH = [
    b"GET /dns-query?dns=AAABAAABAAAAAAAAAm9rBHRlc3QAAAEAAQ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /dns-query/t/ben HTTP/1.1\r\nHost: x\r\nContent-Type: application/dns-message\r\nContent-Length: 25\r\n\r\n"
    + question("ok.test")[:25],
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\x04\x08\0\0\0\0\0\0\x0f\0\1",
]
ODD = (0, 1, 0x7F, 0x80, 0xC0, 0xFF)


class Mutator:
    """Makes messages that are nearly right, from messages that are."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._ways: tuple[Callable[[bytearray], None], ...] = (
            self._flip, self._odd, self._cut, self._twice, self._add, self._swap, self._grow,
        )  # fmt: skip

    def one_of(self, seeds: list[bytes]) -> bytes:
        """A seed, spliced with another or changed in a few places; now and then bytes that mean nothing."""
        chance = self._chance
        if chance.random() < 0.03:
            return chance.randbytes(chance.randrange(1, 2000))
        data = bytearray(chance.choice(seeds))
        if chance.random() < 0.1:
            other = chance.choice(seeds)
            data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]
        for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
            chance.choice(self._ways)(data)
        return bytes(data[:65000])

    def twist(self, data: bytes) -> bytes:
        """The same for one message."""
        return self.one_of([data])

    def _at(self, data: bytearray) -> int:
        return self._chance.randrange(len(data)) if data else 0

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._at(data)] ^= 1 << self._chance.randrange(8)

    def _odd(self, data: bytearray) -> None:
        if data:
            data[self._at(data)] = self._chance.choice(ODD)

    def _cut(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self._chance.randrange(1, 30)]

    def _twice(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = data[at : at + self._chance.randrange(1, 60)]

    def _add(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = self._chance.randbytes(self._chance.randrange(1, 16))

    def _swap(self, data: bytearray) -> None:
        one, other = self._at(data), self._at(data)
        if data:
            data[one], data[other] = data[other], data[one]

    def _grow(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = data[at : at + 4] * self._chance.randrange(1, 400)


class Failure(Exception):
    """A door is not well; the message says how."""


class Fuzzer:
    """Throws messages at the doors of a house and looks after their health."""

    def __init__(self, doors: House, seed: int) -> None:
        self.doors, self.mutator, self.sent = doors, Mutator(seed), Counter[str]()
        self.last: deque[tuple[str, bytes]] = deque(maxlen=KEPT)
        doors.upstream.twist = Mutator(seed + 1).twist
        listens = doors.status("dns")["listens"]
        proxy, page = doors.status("proxy")["listen"]
        where = {"dns": listens["dns"], "doh": listens["doh"], "proxy": proxy, "page": page}
        self.ports = {name: int(each.rpartition(":")[2]) for name, each in where.items()}
        self.requests = [each.replace(b"%d", b"%d" % doors.upstream.origin) for each in REQUESTS]
        self.begun = self.most = self.memory()
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.5.1", 0))
        self._udp.connect(("127.0.0.1", self.ports["dns"]))
        self._udp.setblocking(False)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE
        self._tls.set_alpn_protocols(["h2", "http/1.1"])

    def run(self, seconds: float) -> None:
        """Throw until the time is over; raises Failure."""
        until = look = time.monotonic()
        until += seconds
        while time.monotonic() < until:
            self.round()
            if time.monotonic() >= look:
                look = time.monotonic() + LOOK
                self.look()
        self.look()

    def round(self) -> None:
        """A few messages of every kind."""
        for _ in range(64):
            self._datagram(self.mutator.one_of(QUESTIONS))
        for _ in range(4):
            data = self.mutator.one_of(QUESTIONS)
            self._stream("dns", len(data).to_bytes(2, "big") + data + self.mutator.one_of(QUESTIONS))
            self._stream("proxy", self.mutator.one_of(self.requests))
        self._stream("page", self.mutator.one_of(self.requests))
        self._stream("doh", self.mutator.one_of(DOH))
        self._stream("doh", self.mutator.one_of(DOH), tls=True)

    def look(self) -> None:
        """Are both doors well? Raises Failure."""
        doors = self.doors
        if not doors.alive():
            raise Failure("A door fell.")
        for ask in (doors.ask, lambda name: doors.ask(name, tcp=True), doors.get):
            for name, right in (("games.test", BLOCKED), ("porn.test", BLOCKED), ("ok.test", ALLOWED)):
                try:
                    said = ask(name)
                except (OSError, ValueError) as error:
                    said = repr(error)
                if said != right:
                    raise Failure(f"{name} was answered {said}, not {right}.")
        now = self.memory()
        self.most = {door: max(self.most[door], now[door]) for door in now}
        for door, least in self.begun.items():
            if now[door] > least + GROWTH[door]:
                raise Failure(f"The {door} door grew from {least >> 20} to {now[door] >> 20} MB.")
            if "Traceback" in doors.said(door):
                raise Failure(f"The {door} door wrote a traceback: {doors.said(door)[-1500:]}")

    def memory(self) -> dict[str, int]:
        """Bytes that each door holds."""
        page = resource.getpagesize()
        return {
            name: int(Path(f"/proc/{door.pid}/statm").read_text().split()[1]) * page
            for name, door in self.doors.doors.items()
        }

    def figures(self) -> dict[str, object]:
        """What was sent, and what the doors held."""
        megabytes = {
            door: {"begun": self.begun[door] >> 20, "most": self.most[door] >> 20, "ended": held >> 20}
            for door, held in self.memory().items()
        }
        return {"messages": dict(self.sent), "in_all": self.sent.total(), "memory_mb": megabytes}

    def _datagram(self, data: bytes) -> None:
        self._note("dns udp", data)
        with contextlib.suppress(OSError):
            self._udp.send(data)
        with contextlib.suppress(OSError):
            while True:
                self._udp.recv(65535)

    def _stream(self, port: str, data: bytes, *, tls: bool = False) -> None:
        self._note(f"{port} tls" if tls else f"{port} tcp", data)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports[port]), 1) as sock:
            sock.settimeout(0.05)
            stream = self._tls.wrap_socket(sock) if tls else sock
            stream.sendall(data)
            if not tls:
                sock.shutdown(socket.SHUT_WR)
            stream.recv(65536)

    def _note(self, kind: str, data: bytes) -> None:
        self.sent[kind] += 1
        self.last.append((kind, data))


def main() -> int:
    """Fuzz and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    failed = ""
    with house() as doors:
        fuzzer = Fuzzer(doors, options.seed)
        try:
            fuzzer.run(options.minutes * 60)
        except Failure as failure:
            failed = str(failure)
            Path(f"fuzz-{options.seed}.txt").write_text("\n".join(f"{kind} {data.hex()}" for kind, data in fuzzer.last))
        figures = {"minutes": options.minutes, "seed": options.seed, "failure": failed}
        figures |= fuzzer.figures() if doors.alive() else {"messages": dict(fuzzer.sent)}
    print(json.dumps(figures, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
