"""A district with two filter nodes on one machine: each node in a network of its own, the centre behind TLS.

    centre   web application and worker; reached by nodes at https://10.98.0.1:8543
    node N   10.98.N.2, in the network namespace homeroom-N: DNS door, page door, dnsdist on port 53, Squid on 3128,
             and an Internet of its own (little_internet.py) on its loopback

What needs root: the namespaces. Where they cannot be made, `refusal` says so.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors.dns import tls
from homeroom.doors.status import read_statuses

WEB = "127.0.0.1:8534"
CENTRE, TLS_PORT = "10.98.0.1", 8543
CLIENTS = "10.98.{node}.1"  # the centre's end of each node's cable: whoever tries things from this machine
SECONDS = "10.98.{node}.3"  # a second client on this machine, whose agreement still lacks a signature
NOBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000")  # Squid never works as root
_LO = ("ip", "addr")
HOMEROOM = (sys.executable, "-m", "homeroom.site.cli")


def refusal() -> str:
    """Why two nodes cannot run here, as a sentence; "" where they can."""
    missing = [name for name in ("ip", "dnsdist", "squid", "unshare") if shutil.which(name) is None]
    if missing:
        return f"Two nodes need {', '.join(missing)}. Run: apt-get install iproute2 dnsdist squid-openssl util-linux"
    trial = f"homeroom-try-{os.getpid()}"  # several may try at once
    tried = subprocess.run(["ip", "netns", "add", trial], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if tried.returncode:
        return f"Two nodes need networks of their own, which this user may not make ({tried.stderr.strip()})."
    _ip("netns", "del", trial)
    return ""


def left_over() -> str:
    """Where another such demonstration runs, or was killed and left its processes, a sentence; "" else."""
    for number in (1, 2):
        asked = ["ip", "netns", "pids", f"homeroom-{number}"]
        if found := subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split():  # noqa: S603
            return (
                f"Another demonstration of two nodes is there: processes {' '.join(found)} in the network "
                f"homeroom-{number}. End it with Ctrl-C. If it was killed, end them (kill), and what listens on {WEB}."
            )
    return ""


class Cable:
    """One node's network namespace and its cable to the centre."""

    def __init__(self, number: int) -> None:
        self.name, self.inner, self.outer = f"homeroom-{number}", f"10.98.{number}.2", CLIENTS.format(node=number)
        wire = f"hr-{number}"
        self.take_down()
        _ip("netns", "add", self.name)
        _ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        for client in (self.outer, SECONDS.format(node=number)):
            _ip("addr", "add", f"{client}/24", "dev", wire)
        _ip("link", "set", wire, "up")
        for words in (f"addr add {self.inner}/24 dev eth0", "link set eth0 up", "link set lo up",
                      f"route add default via {self.outer}"):  # fmt: skip
            _ip("-n", self.name, *words.split())

    @property
    def inside(self) -> tuple[str, ...]:
        """What stands before a command that runs there."""
        return ("ip", "netns", "exec", self.name)

    def take_down(self) -> None:
        """Remove it; its processes have ended."""
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)  # noqa: S603, S607


class Node:
    """A filter node with all its processes."""

    def __init__(self, number: int, root: Path, log: Path) -> None:
        self.number, self.cable, self.root = number, Cable(number), root
        self.home, self._log = root, log
        self._processes: list[subprocess.Popen[bytes]] = []

    def enrol(self, code: str, certificate: Path) -> None:
        """Become a node of the district."""
        done = self._run("node", "enroll", f"https://{CENTRE}:{TLS_PORT}", code, "--trust", str(certificate))
        self.home = Path(done.rpartition("HOMEROOM_HOME=")[2].strip())

    def start(self) -> None:
        """Start everything; returns once dnsdist and Squid answer."""
        self._start("node", "run", home=self.root)
        self._wait(lambda: (self.home / "bundles" / "current").exists())
        for words in (("little-internet",), ("door", "dns"), ("door", "proxy"),
                      ("node", "dns", "--write", str(self.home / "dnsdist"), "--follow")):  # fmt: skip
            self._start(*words)
        self._run("node", "squid", "--write", str(self.home / "squid"), before=NOBODY)
        self._wait(lambda: (self.home / "dnsdist" / "tables-1").exists())
        dnsdist = ("dnsdist", "--supervised", "-C", str(self.home / "dnsdist" / "dnsdist.conf"))
        squid = (*NOBODY, "squid", "-N", "-n", f"homeroom{self.number}", "-f", str(self.home / "squid" / "squid.conf"))
        self._raw(*dnsdist)
        self._raw(*squid)
        self._wait(lambda: self.name_opens("library.test") and self.page_opens("library.test"))

    def name_opens(self, host: str, client: str = CLIENTS) -> bool:
        """Whether dnsdist gives a client an address for a name."""
        import dns.exception
        import dns.message
        import dns.query
        import dns.rcode

        try:
            source = client.format(node=self.number)
            answer = dns.query.udp(dns.message.make_query(host, "A"), self.cable.inner, 1.0, 53, source=source)
        except (dns.exception.DNSException, OSError):
            return False
        return answer.rcode() == dns.rcode.NOERROR and bool(answer.answer)

    def page_opens(self, host: str, client: str = CLIENTS) -> bool:
        """Whether Squid fetches a page for a client."""
        source = (client.format(node=self.number), 0)
        connection = http.client.HTTPConnection(self.cable.inner, 3128, timeout=5, source_address=source)
        try:
            connection.request("GET", f"http://{host}:8526/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def status(self) -> dict[str, Any]:
        """What `homeroom node run` says here."""
        return read_statuses(self.home, datetime.now(UTC)).get("node", {})

    def end(self) -> None:
        """Stop everything and take the network down."""
        _end(self._processes)
        self.cable.take_down()

    def _environment(self, home: Path) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEROOM_")}
        kept.pop("DATABASE_URL", None)
        inner = self.cable.inner
        return {
            **kept, "HOMEROOM_HOME": str(home), "HOMEROOM_DNS_LISTEN": "127.0.0.1:5354",
            "HOMEROOM_DOH_LISTEN": "127.0.0.1:8444", "HOMEROOM_DNS_RELAY_LISTEN": "127.0.0.1:5357",
            "HOMEROOM_DNS_UPSTREAMS": "127.0.0.1:53", "HOMEROOM_DEMO_DNS": "127.0.0.1:53",
            "HOMEROOM_NODE_DNS_LISTEN": f"{inner}:53", "HOMEROOM_NODE_PROXY_LISTEN": f"{inner}:3128",
            "HOMEROOM_PAGE_LISTEN": f"{inner}:8525", "HOMEROOM_PAGE_ADDRESS": inner,
            "HOMEROOM_PROXY_LISTEN": "127.0.0.1:3129", "HOMEROOM_PROXY_MAY_REACH": "127.0.0.1/32",
            "HOMEROOM_PUBLIC_URL": f"https://{CENTRE}:{TLS_PORT}", "HOMEROOM_SPOOL_SECONDS": "5",
        }  # fmt: skip

    def _run(self, *words: str, before: Sequence[str] = ()) -> str:
        command = [*self.cable.inside, *before, *HOMEROOM, *words]
        environment = self._environment(self.home)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def _start(self, *words: str, home: Path | None = None) -> None:
        self._raw(*HOMEROOM, *words, home=home)

    def _raw(self, *words: str, home: Path | None = None) -> None:
        with self._log.open("ab") as log:
            command, environment = [*self.cable.inside, *words], self._environment(home or self.home)
            self._processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))  # noqa: S603

    def _wait(self, until: Callable[[], bool]) -> None:
        wait(until, 90.0, lambda: f"node {self.number} did not come up; its log is {self._log}")


class Centre:
    """The web application and the worker, and TLS before them."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home, self._log = home, log
        self.certificate, self._key = home / "tls" / "centre.pem", home / "tls" / "centre.key"
        tls.make_self_signed(self.certificate, self._key, [CENTRE], datetime.now(UTC))
        self._processes: list[subprocess.Popen[bytes]] = []
        subprocess.run([*_LO, "add", f"{CENTRE}/32", "dev", "lo"], capture_output=True, check=False)  # noqa: S603
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            **os.environ, "HOMEROOM_HOME": str(self.home), "HOMEROOM_WEB_LISTEN": WEB,
            "HOMEROOM_PUBLIC_URL": f"https://{CENTRE}:{TLS_PORT}",
        }  # fmt: skip

    def start(self) -> None:
        """Start it; returns once it answers."""
        for word in ("web", "worker"):
            with self._log.open("ab") as log:
                command = [*HOMEROOM, word]
                self._processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))  # noqa: S603
        wait(self.answers, 60.0, lambda: f"the centre did not come up; its log is {self._log}")

    def answers(self) -> bool:
        """Whether the web application gives a page: the first one takes a while on a machine with much to do."""
        with closing(http.client.HTTPConnection("127.0.0.1", 8534, timeout=60)) as asked:
            try:
                asked.request("GET", "/about")
                return asked.getresponse().status < 500
            except (OSError, http.client.HTTPException):
                return False

    def kill(self) -> None:
        """As if its machine lost power."""
        for process in self._processes:
            subprocess.run(["pkill", "-KILL", "-P", str(process.pid)], check=False)  # noqa: S603, S607 (its own children)
            process.kill()
            process.wait()
        self._processes.clear()

    def end(self) -> None:
        """Stop everything."""
        _end(self._processes)
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        subprocess.run([*_LO, "del", f"{CENTRE}/32", "dev", "lo"], capture_output=True, check=False)  # noqa: S603

    async def _serve(self) -> asyncio.Server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        return await asyncio.start_server(_pass_on, CENTRE, TLS_PORT, ssl=context)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection through TLS to the web application; nothing where that is down."""
    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", 8534)
    except OSError:
        writer.close()
        return
    await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer), return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


def wait(until: Callable[[], bool], seconds: float, said: Callable[[], str]) -> float:
    """Wait for something; how long that took. Raises RuntimeError with a sentence."""
    started = time.monotonic()
    while not until():
        if time.monotonic() - started > seconds:
            raise RuntimeError(said())
        time.sleep(0.01)
    return time.monotonic() - started


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    processes.clear()


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
