"""dnsdist with our tables and the embedded door behind it, as real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dns.message
import dns.query
import httpx
import pytest

from homeroom.doors.status import read_statuses
from tests.doors.dns_process import DoorProcess
from tests.doors.dns_scene import query
from tests.ports import free_port

needed = pytest.mark.skipif(shutil.which("dnsdist") is None, reason="dnsdist is not installed; ./run test installs it")


class Front:
    """One node: the embedded door, `homeroom node dns --follow`, and dnsdist."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.folder = home, home / "dnsdist"
        self.port, self.doh, relay = free_port(), free_port(), free_port()
        self.environment = {
            **os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_NODE_DNS_LISTEN": f"127.0.0.1:{self.port}",
            "HOMEROOM_NODE_DOH_LISTEN": f"127.0.0.1:{self.doh}", "HOMEROOM_DNS_RELAY_LISTEN": f"127.0.0.1:{relay}",
            **environment,
        }  # fmt: skip
        self.door = DoorProcess(home, **{**environment, "HOMEROOM_DNS_RELAY_LISTEN": f"127.0.0.1:{relay}"})
        self.follower = self.follow()
        self.wait(lambda: (self.folder / "tables-1").exists())
        self.dnsdist = self.start()

    def follow(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "homeroom.site.cli", "node", "dns", "--write", str(self.folder), "--follow"]
        return subprocess.Popen(command, env=self.environment)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.home / "dnsdist.log").open("wb") as log:
            made = subprocess.Popen(
                ["dnsdist", "--supervised", "-C", str(self.folder / "dnsdist.conf")], stdout=log, stderr=log
            )
        self.wait(lambda: "as 'up'" in self.log())
        return made

    def log(self) -> str:
        return (self.home / "dnsdist.log").read_text(encoding="utf-8", errors="replace")

    def status(self) -> dict[str, Any]:
        from datetime import UTC, datetime

        return read_statuses(self.home, datetime.now(UTC)).get("dnsdist", {})

    def wait(self, until: Any, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, f"It did not get there in time. {self.status()}"
            time.sleep(0.02)

    def ask(self, name: str, kind: str = "A", *, source: str | None = None, **options: Any) -> dns.message.Message:
        return dns.query.udp(query(name, kind, **options), "127.0.0.1", 6.0, self.port, source=source)

    def ask_by_tcp(
        self, name: str, kind: str = "A", *, source: str | None = None, **options: Any
    ) -> dns.message.Message:
        return dns.query.tcp(query(name, kind, **options), "127.0.0.1", 6.0, self.port, source=source)

    def ask_by_https(self, path: str, name: str, kind: str = "A", source: str | None = None) -> dns.message.Message:
        url = f"https://127.0.0.1:{self.doh}{path}"
        transport = httpx.HTTPTransport(http2=True, http1=False, verify=False, local_address=source)
        with httpx.Client(transport=transport) as client:
            headers = {"content-type": "application/dns-message"}
            answer = client.post(url, content=query(name, kind).to_wire(), headers=headers)
        return dns.message.from_wire(answer.content)

    def end(self) -> None:
        for process in (self.dnsdist, self.follower):
            process.terminate()
            process.wait(10)
        if self.door.process.poll() is None:
            self.door.end()


@contextmanager
def front(home: Path, **environment: str) -> Iterator[Front]:
    """A node that runs."""
    running = Front(home, **environment)
    try:
        yield running
    finally:
        running.end()
