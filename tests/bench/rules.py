"""From a rule saved to a rule in force at both doors, and a hundred swaps under load.

    python -m tests.bench.rules [--rules 100] [--rate 1000]

Starts the demo with the real lists where they are at hand, saves rules as the web application
does, and asks both doors until the rule shows; meanwhile steady questions go to the DNS door,
whose answers must all come and all be right.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.steady import NXDOMAIN, question
from tests.e2e.house import House, open_house

LIMIT = 1.0  # second: the promise
GIVE_UP = 5.0
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "lists"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rules", type=int, default=100)
    options.add_argument("--rate", type=int, default=1000)
    asked = options.parse_args()
    lists = REAL if REAL.exists() else None
    with (
        tempfile.TemporaryDirectory() as folder,
        open_house(Path(folder) / "home", students=1000, lists=lists, rate=0) as house,
    ):
        os.environ.update(house.environment)
        seconds = asked.rules * 0.45 + 5
        where = f"127.0.0.1:{house.ports['DNS']}"
        command = [sys.executable, "-m", "tests.bench.steady", where, str(asked.rate), str(seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
            time.sleep(1)
            dns, proxy = measure(house, asked.rules)
            steady = json.loads(load.communicate()[0])
        swaps = json.loads((house.home / "run" / "dns.json").read_text())["swaps"]
    print(f"Rule saved to rule in force, {asked.rules} rules, lists: {'real' if lists else 'small'}")
    for door, times in (("DNS door", dns), ("proxy door", proxy)):
        print(f"  {door:<11} median {statistics.median(times) * 1e3:6.0f} ms   p99 {p99(times) * 1e3:6.0f} ms"
              f"   of the limit of 1 s: {p99(times) / LIMIT:.2f}")  # fmt: skip
    print(f"Load meanwhile: {steady['asked']} questions at {asked.rate}/s, {swaps} swaps: lost {steady['lost']}, "
          f"wrong {steady['wrong']} {steady['mistakes'] or ''}; "
          f"latency p50 {steady['p50']} us, p99 {steady['p99']} us")  # fmt: skip


def measure(house: House, count: int) -> tuple[list[float], list[float]]:
    """Save rules one after the other; seconds until each shows at the DNS door and at the proxy door."""
    from homeroom.site.django_ready import wake

    wake()
    from homeroom.filtering.actions import rules
    from homeroom.site.settle import DANA

    dns: list[float] = []
    proxy: list[float] = []
    for number in range(count):
        name = f"rule{number}.test"
        saved = time.perf_counter()
        rules.add_rule(actor=DANA, effect="block", target=name, scope="everyone", reason="Bench.", at=datetime.now(UTC))
        seen = {"dns": 0.0, "proxy": 0.0}
        while not all(seen.values()) and time.perf_counter() - saved < GIVE_UP:
            if not seen["dns"] and refused_by_dns(house, name):
                seen["dns"] = time.perf_counter() - saved
            if not seen["proxy"] and refused_by_proxy(house, name):
                seen["proxy"] = time.perf_counter() - saved
            time.sleep(0.005)
        dns.append(seen["dns"] or GIVE_UP)
        proxy.append(seen["proxy"] or GIVE_UP)
    return dns, proxy


def refused_by_dns(house: House, name: str) -> bool:
    """Whether the DNS door refuses a name now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(1)
        asking.sendto(question(7, name), ("127.0.0.1", house.ports["DNS"]))
        try:
            return struct.unpack("!H", asking.recv(600)[2:4])[0] & 15 == NXDOMAIN
        except TimeoutError:
            return False


def refused_by_proxy(house: House, name: str) -> bool:
    """Whether the proxy door refuses a page now."""
    with socket.create_connection(("127.0.0.1", house.ports["PROXY"]), timeout=2) as asking:
        url = f"http://{name}:{house.ports['ORIGIN']}/"
        try:
            asking.sendall(f"GET {url} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            return b" 403 " in asking.recv(64)
        except ConnectionError:  # a transfer under way is cut when a new rule forbids it: ask again
            return False


def p99(times: list[float]) -> float:
    """The 99th of a hundred."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


if __name__ == "__main__":
    main()
