"""The DNS door as a process: `python -m homeroom.doors.dns.door`.

It listens by UDP, TCP and HTTPS, follows the bundle in force, writes what it answered to the
spool and how it does to its status, and ends in order on SIGTERM.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from homeroom.doors import environment
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.dns import settings as dns_settings
from homeroom.doors.dns import tls as dns_tls
from homeroom.doors.dns.guests import MOST, Guests
from homeroom.doors.dns.https import Https
from homeroom.doors.dns.link import Link
from homeroom.doors.dns.relay import RelayTcp, Trusted, relay_udp
from homeroom.doors.dns.talk import Talk
from homeroom.doors.dns.tcp import Tcp
from homeroom.doors.dns.tls import BadCertificate
from homeroom.doors.dns.udp import Udp
from homeroom.doors.environment import BadSetting, Endpoint
from homeroom.doors.spool import Spool
from homeroom.doors.status import write_status

POLL = 0.05  # seconds between looks at the bundle
CHECK = 0.05  # seconds between looks at questions that wait for upstreams
TIDY = 300.0  # seconds
WHOLE = 12  # every so many times all is looked at
BACKLOG = 1024


class Door:
    """All parts of the running door."""

    def __init__(self, home: Path, loop: asyncio.AbstractEventLoop) -> None:
        """Read the settings; raises BadSetting."""
        self.home, self._loop = home, loop
        self._settings = dns_settings.settings()
        self.spool = Spool(home, "dns", soon=loop.call_soon)
        self.talk = Talk(self._settings, self.spool)
        self.link = Link(loop, self.talk, environment.upstreams())
        self.watch = BundleWatch(home)
        self.tcp_guests, self.https_guests = Guests(), Guests()
        self.relay_guests = Guests(each=MOST)  # all of them come from the one front
        self._udp: Udp | None = None
        self._relay: Udp | None = None
        self._servers: list[asyncio.Server] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._started = time.time()

    async def start(self) -> None:
        """Listen; raises OSError or BadCertificate."""
        self.talk.tick(time.monotonic(), time.time())
        self._look()
        dns, doh = environment.listen("HOMEROOM_DNS_LISTEN"), environment.listen("HOMEROOM_DOH_LISTEN")
        tls = dns_tls.context(self.home, dns_settings.doh_names(), datetime.now(UTC))
        self._servers = [
            await self._listen(dns),
            await self._loop.create_server(self._https, *doh, backlog=BACKLOG, ssl=tls, ssl_handshake_timeout=5.0),
        ]
        if environment.text("HOMEROOM_DNS_RELAY_LISTEN"):
            self._servers.append(await self._listen_to_front(environment.listen("HOMEROOM_DNS_RELAY_LISTEN")))
        for work, every in ((self._follow, POLL), (self._check, CHECK), (self._tell, 1.0)):
            self._tasks.append(self._loop.create_task(_repeat(work, every)))
        self._tasks.append(self._loop.create_task(_repeat(_tidy, TIDY)))

    async def stop(self) -> None:
        """Listen no more, write everything down."""
        for task in self._tasks:
            task.cancel()
        for server in self._servers:
            server.close()
        for udp in (self._udp, self._relay):
            if udp:
                udp.close()
        self.tcp_guests.close()
        self.https_guests.close()
        self.relay_guests.close()
        self.link.close()
        await asyncio.sleep(0)
        at = datetime.now(UTC)
        self.spool.close(at)
        write_status(self.home, "dns", self.status(), at)

    def status(self) -> dict[str, Any]:
        """How the door does, in numbers since it started."""
        talk, counts = self.talk, self.talk.counts
        queries = counts["by_udp"] + counts["by_tcp"] + counts["by_https"]
        bundle = talk.rules.bundle
        trouble = self.watch.trouble or self.spool.trouble
        if bundle is None:
            trouble = f"Nothing is answered, since no rules are loaded. {trouble}"
        return {
            **counts, "queries": queries, "cached": max(queries - counts["considered"] - counts["limited"], 0),
            "bundle": bundle.id if bundle else "", "swaps": self.watch.swaps, "trouble": trouble,
            "upstreams": [each.as_json() for each in self.link.upstreams.servers],
            "under_way": len(talk.flights), "clients": len(talk.clients.met), "remembered": len(talk.known),
            "tcp": len(self.tcp_guests), "https": len(self.https_guests),
            "turned_away": self.tcp_guests.turned_away + self.https_guests.turned_away,
            "spool_lost": self.spool.lost, "rss": memory(), "started": self._started, "listens": self.listens(),
        }  # fmt: skip

    def listens(self) -> dict[str, str]:
        """Where the door is reached, by protocol."""
        found = {}
        for name, server in zip(("dns", "doh", "relay"), self._servers, strict=False):
            address, port = server.sockets[0].getsockname()[:2] if server.sockets else ("", 0)
            found[name] = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        return found

    async def _listen(self, endpoint: Endpoint) -> asyncio.Server:
        """UDP and TCP on one port, also where the system was left to choose it; raises OSError."""
        for left in range(20, -1, -1):
            self._udp = Udp(self._loop, self.talk, self.link, endpoint)
            port = self._udp.sock.getsockname()[1]
            try:
                return await self._loop.create_server(self._tcp, endpoint[0], port, backlog=BACKLOG)
            except OSError:
                self._udp.close()
                if endpoint[1] or not left:
                    raise
        raise AssertionError("the last turn returns or raises")

    async def _listen_to_front(self, endpoint: Endpoint) -> asyncio.Server:
        """For what dnsdist hands over; raises OSError."""
        trusted = Trusted(environment.networks("HOMEROOM_DNS_RELAY_FROM"))
        self._relay = relay_udp(self._loop, self.talk, self.link, endpoint, trusted)
        endpoint = (endpoint[0], self._relay.sock.getsockname()[1])
        made = lambda: RelayTcp(self.talk, self.link, self.relay_guests, trusted)  # noqa: E731
        return await self._loop.create_server(made, *endpoint, backlog=BACKLOG)

    def _tcp(self) -> Tcp:
        return Tcp(self.talk, self.link, self.tcp_guests)

    def _https(self) -> Https:
        return Https(self.talk, self.link, self.https_guests)

    def _look(self) -> None:
        if self.watch.poll():
            self.talk.use(self.watch.bundle, self.watch.mark)

    async def _follow(self) -> None:
        # Opening a bundle takes a while: in a thread, so that questions are answered meanwhile.
        if await self._loop.run_in_executor(None, self.watch.poll):
            self.talk.tick(time.monotonic(), time.time())
            self.talk.use(self.watch.bundle, self.watch.mark)

    async def _check(self) -> None:
        self.talk.tick(time.monotonic(), time.time())
        self.link.check()

    async def _tell(self) -> None:
        now, at = time.monotonic(), datetime.now(UTC)
        self.spool.flush(at)
        self.link.probe()
        self.tcp_guests.sweep(now)
        self.https_guests.sweep(now)
        self.relay_guests.sweep(now)
        write_status(self.home, "dns", self.status(), at)


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 when ended in order, 2 for a bad setting or a port that is taken."""
    try:
        return uvloop.run(_run(environment.home()))
    except (BadSetting, BadCertificate) as trouble:
        return _say(str(trouble), 2)
    except OSError as trouble:
        dns, doh = environment.text("HOMEROOM_DNS_LISTEN"), environment.text("HOMEROOM_DOH_LISTEN")
        return _say(
            f"The DNS door cannot listen on {dns} or {doh}: {trouble.strerror or trouble}. Stop what listens "
            "there, or set HOMEROOM_DNS_LISTEN and HOMEROOM_DOH_LISTEN to addresses of this machine.", 2
        )  # fmt: skip


async def _run(home: Path) -> int:
    loop = asyncio.get_running_loop()
    _prepare()
    door, ended = Door(home, loop), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    await door.start()
    await ended.wait()
    await door.stop()
    return 0


def _prepare() -> None:
    """As many files as the system lets us open, a patient collector, a thread that gives way quickly."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()  # `_tidy` does it, when it costs least
    sys.setswitchinterval(0.0005)


async def _tidy() -> None:
    """Collect what holds itself in a circle, and for an hour do not look again at what has stayed.

    Nothing that answers questions makes circles, but connections do: left until the end of an hour, those
    of a busy hour are tens of megabytes. Left to itself the collector would walk through all remembered
    answers again and again, for a tenth of all time.
    """
    if next(_turns) % WHOLE == 0:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


_turns = itertools.count()


async def _repeat(work: Callable[[], Coroutine[Any, Any, None]], every: float) -> None:
    """Do something again and again; one failure is told and does not end it."""
    while True:
        try:
            await work()
        except Exception as trouble:
            _say(f"The DNS door goes on after a fault in {work.__name__}: {trouble!r}", 0)
        await asyncio.sleep(every)


def memory() -> int:
    """Bytes of memory that this process holds."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
