"""What Squid really starts: a small process that hands each line to the helper, and answers when the helper does not.

Squid refuses whatever its helper leaves open, for everybody. So this process stays when the helper falls or
hangs: it says "silent" for each line that was not answered in time, starts another helper, and Squid then does
what the configuration says for silence: closed for students, for others as the district set it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process

PATIENCE = 3.0  # seconds that one question may take, looking its name up included
LOOK = 0.25
PAUSES = (0.05, 0.2, 1.0, 2.0)  # seconds before a helper that keeps falling is started again
LIMIT = 1 << 16
SILENT = b" OK first_=silent sni_=silent\n"


class Guard:
    """The lines that wait, and the helper that should answer them."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._waiting: dict[bytes, float] = {}
        self._helper: Process | None = None
        self._falls = 0

    def take(self, line: bytes) -> None:
        """One line of Squid's."""
        channel, mark, _ = line.partition(b" ")
        self._waiting[channel if mark else line.strip()] = asyncio.get_running_loop().time() + PATIENCE
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.write(line)

    def answer(self, line: bytes) -> None:
        """One answer of the helper's; one that comes too late finds nobody waiting."""
        if self._waiting.pop(line.partition(b" ")[0], None) is not None:
            write(line)

    async def keep(self) -> None:
        """Keep a helper running."""
        while True:
            self._helper = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, limit=LIMIT)
            assert self._helper.stdout is not None
            while line := await self._helper.stdout.readline():
                self._falls = 0
                self.answer(line)
            await self._helper.wait()
            self._helper = None
            self._silence(float("inf"))
            await asyncio.sleep(PAUSES[min(self._falls, len(PAUSES) - 1)])
            self._falls += 1

    async def watch(self) -> None:
        """Answer for a helper that is too slow."""
        while True:
            await asyncio.sleep(LOOK)
            self._silence(asyncio.get_running_loop().time())
            if self._helper is None:
                continue
            with contextlib.suppress(OSError):
                assert self._helper.stdin is not None
                async with asyncio.timeout(LOOK):
                    await self._helper.stdin.drain()

    def _silence(self, now: float) -> None:
        for channel in [each for each, until in self._waiting.items() if until <= now]:
            del self._waiting[channel]
            write(channel + SILENT)

    def end(self) -> None:
        """Squid has closed its end."""
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.close()


def write(data: bytes) -> None:
    """Everything, to Squid."""
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


async def _serve(what: str) -> None:
    reader = asyncio.StreamReader(limit=LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    os.set_blocking(1, True)
    guard = Guard((sys.executable, "-m", "homeroom.doors.squid.clerk", *([what] if what else [])))
    tasks = [asyncio.ensure_future(guard.keep()), asyncio.ensure_future(guard.watch())]
    with contextlib.suppress(OSError):  # a Squid that was killed resets the connection instead of closing it
        while line := await reader.readline():
            guard.take(line)
    guard.end()
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()


def main(what: str = "") -> int:
    """Run until Squid closes its end."""
    asyncio.run(_serve(what))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
