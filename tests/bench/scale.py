"""What the district scale costs, beside its limits, in one run: `./run bench scale dns | squid | swap`.

dns    dnsdist with no rule (the limit), dnsdist with our tables, dnsdist with the same names in a CDB file, asked by
       dnsperf for names of which a part is listed. All from memory: every name is asked before it is counted.
squid  Squid alone, Squid with our helper.
swap   from "published" to "in force" at dnsdist, many times.

Needs dnsdist, dnsperf, squid-openssl and wrk; the servers run on one core, who asks on the other.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dns.message
import dns.query
import dns.rcode

from homeroom.doors import bundle_file
from homeroom.doors.bundle_file import install_rules
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist import config
from homeroom.doors.dnsdist.node import Writer
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer as TableWriter
from tests.doors.dns_scene import AT, POLICY_JSON, ROLL_JSON, SLOTS
from tests.doors.dnsdist_process import free_port
from tests.doors.upstream import Upstream

SERVER, ASKER = ("taskset", "-c", "0"), ("taskset", "-c", "1")
ALLOWED = 2_000


def names(count: int) -> list[str]:
    """Made names in the shape of listed ones."""
    return [f"n{number * 2654435761 % 10**9}.list{number % 997}.test" for number in range(count)]


def home_with(folder: Path, listed: list[str]) -> Path:
    """A home whose lists hold these names in three categories."""
    aside = folder / "table"
    with FolderSpill(folder) as spill, aside.open("w+b") as file:
        writer = TableWriter(spill)
        for line, name in enumerate(listed, 1):
            writer.add(line % 3, Entry(name, How.SUFFIX, line, name))
        writer.finish(file, SLOTS, {})
    (folder / "bundles").mkdir(exist_ok=True)
    rules = install_rules(folder, aside)
    bundle_file.publish(folder, at=AT, journal=1, rules=rules, policy=POLICY_JSON, roll=ROLL_JSON, overlay=[])
    return folder


class Dnsdist:
    """One dnsdist on the servers' core."""

    def __init__(self, folder: Path, text: str, port: int) -> None:
        (folder / "dnsdist.conf").write_text(text)
        self.port = port
        with (folder / "log").open("wb") as log:
            command = [*SERVER, "dnsdist", "--supervised", "-C", str(folder / "dnsdist.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.started = self._wait()

    def _wait(self) -> float:
        begun = time.monotonic()
        while True:
            try:
                dns.query.udp(dns.message.make_query("localhost", "A"), "127.0.0.1", 0.2, self.port)
                return time.monotonic() - begun
            except Exception:
                assert time.monotonic() - begun < 30 and self.process.poll() is None
                time.sleep(0.01)

    def memory(self) -> float:
        """Megabytes of its own, without mapped files that others share."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        private = sum(int(kb) for kb in re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+)", text, re.M))
        return private / 1024

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def dnsperf(port: int, asked: Path, seconds: int) -> float:
    """Answers per second."""
    command = [*ASKER, "dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", str(asked), "-l", str(seconds), "-q", "200"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Queries per second:\s+([\d.]+)", said).group(1))  # type: ignore[union-attr]


def _fill(port: int, asked: Path) -> None:
    """Ask everything once, gently, so that afterwards all is answered from memory."""
    command = [*ASKER, "dnsperf", "-s", "127.0.0.1", "-p", str(port), "-d", str(asked), "-n", "2", "-q", "4"]
    subprocess.run(command, capture_output=True, check=True)


def bench_dns(count: int, seconds: int, rounds: int) -> None:
    """Our tables beside the limit and beside CDB."""
    root = Path(tempfile.mkdtemp(prefix="bench-scale-"))
    listed = names(count)
    zone = {(f"a{number}.allowed.test", "A"): ["192.0.2.1"] for number in range(ALLOWED)}
    zone |= {("localhost", "A"): ["127.0.0.1"]}
    for name in listed[:ALLOWED]:
        zone[name, "A"] = ["192.0.2.2"]
    upstream, home = Upstream(zone), home_with(root, listed)
    asked = root / "asked"
    step = 10
    lines = [f"{name} A" for (name, _) in zone if name.endswith("allowed.test")]
    lines += [f"{name} A" for name in listed[: ALLOWED // step]]
    asked.write_text("\n".join(lines) + "\n")
    environment = {**os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{upstream.port}",
                   "HOMEROOM_DNS_RATE": "0"}  # fmt: skip
    relay, own, doh = free_port(), free_port(), free_port()
    environment |= {"HOMEROOM_DNS_RELAY_LISTEN": f"127.0.0.1:{relay}", "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{own}",
                    "HOMEROOM_DOH_LISTEN": f"127.0.0.1:{doh}"}  # fmt: skip
    door = subprocess.Popen([*ASKER, sys.executable, "-m", "homeroom.doors.dns.door"], env=environment)
    folder = root / "ours"
    Writer(home, folder, Page()).poll(AT)
    settings = config.Settings(folder, ("127.0.0.1", free_port()), (("127.0.0.1", relay),), ("127.0.0.0/8",))
    cache = "getPool(''):setCache(newPacketCache(200000, {numberOfShards=4}))\n"
    servers = {}
    try:
        for name, text, port in (
            ("no rule (the limit)", f"newServer('127.0.0.1:{upstream.port}')\n{cache}", free_port()),
            ("CDB of all names", _cdb(root, listed) + f"newServer('127.0.0.1:{upstream.port}')\n{cache}", free_port()),
            ("Homeroom's tables", config.text(settings), settings.listen[1]),
        ):
            place = root / name.replace(" ", "-").replace("'", "")
            place.mkdir()
            listen = "" if name.startswith("Homeroom") else f"setLocal('127.0.0.1:{port}')\nsetSecurityPollSuffix('')\n"
            servers[name] = Dnsdist(place, listen + text, port)
            _fill(port, asked)
        rates: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(rounds):
            for name, server in servers.items():
                rates[name].append(dnsperf(server.port, asked, seconds))
        limit = statistics.median(rates["no rule (the limit)"])
        bare = servers["no rule (the limit)"].memory()
        print(f"{count:,} names, {rounds} rounds of {seconds} s, one listed name asked for {step} allowed ones")
        for name, server in servers.items():
            rate = statistics.median(rates[name])
            print(f"{name:22} {rate:10,.0f}/s  {rate / limit:5.2f} of the limit  start {server.started:5.2f} s"
                  f"  memory {server.memory() - bare:+6.0f} MB")  # fmt: skip
    finally:
        for server in servers.values():
            server.end()
        door.terminate()
        door.wait()
        upstream.close()
        shutil.rmtree(root, ignore_errors=True)


def _cdb(root: Path, listed: list[str]) -> str:
    """The usual way: names by suffix in a CDB file."""
    path, source = root / "names.cdb", root / "names.txt"
    with source.open("w") as file:
        for name in listed:
            file.write(f"+{len(name)},1:{name}->1\n")
        file.write("\n")
    if shutil.which("cdb") is None:
        return ""
    subprocess.run(["cdb", "-c", "-m", str(path), str(source)], check=True)
    rule = "KeyValueStoreLookupRule(kvs, KeyValueLookupKeySuffix(2, false))"
    return f"kvs = newCDBKVStore('{path}', 60)\naddAction({rule}, RCodeAction(DNSRCode.NXDOMAIN))\n"


def bench_swap(count: int, rounds: int) -> None:
    """How long from `publish` to the first answer by the new rule."""
    from tests.doors.dnsdist_process import front

    root = Path(tempfile.mkdtemp(prefix="bench-scale-"))
    upstream = Upstream({("wiki.test", "A"): ["192.0.2.1"], ("library.test", "A"): ["192.0.2.1"]})
    took = []
    try:
        home = home_with(root, names(count))
        with front(home, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{upstream.port}", HOMEROOM_DNS_RATE="0") as running:
            for number in range(rounds):
                rules = [Rule(str(number), "block", "wiki.test")] if number % 2 == 0 else []
                wanted = dns.rcode.NXDOMAIN if rules else dns.rcode.NOERROR
                begun = time.monotonic()
                bundle_file.publish(home, at=AT, journal=number, overlay=[rule.as_json() for rule in rules])
                while running.ask("wiki.test").rcode() != wanted:
                    time.sleep(0.002)
                took.append(time.monotonic() - begun)
    finally:
        upstream.close()
        shutil.rmtree(root, ignore_errors=True)
    took.sort()
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(f"{count:,} names, {rounds} changes: median {middle:.3f} s, p95 {late:.3f} s, slowest {took[-1]:.3f} s")


def bench_squid(seconds: int, rounds: int) -> None:
    """Squid alone and with the helper."""
    from tests.doors.proxy_kit import make_home, stage
    from tests.doors.squid_process import AS_NOBODY, squid

    root = Path(tempfile.mkdtemp(prefix="bench-scale-"))
    try:
        with stage(make_home(root)) as scene, squid(scene) as ours:
            port = free_port()
            plain = root / "plain.conf"
            plain.write_text(f"http_port 127.0.0.1:{port}\nhttp_access allow all\ncache deny all\naccess_log none\n"
                             f"cache_log {root}/plain.log\npid_filename none\nhosts_file {ours.settings.hosts}\n"
                             "netdb_filename none\npinger_enable off\ncache_mem 8 MB\n")  # fmt: skip
            command = [*AS_NOBODY, "squid", "-N", "-n", f"b{port}", "-f", str(plain)]
            alone = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            time.sleep(2)
            rates: dict[str, list[float]] = {"Squid alone": [], "Squid with the helper": []}
            for _ in range(rounds):
                for name, at in (("Squid alone", port), ("Squid with the helper", ours.port)):
                    rates[name].append(_wrk(at, scene.url("library.test", "/x"), seconds, root))
            alone.terminate()
            alone.wait()
            limit = statistics.median(rates["Squid alone"])
            for name, each in rates.items():
                rate = statistics.median(each)
                print(f"{name:24} {rate:8,.0f} requests/s  {rate / limit:5.2f}  {16 / rate * 1000:6.2f} ms each at 16")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _wrk(port: int, url: str, seconds: int, root: Path) -> float:
    script = root / "ask.lua"
    script.write_text(f'request = function() return "GET {url} HTTP/1.1\\r\\nHost: library.test\\r\\n\\r\\n" end\n')
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))  # type: ignore[union-attr]


def main() -> None:
    """One part of the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("dns", "squid", "swap"))
    parser.add_argument("--names", type=int, default=1_400_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    if chosen.part == "dns":
        bench_dns(chosen.names, chosen.seconds, chosen.rounds)
    elif chosen.part == "squid":
        bench_squid(chosen.seconds, chosen.rounds)
    else:
        bench_swap(chosen.names, chosen.rounds)


if __name__ == "__main__":
    main()
