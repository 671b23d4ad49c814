"""The proxy door against Squid alone, Squid with a dstdomain file, and e2guardian, in one run.

    ./run bench proxy [--names N] [--seconds S] [--connections C] [--rounds R]

Each proxy gets one core and the same names: the real lists, or with --names that many of them. An origin
and the load (wrk) share the other core. Allowed requests go to 100 sites over kept connections and
get 1 kB; blocked ones ask for listed names. Time to first byte is measured by a client that asks
one thing after another, against the origin itself. Figures are medians of the rounds; read the ratios.
Prints a table and one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import uvloop

from tests.bench import dns_lists, generate
from tests.bench.proxy_peers import CLIENT_CORE, Peer, available, e2guardian, free_port, homeroom, pinned, squid

SITES = 100
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1024\r\n\r\n" + b"x" * 1024
WRK = """
local urls, at = {}, 0
for line in io.lines("@FILE@") do urls[#urls + 1] = line end
request = function()
  at = at % #urls + 1
  return urls[at]
end
init = function(args)
  for place, url in ipairs(urls) do
    urls[place] = "GET " .. url .. " HTTP/1.1\\r\\nHost: " .. url:match("//([^/]+)") ..
      "\\r\\nProxy-Connection: keep-alive\\r\\nUser-Agent: Mozilla/5.0 (X11; CrOS x86_64)\\r\\nAccept: text/html" ..
      "\\r\\nAccept-Language: en-US,en;q=0.9\\r\\n\\r\\n"
  end
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


class Page(asyncio.Protocol):
    """The origin: the same kilobyte to every request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(PAGE * data.count(b"\r\n\r\n"))  # type: ignore[attr-defined]


class Names(asyncio.DatagramProtocol):
    """A resolver that has 127.0.0.1 for every A question, and nothing else."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.index(0, 12) + 5
        found = data[end - 4 : end - 2] == b"\0\1"
        head = data[:2] + b"\x81\x80\0\1" + (b"\0\1" if found else b"\0\0") + b"\0\0\0\0"
        answer = b"\xc0\x0c\0\1\0\1\0\0\x01\x2c\0\4\x7f\0\0\1" if found else b""
        self.transport.sendto(head + data[12:end] + answer, addr)  # type: ignore[attr-defined]


def _outside(http: int, dns: int) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_server(Page, "127.0.0.1", http, backlog=1024)
        await loop.create_datagram_endpoint(Names, local_addr=("127.0.0.1", dns))
        await asyncio.sleep(3600)

    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {int(CLIENT_CORE)})
    uvloop.run(run())


@contextmanager
def outside() -> Iterator[tuple[int, int]]:
    """The origin and the resolver, as their ports."""
    http, dns = free_port(), free_port()
    process = multiprocessing.Process(target=_outside, args=(http, dns), daemon=True)
    process.start()
    time.sleep(0.5)
    try:
        yield http, dns
    finally:
        process.kill()


def load(port: int, urls: Path, seconds: int, connections: int) -> dict[str, float]:
    """Full load for some seconds: requests per second, latency in ms, and what went wrong."""
    script = urls.with_suffix(".lua")
    script.write_text(WRK.replace("@FILE@", str(urls)))
    command = pinned(
        CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script)
    )
    done = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, timeout=seconds + 60)
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), "")
    if not line:
        raise RuntimeError(f"wrk said: {done.stdout}{done.stderr}")
    requests, duration, p50, p99, refused, failed = map(int, line.split()[1:])
    return {
        "requests": requests, "per_second": round(requests / duration * 1e6),
        "p50_ms": p50 / 1000, "p99_ms": p99 / 1000,
        "refused": refused / max(1, requests), "failed": failed,
    }  # fmt: skip


def first_byte(port: int, url: str, count: int = 400) -> float:
    """Median time to the first byte, one request after another on connections kept as long as they last, in µs."""
    head = f"GET {url} HTTP/1.1\r\nHost: {url.split('/')[2]}\r\nProxy-Connection: keep-alive\r\n\r\n".encode()
    times: list[float] = []
    for _ in range(count):  # connections; one is enough where the proxy keeps it
        with socket.create_connection(("127.0.0.1", port), 10) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while len(times) < count and (time_taken := _one(sock, head)):
                times.append(time_taken)
        if len(times) == count:
            break
    return statistics.median(times) * 1e6


def _one(sock: socket.socket, head: bytes) -> float:
    began = time.perf_counter()
    sock.sendall(head)
    heard = sock.recv(1)
    taken = time.perf_counter() - began
    while heard and not heard.endswith(b"x" * 1024):
        piece = sock.recv(65536)
        heard = heard + piece if piece else b""
    return taken if heard else 0.0


def measure(peer: Peer, work: Path, allowed: Sequence[str], options: argparse.Namespace) -> dict[str, object]:
    """Everything about one proxy."""
    peer.start()
    try:
        rounds = []
        for _ in range(options.rounds):
            said = {name: loaded(peer, work / name, options) for name in _kinds(peer)}
            rounds.append({**said, "first_byte_us": first_byte(peer.port, allowed[0])})
        return {"name": peer.name, "ready_s": round(peer.ready, 2), "memory_mb": peer.memory(), **_medians(rounds)}
    finally:
        peer.stop()


def loaded(peer: Peer, urls: Path, options: argparse.Namespace) -> dict[str, float]:
    """`load`, and the processor time that each request took: steady also where others use the machine."""
    before = peer.cpu()
    said = load(peer.port, urls, options.seconds, options.connections)
    return {**said, "cpu_us": round((peer.cpu() - before) / max(1, said["requests"]) * 1e6)}


def _kinds(peer: Peer) -> tuple[str, ...]:
    return ("allowed",) if peer.name == "Squid alone" else ("allowed", "blocked")


def _medians(rounds: list[dict[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, first in rounds[0].items():
        each = [one[name] for one in rounds]
        if isinstance(first, dict):
            found[name] = {key: statistics.median(one[key] for one in each) for key in first}  # type: ignore[index]
        else:
            found[name] = statistics.median(each)  # type: ignore[type-var]
    return found


def prepare(work: Path, http: int, size: int) -> tuple[list[str], int]:
    """Homes, lists and URLs on disk; the allowed URLs and the number of names."""
    (work / "home").mkdir()
    listed = generate.real()
    needed = dns_lists.install(work / "home", islice(listed, size) if size else listed)
    (work / "squid.txt").write_text("".join(f".{host}\n" for host in needed))
    (work / "e2.txt").write_text("".join(f"{host}\n" for host in needed))
    sites = [f"www.site{number}.bench.test" for number in range(SITES)]
    (work / "hosts").write_text("".join(f"127.0.0.1 {site}\n" for site in sites))
    allowed = [f"http://{site}:{http}/path/page.html?number={number}" for number, site in enumerate(sites)]
    blocked = [f"http://{host}:{http}/" for host in random.Random(2).sample(needed, min(2000, len(needed)))]
    (work / "allowed").write_text("\n".join(allowed))
    (work / "blocked").write_text("\n".join(blocked))
    return allowed, len(needed)


def main() -> int:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--names", type=int, default=0, help="how many of the real names; all when left out")
    reader.add_argument("--seconds", type=int, default=5)
    reader.add_argument("--connections", type=int, default=32)
    reader.add_argument("--rounds", type=int, default=3)
    options = reader.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed; apt-get install wrk.", file=sys.stderr)
        return 2
    if not generate.LISTS.is_dir():
        print(generate.ABSENT, file=sys.stderr)
        return 2
    missing = available()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder, outside() as (http, dns):
        work = Path(folder)
        allowed, names = prepare(work, http, options.names)
        peers = [homeroom(work / "home", dns)]
        if "squid" not in missing:
            peers += [squid(work, work / "hosts", None), squid(work, work / "hosts", work / "squid.txt")]
        if "e2guardian" not in missing:
            peers.append(e2guardian(work, work / "hosts", work / "e2.txt"))
        direct = first_byte(http, allowed[0])
        found = []
        for peer in peers:
            print(f"{peer.name} …", file=sys.stderr)
            found.append(measure(peer, work, allowed, options))
    report(found, direct, names)
    for sentence in missing.values():
        print(sentence, file=sys.stderr)
    print(json.dumps({"names": names, "direct_first_byte_us": round(direct), "proxies": found}))
    return 0


def report(found: Sequence[dict[str, object]], direct: float, names: int) -> None:
    """The table for docs/performance.md."""
    print(f"\n{names:,} names; straight to the origin the first byte takes {direct:.0f} µs.\n")
    print("| proxy | ready s | memory MB | allowed/s (p50 / p99 ms; CPU µs) | blocked/s (same) | first byte added µs |")
    print("|---|---|---|---|---|---|")
    for each in found:
        cells = [_cell(each.get("allowed")), _cell(each.get("blocked"))]
        added = float(str(each["first_byte_us"])) - direct
        print(f"| {each['name']} | {each['ready_s']} | {each['memory_mb']} | {cells[0]} | {cells[1]} | {added:.0f} |")


def _cell(said: object) -> str:
    if not isinstance(said, dict):
        return "–"
    failed = f", {said['failed']:.0f} failed" if said["failed"] else ""
    return f"{said['per_second']:,.0f} ({said['p50_ms']:.1f} / {said['p99_ms']:.1f}; {said['cpu_us']:.0f}){failed}"


if __name__ == "__main__":
    sys.exit(main())
