"""Squid with our helper as a real process, with a resolver, origins and the page door of the stage behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from homeroom.doors.squid import config, settings
from homeroom.doors.squid.config import Settings
from homeroom.doors.status import read_statuses
from tests.doors.proxy_kit import ABSENT, ADDRESSES, Stage
from tests.ports import free_port

needed = pytest.mark.skipif(shutil.which("squid") is None, reason="Squid is not installed; ./run test installs it")
NAMES = ("library.test", "games.test", "adult.test", "evil.test", "innocent.test", "shady.test", "www.search.test",
         "locked.search.test", "wiki.test", "homeroom.test", "chess.test", *ADDRESSES)  # fmt: skip
# Squid never works as root. Where tests are run by root, it sees itself as somebody else and owns the same files.
AS_NOBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000") if os.geteuid() == 0 else ()
ROOT = Path(__file__).parents[2]


class Squid:
    """Squid, its helper, and the stage."""

    def __init__(self, scene: Stage, *, also: str = "", names: Sequence[str] = NAMES, **chosen: Any) -> None:
        self.scene, self.home = scene, scene.home
        self.folder = scene.home / f"squid-{free_port()}"
        self.port = free_port()
        self.settings = self._settings(names, chosen)
        settings.prepare(self.settings)
        (self.folder / "squid.conf").write_text(config.text(self.settings) + also)
        self.process = self.start()

    def start(self, until: int = 200) -> subprocess.Popen[bytes]:
        """Start Squid and wait until it answers."""
        command = [*AS_NOBODY, "squid", "-N", "-n", f"t{self.port}", "-f", str(self.folder / "squid.conf")]
        with (self.scene.home / "squid.err").open("wb") as log:
            made = subprocess.Popen(command, stderr=log, stdout=log)
        self.wait(lambda: self.curl(self.scene.url("library.test", "/ready"))[0] in (until, 407))
        return made

    def _settings(self, names: Sequence[str], chosen: dict[str, Any]) -> Settings:
        hosts = self.scene.home / f"hosts-{self.port}"
        hosts.write_text(
            "".join(f"{ADDRESSES.get(each, '127.0.0.1')} {each}\n" for each in names if each not in ABSENT)
        )
        page = f"http://127.0.0.1:{self.scene.page_port}"
        environment = {
            "HOMEROOM_HOME": str(self.home), "PYTHONPATH": str(ROOT),
            "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{self.scene.dns_port}",
            "HOMEROOM_PROXY_MAY_REACH": "127.0.0.1/32,127.0.0.66/32",
            "HOMEROOM_PROXY_CONNECT_PORTS": f"443,{self.scene.tls_port}",
            "HOMEROOM_PUBLIC_URL": "http://homeroom.test:8524", **chosen.pop("environment", {}),
        }  # fmt: skip
        made = Settings(
            folder=self.folder, listen=("127.0.0.1", self.port), resolvers=(), clients=("127.0.0.0/8",),
            ports=(443, self.scene.tls_port), page=page, environment=environment, hosts=hosts,
            helper=(sys.executable, "-m", "homeroom.doors.squid.guard"),
            may_reach=("127.0.0.1/32", "127.0.0.66/32"),
        )  # fmt: skip
        return replace(made, **chosen)

    def curl(self, url: str, *arguments: str, source: str = "127.0.0.1") -> tuple[int, str]:
        """The status (0 where the connection was broken off) and what came."""
        command = ["curl", "-sk", "-m", "15", "--noproxy", "", "-x", f"http://127.0.0.1:{self.port}", "--interface",
                   source, "-w", "\n%{http_code} %{http_connect}", *arguments, url]  # fmt: skip
        text = subprocess.run(command, capture_output=True, timeout=30, check=False).stdout.decode("utf-8", "replace")
        body, _, codes = text.rpartition("\n")
        code, connect = (int(each) for each in codes.split())
        return code or (connect if connect not in (0, 200) else 0), body

    def tls(self, host: str, path: str = "/") -> str:
        """The address of the TLS origin under a name."""
        return f"https://{host}:{self.scene.tls_port}{path}"

    def status(self) -> dict[str, Any]:
        """What the helper says of itself."""
        return read_statuses(self.home, datetime.now(UTC)).get("squid", {})

    def helpers(self) -> list[int]:
        """The process ids of the helpers that judge requests."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
                mine = str(self.home).encode() in path.with_name("environ").read_bytes()
            except OSError:
                continue
            if words[-2:] == [b"homeroom.doors.squid.clerk", b""] and mine:
                found.append(int(path.parent.name))
        return found

    def wait(self, until: Callable[[], bool], seconds: float = 60.0) -> float:
        """Wait for something; how long that took."""
        started = time.monotonic()
        while not until():
            assert time.monotonic() - started < seconds, self.said()
            time.sleep(0.02)
        return time.monotonic() - started

    def said(self) -> str:
        """The end of what Squid wrote to its log."""
        logs = [path for path in (self.scene.home / "squid.err", self.folder / "cache.log") if path.exists()]
        return "".join(path.read_text(errors="replace")[-3000:] for path in logs)

    def end(self) -> None:
        """Stop Squid; its helpers end with it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


@contextmanager
def squid(scene: Stage, **chosen: Any) -> Iterator[Squid]:
    """Squid, running."""
    running = Squid(scene, **chosen)
    try:
        yield running
    finally:
        running.end()
