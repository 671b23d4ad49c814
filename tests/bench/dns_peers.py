"""The servers of the DNS bench, each started on core 0 with the same names, all with one upstream on core 1."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode

SERVER_CORE, LOAD_CORE = "0", "1"
ROOT = Path(__file__).parents[2]
READY = 900.0  # seconds the slowest peer may take to load


def _free() -> int:
    """A port of 127.0.0.1 that nobody listens on, from where the system never takes one for itself."""
    dice = random.SystemRandom()
    while True:
        port = dice.randrange(12_000, 30_000)
        with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp, contextlib.suppress(OSError):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port


UPSTREAM = _free()

COMMON = """server:
  interface: 127.0.0.1@{port}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  pidfile: ""
  num-threads: 1
  do-ip6: no
  access-control: 127.0.0.0/8 allow
  so-rcvbuf: 4m
  module-config: "iterator"
"""
REMOTE = "remote-control:\n  control-enable: no\n"


@dataclass
class Server:
    """One server: its command, and how it did."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    core: str = SERVER_CORE
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    ready: float = 0.0

    def start(self, proof: str | None) -> None:
        """Start and wait until `proof`, a listed name, is answered NXDOMAIN; None: any answer will do."""
        began = time.monotonic()
        command = ["taskset", "-c", self.core, *self.command]
        environment = {**os.environ, **self.environment}
        said = tempfile.TemporaryFile()  # noqa: SIM115, the process holds it
        self.process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        while not self._answers(proof):
            if self.process.poll() is not None or time.monotonic() - began > READY:
                said.seek(0)
                raise SystemExit(f"{self.name} did not start: {' '.join(command)}\n{said.read()[-2000:].decode()}")
            time.sleep(0.01)
        self.ready = time.monotonic() - began

    def stop(self) -> None:
        """End it and wait for it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def memory(self) -> tuple[float, float]:
        """(anonymous, resident) memory in MB: what it holds for itself, and that plus mapped files."""
        assert self.process is not None
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
        return sizes["Pss_Anon"] / 1024, sizes["Rss"] / 1024

    def cpu(self) -> float:
        """Seconds of processor time used so far; what a busy machine does not distort."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _answers(self, proof: str | None) -> bool:
        question = dns.message.make_query(proof or "example.com", "A")
        try:
            answer = dns.query.udp(question, "127.0.0.1", 0.25, self.port)
        except (OSError, dns.exception.DNSException):
            return False
        return answer.rcode() == dns.rcode.NXDOMAIN if proof else True


def upstream(folder: Path) -> Server:
    """A resolver that knows every name: always the same address."""
    data = (
        '  local-zone: "." redirect\n  local-data: ". 300 IN A 192.0.2.1"\n  local-data: ". 300 IN AAAA 2001:db8::1"\n'
    )
    path = _write(folder / "upstream.conf", [COMMON.format(port=UPSTREAM), data, REMOTE])
    return Server("upstream", [need("unbound"), "-c", str(path)], core=LOAD_CORE, port=UPSTREAM)


def homeroom(home: Path) -> Server:
    """Our door, with identity, policy and spool."""
    port = _free()
    environment = {
        "HOMEROOM_HOME": str(home), "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{port}", "HOMEROOM_DNS_RATE": "0",
        "HOMEROOM_DOH_LISTEN": "127.0.0.1:0", "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{UPSTREAM}",
    }  # fmt: skip
    return Server("homeroom", [sys.executable, "-m", "homeroom.doors.dns.door"], environment, port=port)


def unbound(folder: Path, names: Iterable[str], label: str = "unbound", *, roomy: bool = False) -> Server:
    """unbound with a local zone for each name; with the caches that Debian gives it, or roomy ones."""
    port = _free()
    cache = "  msg-cache-size: 64m\n  rrset-cache-size: 128m\n" if roomy else ""
    cache += "  do-not-query-localhost: no\n"
    forward = f'forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@{UPSTREAM}\n'
    zones = (f'  local-zone: "{each}." always_nxdomain\n' for each in names)
    path = _write(folder / f"{label}.conf", [COMMON.format(port=port), cache, *zones, forward, REMOTE])
    return Server(label, [need("unbound"), "-c", str(path)], port=port)


def dnsmasq(folder: Path, names: Iterable[str]) -> Server:
    """dnsmasq, the engine of Pi-hole."""
    port = _free()
    head = f"port={port}\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nserver=127.0.0.1#{UPSTREAM}\n"
    more = "dns-forward-max=4000\n"  # its default of 150 would refuse what the load has under way
    path = _write(folder / "dnsmasq.conf", [head, more, *(f"address=/{each}/\n" for each in names)])
    command = [need("dnsmasq"), "--keep-in-foreground", f"--conf-file={path}", "--user=root"]
    return Server("dnsmasq", command, port=port)


def bare() -> Server:
    """A Python loop that answers NXDOMAIN to everything unread: what the sockets alone allow."""
    port = _free()
    return Server("bare loop", [sys.executable, "-m", "tests.bench.dns_bare", str(port)], port=port)


def need(program: str) -> str:
    """The path of a program; a sentence where it is missing."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"This bench needs {program}. On Debian: sudo apt-get install unbound dnsmasq-base dnsperf")
    return found


def _write(path: Path, pieces: Iterable[str]) -> Path:
    with path.open("w", encoding="ascii") as file:
        file.writelines(pieces)
    return path
