"""Steady questions to a DNS door whose right answers never change; says what was lost or answered wrongly.

    python -m tests.bench.steady ADDRESS:PORT RATE SECONDS

Prints one JSON object: asked, answered, lost (none after two tries), wrong, and latencies in microseconds.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from collections import Counter

BLOCKED = ("adult.test", "cdn.adult.test", "explicit.test", "casino.test", "evil.test", "vpn.test")
ALLOWED = ("library.test", "wiki.test", "school.test", "news.test", "museum.test", "weather.test", "help.casino.test")
NXDOMAIN, NOERROR = 3, 0
PATIENCE = 1.0  # seconds before a question is asked again, as every stub resolver does


class Asker(asyncio.DatagramProtocol):
    """Sends questions and holds each answer against what is known to be right."""

    def __init__(self) -> None:
        self.waiting: dict[int, tuple[float, int]] = {}
        self.asked = self.answered = self.wrong = 0
        self.latencies: list[float] = []
        self.mistakes: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def ask(self, number: int) -> None:
        names, right = (BLOCKED, NXDOMAIN) if number % 10 == 0 else (ALLOWED, NOERROR)
        name = names[number // 10 % len(names)]
        if right == NOERROR and number % 7 == 0:
            name = f"h{number}.{name}"  # a new name, for which no memory of answers helps
        self.waiting[number & 0xFFFF] = (time.perf_counter(), right)
        self.transport.sendto(question(number & 0xFFFF, name))
        self.asked += 1

    def datagram_received(self, data: bytes, addr: object) -> None:
        id, flags, _, answers = struct.unpack("!HHHH", data[:8])
        sent, right = self.waiting.pop(id, (0.0, -1))
        if right < 0:
            return
        self.answered += 1
        self.latencies.append(time.perf_counter() - sent)
        if flags & 15 != right or bool(answers) != (right == NOERROR):
            self.wrong += 1
            self.mistakes[f"code {flags & 15} for {right}"] += 1


def question(id: int, name: str) -> bytes:
    """A question for an A record."""
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", id, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


async def run(address: str, port: int, rate: int, seconds: float) -> dict[str, object]:
    """Ask at a rate for some seconds."""
    loop = asyncio.get_running_loop()
    _, asker = await loop.create_datagram_endpoint(Asker, remote_addr=(address, port))
    begin, number = time.perf_counter(), 0
    while (now := time.perf_counter() - begin) < seconds:
        while number < now * rate:
            asker.ask(number)
            number += 1
        await asyncio.sleep(0.002)
    await asyncio.sleep(PATIENCE)
    ordered = sorted(asker.latencies) or [0.0]
    return {
        "asked": asker.asked,
        "answered": asker.answered,
        "lost": len(asker.waiting),
        "wrong": asker.wrong,
        "mistakes": dict(asker.mistakes),
        "p50": round(ordered[len(ordered) // 2] * 1e6),
        "p99": round(ordered[int(len(ordered) * 0.99)] * 1e6),
    }


if __name__ == "__main__":
    where, port = sys.argv[1].rsplit(":", 1)
    print(json.dumps(asyncio.run(run(where, int(port), int(sys.argv[2]), float(sys.argv[3])))))
