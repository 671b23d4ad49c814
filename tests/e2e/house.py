"""The whole house as a newcomer starts it: `homeroom demo`, as a process tree on free ports."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_ports

NAMES = ("WEB", "PAGE", "DNS", "DOH", "PROXY")
PATIENCE = 90.0


@dataclass(slots=True)
class House:
    """A running demo: its ports, its folder, and what it printed."""

    home: Path
    ports: dict[str, int]
    environment: dict[str, str]
    log: Path

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.ports['WEB']}"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def entry(self, who: str) -> str:
        """The link that signs somebody in."""
        found = re.search(rf"^\s*{re.escape(who)}.*?(http://\S+)$", self.said(), re.MULTILINE)
        assert found, self.said()
        return found.group(1)

    def homeroom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as somebody in another window would."""
        command = [sys.executable, "-m", "homeroom.site.cli", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)

    def dig(self, name: str, *more: str) -> str:
        """What `dig` prints for a name; `-b 127.0.0.3` asks as Ms. Olsen."""
        command = ["dig", "@127.0.0.1", "-p", str(self.ports["DNS"]), "+tries=1", "+time=5", *more, name]
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout

    def curl(self, url: str, *more: str) -> subprocess.CompletedProcess[str]:
        """What `curl -x` prints, with the status code on the last line."""
        proxy = f"http://127.0.0.1:{self.ports['PROXY']}"
        command = ["curl", "-sS", "-k", "-x", proxy, "--max-time", "15", "-w", "\n%{http_code}", *more, url]
        return subprocess.run(command, capture_output=True, text=True, timeout=30)


@contextmanager
def open_house(home: Path, *, students: int = 40, lists: Path | None = None, rate: int = 500) -> Iterator[House]:
    """Start the demo in a folder and wait until it said what to try; end the whole tree afterwards.

    `lists` is a folder with real lists, `rate` how many questions one address may ask in a second (0: any).
    """
    numbers = free_ports(len(NAMES) + 4)
    ports = dict(zip((*NAMES, "RESOLVER", "ORIGIN", "POST", "TLS"), numbers, strict=True))
    environment = {
        **os.environ,
        **{f"HOMEROOM_{name}_LISTEN": f"127.0.0.1:{ports[name]}" for name in NAMES},
        "HOMEROOM_HOME": str(home),
        "HOMEROOM_DEMO": "1",
        "HOMEROOM_DEMO_DNS": f"127.0.0.1:{ports['RESOLVER']}",
        "HOMEROOM_DEMO_HTTP": f"127.0.0.1:{ports['ORIGIN']}",
        "HOMEROOM_DEMO_HTTPS": f"127.0.0.1:{ports['TLS']}",
        "HOMEROOM_DEMO_SMTP": f"127.0.0.1:{ports['POST']}",
        "HOMEROOM_DEMO_LISTS": str(lists or home / "none"),
        "HOMEROOM_DNS_RATE": str(rate),
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    home.mkdir(parents=True, exist_ok=True)
    log = home / "demo.log"
    command = [sys.executable, "-m", "homeroom.site.cli", "demo", "--students", str(students)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    house = House(home, ports, environment, log)
    try:
        _wait(house, process)
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(house: House, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while "Sign in" not in house.said() or not _listens(house.ports["WEB"]) or not _listens(house.ports["PROXY"]):
        assert process.poll() is None, f"The demo ended:\n{house.said()}"
        assert time.monotonic() < deadline, f"The demo did not come up:\n{house.said()}"
        time.sleep(0.2)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
