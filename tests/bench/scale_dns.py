"""dnsdist with Homeroom's tables beside its limit and beside resolvers with rules: `./run bench scale dns`.

    ./run bench scale dns [--names real|5000000] [--seconds 3] [--rounds 3] [--keep FOLDER] [--only NAME ...]

Each server has core 0 while it is asked; the load (dnsperf), the upstream and the door behind dnsdist share core 1.
All run from the start and take turns, round by round. The questions are those of `bench dns`: nine in ten not
listed, with the usual repetition, one in ten listed; each was asked before anything is counted. The figure to
read is processor time for each question, since it means the same on a busy machine. There are two limits: dnsdist
with no rule as it comes, and with no rule but with Homeroom's settings: many questions read at once, and next to no
memory of who asked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from homeroom.doors import whole_file
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.wire import text_name
from homeroom.doors.dnsdist import config
from homeroom.doors.dnsdist.node import Writer
from tests.bench import dns, dns_peers
from tests.bench.dns_peers import COMMON, LOAD_CORE, REMOTE, UPSTREAM, Server, need

LIMIT, TUNED, OURS = "dnsdist, no rule", "dnsdist, no rule, tuned as ours", "dnsdist, Homeroom's tables"
RESOLVERS = ("unbound, RPZ", "unbound, tags", "pdns-recursor, RPZ", "pdns-recursor, RPZ by profile", "dnsmasq")
BY_PERSON = ("unbound, tags", "pdns-recursor, RPZ by profile")  # the resolvers that know who asks
PROFILES = ("student", "unknown")  # as in the roll and policy of the bench (dns_lists.py)
PERSONS = """
local ffi = require('ffi')
ffi.cdef[[
typedef struct pdns_ffi_param pdns_ffi_param_t;
void pdns_ffi_param_get_remote_raw(pdns_ffi_param_t *ref, const void **addr, size_t *size);
void pdns_ffi_param_set_tag(pdns_ffi_param_t *ref, unsigned int tag);
]]
local STUDENT, UNKNOWN = 1, 2
local persons = {[string.char(127, 0, 0, 1)] = STUDENT}
local address, size = ffi.new('const void *[1]'), ffi.new('size_t[1]')
function gettag_ffi(given)
  ffi.C.pdns_ffi_param_get_remote_raw(given, address, size)
  ffi.C.pdns_ffi_param_set_tag(given, persons[ffi.string(address[0], size[0])] or UNKNOWN)
end
function prerpz(dq)
  local profile = persons[dq.remoteaddr:getRaw()] or UNKNOWN
  dq:discardPolicy(profile == STUDENT and 'unknown' or 'student')
  return true
end
"""
AT_ONCE = "setUDPMultipleMessagesVectorSize(32)\nsetRingBuffersSize(100, 1)\n"


@dataclass
class Ours(Server):
    """dnsdist, and what stands behind it: the embedded door, and the follower that keeps its records."""

    behind: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def stop(self) -> None:
        """End all three."""
        super().stop()
        for process in self.behind:
            process.terminate()
            process.wait(20)

    def cpu_behind(self) -> float:
        """Seconds of processor time that door and follower used."""
        return sum(_seconds(process.pid) for process in self.behind)


def ours(home: Path, folder: Path) -> Ours:
    """dnsdist as `homeroom node dns` writes it, with everything that a node runs."""
    folder.mkdir(exist_ok=True)
    port, relay, own, doh = (dns_peers._free() for _ in range(4))
    environment = {
        **os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{UPSTREAM}",
        "HOMEROOM_DNS_RATE": "0", "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{own}", "HOMEROOM_DOH_LISTEN": f"127.0.0.1:{doh}",
        "HOMEROOM_DNS_RELAY_LISTEN": f"127.0.0.1:{relay}", "HOMEROOM_NODE_DNS_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    made = Ours(OURS, [need("dnsdist"), "--supervised", "-C", str(folder / "dnsdist.conf")], port=port)
    Writer(home, folder, Page()).poll(datetime.now(UTC))
    settings = config.Settings(folder, ("127.0.0.1", port), (("127.0.0.1", relay),), ("127.0.0.0/8",))
    whole_file.put(folder / "dnsdist.conf", config.text(settings).encode())
    for words in (
        ["homeroom.doors.dns.door"],
        ["homeroom.site.cli", "node", "dns", "--write", str(folder), "--follow"],
    ):
        command = ["taskset", "-c", LOAD_CORE, sys.executable, "-m", *words]
        made.behind.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
    return made


def dnsdist(folder: Path, name: str, more: str = "") -> Server:
    """dnsdist with a packet cache and nothing else."""
    port = dns_peers._free()
    path = folder / f"{name.replace(' ', '-').replace(',', '')}.conf"
    path.write_text(
        f"setLocal('127.0.0.1:{port}')\nsetSecurityPollSuffix('')\nnewServer('127.0.0.1:{UPSTREAM}')\n"
        f"getPool(''):setCache(newPacketCache(200000, {{numberOfShards=4}}))\n{more}"
    )
    return Server(name, [need("dnsdist"), "--supervised", "-C", str(path)], port=port)


def cdb(folder: Path, listed: Iterable[str]) -> Server:
    """dnsdist as its manual shows it: every name by suffix in a CDB file, one answer for everybody."""
    source, path = folder / "names.txt", folder / "names.cdb"
    with source.open("wb") as file:
        file.writelines(b"+%d,1:%b->1\n" % (len(key), key) for key in map(text_name, listed))
        file.write(b"\n")
    subprocess.run([need("cdb"), "-c", str(path), str(source)], check=True)
    rule = "KeyValueStoreLookupRule(kvs, KeyValueLookupKeySuffix(2))"
    more = f"kvs = newCDBKVStore('{path}', 60)\naddAction({rule}, RCodeAction(DNSRCode.NXDOMAIN))\n{AT_ONCE}"
    return dnsdist(folder, "dnsdist, names in CDB", more)


def unbound_rpz(folder: Path, listed: Iterable[str]) -> Server:
    """unbound with the names as a response policy zone."""
    port = dns_peers._free()
    zone = _zone(folder, listed)
    rpz = f'rpz:\n  name: "lists.rpz."\n  zonefile: "{zone}"\n'
    forward = f'forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@{UPSTREAM}\n'
    common = COMMON.replace('"iterator"', '"respip iterator"').format(port=port) + "  do-not-query-localhost: no\n"
    path = dns_peers._write(folder / "unbound-rpz.conf", [common, rpz, forward, REMOTE])
    return Server("unbound, RPZ", [need("unbound"), "-c", str(path)], port=port)


def unbound_tags(folder: Path, listed: Iterable[str]) -> Server:
    """unbound with a tag on each name, and on each client: what it has for profiles."""
    port = dns_peers._free()
    common = COMMON.format(port=port) + '  do-not-query-localhost: no\n  define-tag: "student staff"\n'
    common += '  access-control-tag: 127.0.0.0/8 "student"\n'
    zones = (f'  local-zone: "{each}." always_nxdomain\n  local-zone-tag: "{each}." "student"\n' for each in listed)
    forward = f'forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@{UPSTREAM}\n'
    path = dns_peers._write(folder / "unbound-tags.conf", [common, *zones, forward, REMOTE])
    return Server("unbound, tags", [need("unbound"), "-c", str(path)], port=port)


def recursor(folder: Path, listed: Iterable[str]) -> Server:
    """The PowerDNS recursor with the names as a response policy zone."""
    port, place = dns_peers._free(), folder / "recursor"
    place.mkdir(exist_ok=True)
    (place / "rules.lua").write_text(f"rpzFile('{_zone(folder, listed)}', {{policyName='lists'}})\n")
    (place / "recursor.conf").write_text(_recursor(port, place))
    return Server("pdns-recursor, RPZ", [need("pdns_recursor"), f"--config-dir={place}", "--daemon=no"], port=port)


def recursor_persons(folder: Path, listed: Iterable[str]) -> Server:
    """The same with a zone for each profile, chosen by who asks: what it has for persons (an address, a profile).

    `gettag_ffi` says the profile before the memory of answers is asked, so that each profile has a part of it;
    `prerpz` then leaves the other profiles' zones out. The fastest ways that its manual knows.
    """
    port, place, zone = dns_peers._free(), folder / "recursor-persons", _zone(folder, listed)
    place.mkdir(exist_ok=True)
    (place / "rules.lua").write_text("".join(f"rpzFile('{zone}', {{policyName='{each}'}})\n" for each in PROFILES))
    (place / "persons.lua").write_text(PERSONS)
    more = f"lua-dns-script={place}/persons.lua\n"
    (place / "recursor.conf").write_text(_recursor(port, place) + more)
    return Server(
        "pdns-recursor, RPZ by profile", [need("pdns_recursor"), f"--config-dir={place}", "--daemon=no"], port=port
    )


def _recursor(port: int, place: Path) -> str:
    return (
        f"local-address=127.0.0.1\nlocal-port={port}\nthreads=1\nforward-zones-recurse=.=127.0.0.1:{UPSTREAM}\n"
        f"dont-query=\ndnssec=off\nsocket-dir={place}\nlua-config-file={place}/rules.lua\nsecurity-poll-suffix=\n"
        "loglevel=3\nhint-file=no\n"
    )


def _zone(folder: Path, listed: Iterable[str]) -> Path:
    path = folder / "lists.rpz"
    if not path.exists():
        head = "$TTL 300\n@ IN SOA localhost. root.localhost. 1 3600 600 86400 300\n@ IN NS localhost.\n"
        with path.open("w", encoding="ascii") as file:
            file.write(head)
            # The longest label of a listed name and the zone's own name must fit into 253 characters.
            file.writelines(f"{name} CNAME .\n*.{name} CNAME .\n" for name in listed if len(name) < 230)
    return path


def run(options: argparse.Namespace) -> None:
    """Start all, ask in turn, print one table."""
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as aside:
        folder = (options.keep or Path(aside)) / str(options.names)
        folder.mkdir(parents=True, exist_ok=True)
        listed = dns.prepare(folder, str(options.names))
        spelled = [name for name in listed if dns._SPELLED(name)]
        upstream = dns_peers.upstream(folder)
        upstream.start(None)
        made: dict[str, Callable[[], Server]] = {
            LIMIT: lambda: dnsdist(folder, LIMIT),
            TUNED: lambda: dnsdist(folder, TUNED, AT_ONCE),
            OURS: lambda: ours(folder, folder / "dnsdist"),
            "dnsdist, names in CDB": lambda: cdb(folder, spelled),
            "unbound, RPZ": lambda: unbound_rpz(folder, spelled),
            "unbound, tags": lambda: unbound_tags(folder, spelled),
            "pdns-recursor, RPZ": lambda: recursor(folder, spelled),
            "pdns-recursor, RPZ by profile": lambda: recursor_persons(folder, spelled),
            "dnsmasq": lambda: dns_peers.dnsmasq(folder, spelled),
        }
        servers: dict[str, Server] = {}
        try:
            for name in options.only or made:
                servers[name] = made[name]()
                servers[name].start(None if name in (LIMIT, TUNED) else spelled[len(spelled) // 2])
            measure(folder, servers, len(spelled), options)
        finally:
            for server in servers.values():
                server.stop()
            upstream.stop()
            shutil.rmtree(folder / "dnsdist", ignore_errors=True)


def measure(folder: Path, servers: dict[str, Server], names: int, options: argparse.Namespace) -> None:
    """Ask everybody in turn, then print."""
    questions = folder / "mix.txt"
    for server in servers.values():
        dns._dnsperf(server, questions, "-n", "1", "-l", str(options.fill), "-c", "4", "-q", "100")
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    behind = servers[OURS].cpu_behind() if isinstance(servers.get(OURS), Ours) else 0.0  # type: ignore[attr-defined]
    asked = 0.0
    for _ in range(options.rounds):
        for name, server in servers.items():
            runs[name].append(dns.throughput(server, questions, options.seconds))
            asked += runs[name][-1][0] * options.seconds if name == OURS else 0
    print(table(servers, runs, names, options))
    if asked:
        more = (servers[OURS].cpu_behind() - behind) / asked * 1e6  # type: ignore[attr-defined]
        print(f"\nBehind our dnsdist, door and follower (answers not remembered, records) took {more:.2f} us for each.")


def table(
    servers: dict[str, Server], runs: dict[str, list[tuple[float, float]]], count: int, options: argparse.Namespace
) -> str:
    """Markdown: processor time and rate, in parts of both limits and of the best resolver with rules."""
    cpu = {name: statistics.median(us for _, us in each) for name, each in runs.items()}
    best, knowing = (min((cpu[name] for name in names if name in cpu), default=0.0) for names in (RESOLVERS, BY_PERSON))
    bare = servers[LIMIT].memory()[0] if LIMIT in servers else 0.0
    lines = [
        f"{count:,} names, {options.rounds} rounds of {options.seconds} s, mix of nine in ten not listed\n",
        "| server | cpu us a question | questions/s | of the limit | of the tuned limit | times the best resolver | "
        "times the best that knows who asks | start s | own memory beyond bare MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, server in servers.items():
        rate = statistics.median(each for each, _ in runs[name])
        of = [f"{cpu[limit] / cpu[name]:.2f}" if limit in cpu else "" for limit in (LIMIT, TUNED)]
        times = " | ".join(f"{each / cpu[name]:.2f}" if each else "" for each in (best, knowing))
        memory = f"{server.memory()[0] - bare:+,.0f}"
        lines.append(
            f"| {name} | {cpu[name]:.2f} | {rate:,.0f} | {' | '.join(of)} | {times} | {server.ready:.2f} | {memory} |"
        )
    return "\n".join(lines)


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
