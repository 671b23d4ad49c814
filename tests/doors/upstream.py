"""A tiny resolver for tests: answers UDP and TCP from a dictionary, and can be as bad as real ones are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

import dns.message

from tests.doors.dns_scene import reply_to
from tests.ports import free_port

Zone = dict[tuple[str, str], list[str]]


class Mood(Enum):
    """How the upstream behaves."""

    WELL = "well"
    DEAD = "dead"  # hears, says nothing
    SLOW = "slow"  # takes `delay` seconds
    OTHER_ID = "other id"  # a lie first, then the truth
    OTHER_QUESTION = "other question"  # the same
    OTHER_PORT = "other port"  # the lie comes from elsewhere
    CUT = "cut"  # every UDP answer is truncated
    SICK = "sick"  # SERVFAIL
    NOISE = "noise"  # random bytes behind the right id
    OLD = "old"  # does not know EDNS


class Upstream:
    """Runs in a thread of its own; `zone`, `mood` and `delay` may be changed at any time."""

    def __init__(self, zone: Zone, port: int = 0) -> None:
        self.zone, self.mood, self.delay = zone, Mood.WELL, 0.3
        self.heard: list[str] = []
        self.ports: list[int] = []
        self.by_tcp = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._wanted_port = port or free_port()
        self.port = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self._transport.close()
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _open(self) -> None:
        where = ("127.0.0.1", self._wanted_port)
        self._transport, _ = await self._loop.create_datagram_endpoint(lambda: _Udp(self), local_addr=where)
        self.port = self._transport.get_extra_info("sockname")[1]
        self._server = await asyncio.start_server(self._tcp, "127.0.0.1", self.port)

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2), "big")
        question = dns.message.from_wire(await reader.readexactly(size))
        self.by_tcp += 1
        if self.mood is not Mood.DEAD:
            reply = reply_to(question, self.zone)
            writer.write(len(reply).to_bytes(2, "big") + reply)
            await writer.drain()
            writer.close()

    def datagram(self, packet: bytes, peer: tuple[str, int]) -> None:
        question = dns.message.from_wire(packet)
        self.heard.append(question.question[0].name.to_text(omit_final_dot=True))
        self.ports.append(peer[1])
        for reply in self._replies(question):
            if self.mood is Mood.SLOW:
                self._loop.call_later(self.delay, self._transport.sendto, reply, peer)
            else:
                self._transport.sendto(reply, peer)

    def _replies(self, question: dns.message.Message) -> Iterator[bytes]:
        good = reply_to(question, self.zone)
        head = good[:12]
        lie = bytearray(reply_to(question, {k: ["203.0.113.66"] for k in self.zone if k[1] == "A"}))
        match self.mood:
            case Mood.DEAD:
                return
            case Mood.CUT:
                yield (
                    head[:2]
                    + bytes((head[2] | 2, head[3]))
                    + b"\0\1"
                    + b"\0" * 6
                    + good[12 : len(_section(question)) + 12]
                )
                return
            case Mood.SICK:
                yield head[:3] + bytes((head[3] & 0xF0 | 2,)) + good[4:]
                return
            case Mood.NOISE:
                yield head[:2] + bytes(range(60))
                return
            case Mood.OLD if question.edns >= 0:
                yield head[:2] + b"\x81\x81" + b"\0" * 8
                return
            case Mood.OTHER_ID:
                yield bytes((lie[0] ^ 1, lie[1])) + bytes(lie[2:])
            case Mood.OTHER_QUESTION:
                lie[13] ^= 1
                yield bytes(lie)
        yield good


def _section(question: dns.message.Message) -> bytes:
    return question.question[0].name.to_wire() + b"\0\0\0\0"


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._upstream.datagram(data, addr)


@contextmanager
def upstream(zone: Zone, port: int = 0) -> Iterator[Upstream]:
    running = Upstream(zone, port)
    try:
        yield running
    finally:
        running.close()
