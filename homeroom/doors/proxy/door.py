"""The proxy door: an explicit HTTP proxy and the block page, on one event loop, without Django.

Listens on HOMEROOM_PROXY_LISTEN (proxy and set-up file) and HOMEROOM_PAGE_LISTEN (block page
for names that the DNS door sent there). Ends at SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import resource
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import uvloop

from homeroom.doors import environment
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.environment import BadSetting, Endpoint
from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Wait
from homeroom.doors.proxy.login import Logins
from homeroom.doors.proxy.names import Names
from homeroom.doors.proxy.pool import Pool
from homeroom.doors.proxy.reach import Reach
from homeroom.doors.proxy.session import Session
from homeroom.doors.proxy.settings import Settings, read_settings
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.proxy.world import PageView, Shared, View
from homeroom.doors.spool import Spool
from homeroom.doors.status import write_status

log = logging.getLogger("homeroom.proxy")
LOOK = 0.1  # seconds between two looks at the bundle
SLICE = 100  # connections judged anew before others get their turn
BACKLOG = 1024


class ProxyDoor:
    """The door with everything it needs; `start`, then `run` until cancelled."""

    def __init__(self, settings: Settings) -> None:
        self.shared = Shared(
            settings=settings,
            watch=BundleWatch(settings.home),
            spool=Spool(settings.home, "proxy"),  # writes each block before its page is sent
            names=Names(settings.upstreams),
            logins=Logins(),
            pool=Pool(),
            reach=Reach(settings.may_reach),
            ticket_key=environment.key(settings.home, "ticket"),
        )
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="login")
        self.sessions: set[Session] = set()
        self.address: Endpoint = settings.listen
        self.page_address: Endpoint = settings.page_listen
        self._per_client: Counter[bytes] = Counter()
        self._servers: list[asyncio.Server] = []
        self._changes: datetime | None = None
        self._judging: asyncio.Task[None] | None = None
        self._started = datetime.now(UTC)
        self._turned_away = 0

    # Connections.

    def admit(self, session: Session, client: bytes) -> Trouble | None:
        """Count a connection in, or say why it is one too many."""
        settings = self.shared.settings
        self.sessions.add(session)
        self._per_client[client] += 1
        if len(self.sessions) > settings.in_all:
            said: Trouble | None = troubles.FULL
        else:
            said = troubles.TOO_MANY if self._per_client[client] > settings.per_client else None
        self._turned_away += said is not None
        return said

    def left(self, session: Session, client: bytes) -> None:
        """Count a connection out."""
        if session in self.sessions:
            self.sessions.discard(session)
            self._per_client[client] -= 1
            if self._per_client[client] <= 0:
                del self._per_client[client]

    # Life.

    async def start(self) -> None:
        """Open both ports; raises OSError where one is taken."""
        self.shared.watch.poll()
        settings = self.shared.settings
        self.address = await self._listen(settings.listen, View)
        self.page_address = await self._listen(settings.page_listen, PageView)
        self.shared.proxy_port = self.address[1]
        self._plan()

    async def _listen(self, endpoint: Endpoint, view: type[View]) -> Endpoint:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Session(self, view), *endpoint, backlog=BACKLOG)
        self._servers.append(server)
        host, port = server.sockets[0].getsockname()[:2]
        return host, port

    async def run(self) -> None:
        """Look after the bundle, the clock, the spool and the status until cancelled."""
        loop = asyncio.get_running_loop()
        second = 0.0
        while True:
            self.look(datetime.now(UTC))
            if loop.time() >= second:
                second = loop.time() + 1.0
                self.each_second(loop.time(), datetime.now(UTC))
            await asyncio.sleep(LOOK)

    def look(self, at: datetime) -> None:
        """Take a new bundle into use; judge what is under way by it, and when a rule starts or ends."""
        if self.shared.watch.poll() or (self._changes is not None and at >= self._changes):
            self._plan()
            if self._judging is not None:
                self._judging.cancel()
            self._judging = asyncio.ensure_future(self._rejudge())

    def _plan(self) -> None:
        bundle = self.shared.watch.bundle
        self._changes = bundle.overlay.next_change(datetime.now(UTC)) if bundle else None

    async def _rejudge(self) -> None:
        for count, session in enumerate(list(self.sessions), 1):
            session.rejudge()
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def each_second(self, now: float, at: datetime) -> None:
        """Give up what took too long, write down what was answered, say how the door is."""
        for session in list(self.sessions):
            session.look_at_clock(now)
        self.shared.pool.sweep(now)
        self.shared.spool.flush(at)
        write_status(self.shared.settings.home, "proxy", self.status(), at)

    def status(self) -> dict[str, object]:
        """How the door is doing."""
        shared, counts = self.shared, self.shared.counts
        bundle = shared.watch.bundle
        trouble = shared.watch.trouble or shared.spool.trouble
        if bundle is None:
            trouble = f"Nothing is let through, since no rules are loaded. {trouble}"
        return {
            "listen": [_shown(self.address), _shown(self.page_address)],
            "listens": {"proxy": _shown(self.address), "page": _shown(self.page_address)},
            "bundle": bundle.id if bundle else "", "swaps": shared.watch.swaps, "trouble": trouble,
            "requests": counts.total(), "allowed": counts["allow"] + counts["rewrite"], "blocked": counts["block"],
            "connections": len(self.sessions), "turned_away": self._turned_away,
            "tunnels": sum(session.wait is Wait.TUNNEL for session in self.sessions),
            "kept": len(shared.pool), "spool_lost": shared.spool.lost, "started": self._started.isoformat(),
        }  # fmt: skip

    async def stop(self) -> None:
        """Close the ports and every connection; write the last counts."""
        for server in self._servers:
            server.close()
        for session in list(self.sessions):
            session.close()
        self.shared.pool.close()
        self.threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.sleep(0)
        self.shared.spool.close(datetime.now(UTC))


def _shown(endpoint: Endpoint) -> str:
    host, port = endpoint
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def serve(settings: Settings) -> None:
    """Run the door until SIGTERM or SIGINT; raises OSError where a port is taken."""
    door = ProxyDoor(settings)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await door.start()
    gc.freeze()  # what is here now stays, so it need not be looked through again and again
    log.info("The proxy listens on %s, the block page on %s.", _shown(door.address), _shown(door.page_address))
    running = asyncio.ensure_future(door.run())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()  # a fault in the loop above ends the door, which is then started again
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await door.stop()


def main() -> int:
    """Run the proxy door by the settings of the environment; 0 when ended in order, 2 where it cannot be done."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        settings = read_settings()
        settings = replace(settings, in_all=min(settings.in_all, _many_files() // 2 - 64))
        uvloop.run(serve(settings))
    except BadSetting as bad:
        print(bad, file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        said = f"The proxy door cannot start: {error.strerror or error}. Is another one running on these ports?"
        print(said, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _many_files() -> int:
    """Open as many files as the system lets us; how many that is. A request takes two, so not all can be clients."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft > 0 else 65536


if __name__ == "__main__":
    sys.exit(main())
