"""The RADIUS door as a process: one UDP socket, records put aside for the worker, acknowledgements.

It touches no database: a packet is checked, put on the disk together with what came in the same moment, and only
then acknowledged. What comes a second time is acknowledged again and not told twice.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import time
from collections import Counter, OrderedDict
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from homeroom.doors import environment
from homeroom.doors.environment import BadSetting
from homeroom.doors.radius import handover
from homeroom.doors.status import write_status
from homeroom.kernel import radius

TOGETHER = 0.02  # seconds in which records are gathered into one file
AGAIN = 60.0  # seconds in which the same packet is known again
MOST_KNOWN = 20_000
Waiting = tuple[bytes, tuple[str, int], bytes, datetime, radius.Told]


class Door(asyncio.DatagramProtocol):
    """Hears, checks, hands over, acknowledges; `counts` says what became of the packets."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.counts: Counter[str] = Counter()
        self._clients: list[handover.Client] = []
        self._waiting: list[Waiting] = []
        self._known: OrderedDict[tuple[str, bytes], tuple[bytes, float]] = OrderedDict()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        # A whole school signs in at eight o'clock.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One packet. Whatever is wrong with it is counted and gets no answer (RFC 2866, 3)."""
        client = self._client(addr[0])
        if client is None:
            self.counts["strangers"] += 1
            return
        known = self._known.get((addr[0], data[:20]))
        if known is not None:
            self.counts["again"] += 1
            self._send(known[0], addr)
            return
        try:
            told = radius.read(data, client[2])
        except radius.BadPacket:
            self.counts["refused"] += 1
            return
        now = datetime.now(UTC) - timedelta(seconds=told.delay)
        self._waiting.append((data, addr, client[2], now, replace(told, nas=told.nas or client[1])))

    def hand_over(self) -> None:
        """Put aside what came, then acknowledge it. What cannot be put aside is asked again by the switch."""
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            handover.write(self.home, ((at, told) for *_, at, told in batch), time.time_ns())
        except OSError:
            self.counts["lost"] += len(batch)
            return
        for data, addr, secret, _, _ in batch:
            answer = radius.response(data, secret)
            self._known[addr[0], data[:20]] = answer, time.monotonic()
            self._send(answer, addr)
        self.counts["told"] += len(batch)

    def tidy(self) -> None:
        """Once a second: read anew who may tell, forget old packets, say how it goes."""
        self._clients = handover.clients(self.home)
        before = time.monotonic() - AGAIN
        while self._known and (len(self._known) > MOST_KNOWN or next(iter(self._known.values()))[1] < before):
            self._known.popitem(last=False)
        values = {"clients": len(self._clients), **self.counts}
        write_status(self.home, "radius", values, datetime.now(UTC))

    def _client(self, address: str) -> handover.Client | None:
        where = ip_address(address.partition("%")[0])
        mapped = getattr(where, "ipv4_mapped", None)
        return handover.client_of(self._clients, mapped or where)

    def _send(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(data, addr)


async def _run(home: Path) -> int:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    door = Door(home)
    door.tidy()
    transport, _ = await loop.create_datagram_endpoint(lambda: door, environment.listen("HOMEROOM_RADIUS_LISTEN"))
    tidied = time.monotonic()
    while not ended.is_set():
        door.hand_over()
        if time.monotonic() - tidied > 1.0:
            tidied = time.monotonic()
            door.tidy()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ended.wait(), TOGETHER)
    door.hand_over()
    transport.close()
    return 0


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 when ended in order, 2 for a bad setting, 1 where it cannot listen."""
    try:
        if not environment.text("HOMEROOM_RADIUS_LISTEN"):
            raise BadSetting("HOMEROOM_RADIUS_LISTEN is not set; give an address and a port such as 10.1.0.5:1813.")
        return asyncio.run(_run(environment.home()))
    except BadSetting as trouble:
        return _say(str(trouble), 2)
    except OSError as trouble:
        where = environment.text("HOMEROOM_RADIUS_LISTEN")
        return _say(f"The RADIUS door cannot listen on {where}: {trouble.strerror}. Set HOMEROOM_RADIUS_LISTEN.", 1)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
