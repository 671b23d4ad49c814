"""The DNS door as a process, for tests that speak to it through real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dns.message
import dns.query

from homeroom.doors.bundle_file import install_rules, publish
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer
from tests.doors.dns_scene import AT, LISTED, POLICY_JSON, ROLL_JSON, SLOTS, query


def put_in_force(home: Path, rules: Sequence[Rule] = (), **parts: Any) -> str:
    """Publish the scene's district; the lists are compiled the first time only."""
    if not list((home / "bundles").glob("rules-*")):
        parts["rules"] = _compile(home)
    overlay = [rule.as_json() for rule in rules]
    return publish(home, at=AT, journal=1, policy=POLICY_JSON, roll=ROLL_JSON, overlay=overlay, **parts)


def _compile(home: Path) -> str:
    aside = home / "table"
    with FolderSpill(home) as spill, aside.open("w+b") as file:
        writer = Writer(spill)
        for line, (host, mask) in enumerate(LISTED.items(), 1):
            how = How.NET if host[0] in "12" else How.SUFFIX
            writer.add(mask.bit_length() - 1, Entry(host, how, line, host))
        writer.finish(file, SLOTS, {})
    return install_rules(home, aside)


class DoorProcess:
    """A door that runs."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        settings = {
            "HOMEROOM_HOME": str(home), "HOMEROOM_DNS_LISTEN": "127.0.0.1:0", "HOMEROOM_DOH_LISTEN": "127.0.0.1:0",
            "HOMEROOM_DNS_UPSTREAMS": "127.0.0.1:9", **environment,
        }  # fmt: skip
        (home / "run" / "dns.json").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "homeroom.doors.dns.door"], env={**os.environ, **settings}, stderr=subprocess.PIPE
        )
        self.wait(lambda: bool(self.status().get("listens")))
        listens = self.status()["listens"]
        self.address, self.port = _split(listens["dns"])
        self.doh = _split(listens["doh"])[1]

    def status(self) -> dict[str, Any]:
        try:
            status: dict[str, Any] = json.loads((self.home / "run" / "dns.json").read_text())
        except (OSError, ValueError):
            return {}
        return status if status["pid"] == self.process.pid else {}

    def wait(self, until: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert self.process.poll() is None, self.process.stderr.read().decode()  # type: ignore[union-attr]
            assert time.monotonic() < deadline, "The door did not get there in time."
            time.sleep(0.02)

    def ask(
        self, name: str, kind: str = "A", *, source: str | None = None, timeout: float = 6.0, **options: Any
    ) -> dns.message.Message:
        """By UDP; raises dns.exception.Timeout."""
        return dns.query.udp(query(name, kind, **options), self.address, timeout, self.port, source=source)

    def ask_by_tcp(self, name: str, kind: str = "A", **options: Any) -> dns.message.Message:
        return dns.query.tcp(query(name, kind, **options), self.address, 6.0, self.port)

    def connect(self) -> socket.socket:
        return socket.create_connection((self.address, self.port), timeout=5)

    def end(self) -> int:
        """SIGTERM, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(10)
        finally:
            self.process.stderr.close()  # type: ignore[union-attr]


def _split(endpoint: str) -> tuple[str, int]:
    address, _, port = endpoint.rpartition(":")
    return address.strip("[]"), int(port)


@contextmanager
def door(home: Path, **environment: str) -> Iterator[DoorProcess]:
    running = DoorProcess(home, **environment)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end()
