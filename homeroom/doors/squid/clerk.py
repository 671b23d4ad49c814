"""The helper as a process: `homeroom squid-helper`. Squid writes questions to it and reads answers from it.

Any number of questions are under way at once (concurrency); the bundle is followed and swapped while they are.
Squid starts several of these; each takes the first free place (run/squid.json, run/squid-2.json ...) to say how
it is. A helper that hangs ends itself, so that Squid starts another.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from homeroom.doors import environment, lock_file
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.proxy.login import Logins, compare
from homeroom.doors.proxy.names import Names
from homeroom.doors.proxy.pool import Pool
from homeroom.doors.proxy.reach import Reach
from homeroom.doors.proxy.settings import Settings, read_settings
from homeroom.doors.proxy.world import Shared
from homeroom.doors.spool import Spool
from homeroom.doors.squid.judge import Errand, Judge, read
from homeroom.doors.status import write_status

LOOK = 0.1  # seconds between looks at the bundle
STUCK = 5.0  # seconds without a turn of the loop after which the helper ends itself
PLACES = 32
TOLD = 600.0  # seconds for which a fall is told
LIMIT = 1 << 16


class Helper:
    """One helper: lines in, lines out."""

    def __init__(self, settings: Settings, write: Callable[[bytes], None], what: str = "") -> None:
        self.shared = Shared(
            settings=settings, watch=BundleWatch(settings.home), spool=Spool(settings.home, "squid", soon=_soon),
            names=Names(settings.upstreams), logins=Logins(), pool=Pool(), reach=Reach(settings.may_reach),
            ticket_key=environment.key(settings.home, "ticket"),
        )  # fmt: skip
        self.judge = Judge(self.shared, settings.connect_ports, inspects=False)
        self.shared.watch.poll()
        self.turn = time.monotonic()
        self._write, self._out = write, list[str]()
        self._under_way: set[asyncio.Task[None]] = set()
        self._place, self._name, self._before = _take_place(settings.home, f"squid-{what}" if what else "squid")
        self._started = datetime.now(UTC)
        self._asked = 0

    def line(self, text: str) -> None:
        """One line of Squid's."""
        self._asked += 1
        question = read(text)
        if question is None:
            self._say(text.partition(" ")[0].strip(), "first_=broken")
        else:
            begun = self.judge.begin(question)
            if isinstance(begun, str):
                self._say(question.channel, begun)
            elif begun.found is not None:
                self._say(question.channel, self.judge.finish(begun, begun.found))
            else:
                self._later(self._look(question.channel, begun))

    def greeting(self, text: str) -> None:
        """One line of Squid's about the greeting inside a tunnel."""
        question = read(text)
        said = self.judge.greeting(question) if question else "sni_=broken"
        self._say(text.partition(" ")[0].strip(), said)

    def credentials(self, text: str) -> None:
        """One line of Squid's for a name and password (RFC 7617), %-escaped."""
        channel, _, rest = text.strip().partition(" ")
        name, _, password = rest.partition(" ")
        self._later(self._compare(channel, unquote(name), unquote(password)))

    def rewrite(self, text: str) -> None:
        """One line of Squid's for a URL whose name has a locked form: `channel URL target`."""
        words = text.split()
        if len(words) < 3 or words[2] == "-":
            self._say(words[0] if words else "", "", verdict="ERR")
            return
        channel, url, target = words[:3]
        scheme, mark, rest = url.rpartition("://")
        authority, slash, path = rest.partition("/")
        _, colon, port = authority.rpartition(":")
        self._say(channel, f'rewrite-url="{scheme}{mark}{target}{colon}{port if colon else ""}{slash}{path}"')

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _look(self, channel: str, errand: Errand) -> None:
        self._say(channel, self.judge.finish(errand, await self.shared.names.look(errand.target.host)))

    async def _compare(self, channel: str, name: str, password: str) -> None:
        person = self.judge.password(name, password)
        bundle = self.shared.watch.bundle
        if not person and bundle is not None:
            loop = asyncio.get_running_loop()
            login = await loop.run_in_executor(None, partial(compare, bundle.roll, name, password))
            if login:
                self.shared.logins.right(name, password, login, time.monotonic())
                person = login[0]
        self._say(channel, "", verdict="OK" if person else "ERR")

    def _say(self, channel: str, words: str, verdict: str = "OK") -> None:
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(f"{channel} {verdict} {words}\n")

    def _flush(self) -> None:
        out, self._out = self._out, []
        self._write("".join(out).encode("ascii", "replace"))

    async def run(self, reader: asyncio.StreamReader, take: Callable[[str], None]) -> None:
        """Answer until Squid closes its end."""
        caring = asyncio.ensure_future(self._care())
        threading.Thread(target=self._watch, daemon=True).start()
        while line := await reader.readline():
            try:
                take(line.decode("utf-8", "surrogateescape"))
            except Exception as trouble:  # one odd line must not end the helper; Squid hears that it was not judged
                self._say(line.split(b" ", 1)[0].decode("ascii", "replace").strip(), "first_=broken")
                print(f"A question of Squid's could not be judged: {trouble!r}", file=sys.stderr)  # noqa: T201
        caring.cancel()
        self.shared.spool.close(datetime.now(UTC))
        self._tell(ended=True)

    async def _care(self) -> None:
        second = 0.0
        while True:
            self.turn = time.monotonic()
            self.shared.watch.poll()
            if self.turn >= second:
                second = self.turn + 1.0
                self.shared.spool.flush(datetime.now(UTC))
                self._tell()
            await asyncio.sleep(LOOK)

    def _watch(self) -> None:
        while True:
            time.sleep(1.0)
            if time.monotonic() - self.turn > STUCK:
                print("The helper of Squid hangs and ends itself.", file=sys.stderr, flush=True)  # noqa: T201
                os._exit(1)

    def _tell(self, *, ended: bool = False) -> None:
        home = self.shared.settings.home
        write_status(home, self._name, {**self.status(), "ended": ended}, datetime.now(UTC))

    def status(self) -> dict[str, Any]:
        """How the helper is doing."""
        shared = self.shared
        bundle = shared.watch.bundle
        trouble = shared.watch.trouble or shared.spool.trouble or self._fallen()
        if bundle is None:
            trouble = f"Squid lets nothing through, since no rules are loaded. {trouble}"
        return {
            "bundle": bundle.id if bundle else "", "swaps": shared.watch.swaps, "trouble": trouble,
            "asked": self._asked, "under_way": len(self._under_way), "allowed": shared.counts["allow"],
            "blocked": shared.counts["block"], "spool_lost": shared.spool.lost,
            "started": self._started.isoformat(), "fell": self._before,
        }  # fmt: skip

    def _fallen(self) -> str:
        if not self._before or (datetime.now(UTC) - datetime.fromisoformat(self._before)).total_seconds() > TOLD:
            return ""
        return (
            f"Squid's helper fell at {self._before[11:16]} UTC and was started again. Who asked in that moment was "
            "refused (students), or treated as HOMEROOM_SQUID_SPARE says. Look at Squid's cache.log for the reason."
        )


def _soon(push: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(push)


def _take_place(home: Path, first: str) -> tuple[IO[str], str, str]:
    """A place that no living helper has: its lock, its name, and when its last holder fell ("" where it did not)."""
    folder = home / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in range(1, PLACES + 1):
        name = first if number == 1 else f"{first}-{number}"
        if file := lock_file.hold(folder / f"{name}.lock"):
            return file, name, _fell(folder / f"{name}.json")
    raise BlockingIOError(f"All {PLACES} places for helpers of Squid in {folder} are taken.")


def _fell(path: Path) -> str:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return "" if said.get("ended", True) else str(said["at"])
    except (OSError, ValueError, KeyError):
        return ""


async def _serve(settings: Settings, what: str) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LIMIT)
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    loop.add_signal_handler(signal.SIGTERM, pipe.close)  # systemd tells all of a unit at once: that is no fall
    out = sys.stdout.fileno()
    os.set_blocking(out, True)  # the pipe may be a socket shared with standard input, which asyncio does not wait for
    helper = Helper(settings, partial(_write, out), what)
    modes = {"basic": helper.credentials, "rewrite": helper.rewrite, "greeting": helper.greeting}
    await helper.run(reader, modes.get(what, helper.line))


def _write(out: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(out, view) :]
        except BlockingIOError:
            time.sleep(0.001)


def main(what: str = "") -> int:
    """Run until Squid closes its end; 2 for a bad setting. `what` is "" to judge, or one of the modes."""
    try:
        asyncio.run(_serve(read_settings(), what))
    except environment.BadSetting as bad:
        print(bad, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].removeprefix("--") if len(sys.argv) > 1 else ""))
