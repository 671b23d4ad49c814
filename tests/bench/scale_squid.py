"""Squid with Homeroom's helper beside Squid alone and other filters for it: `./run bench scale squid`.

    ./run bench scale squid [--names N] [--seconds 3] [--rounds 3] [--connections 32]

Squid alone, with a dstdomain file, with squidGuard, with our helper; and e2guardian, a proxy of its own. One core for
the proxy and all that it starts, one for origin and load; the real lists for all. "Verdicts kept" lets Squid
remember what the helper said for a minute: it shows what the promise that a rule holds within a second costs; Homeroom
never configures it. Pages are never cached by anybody. The figure to read is processor time for each request.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from homeroom.doors.squid import config, settings
from tests.bench import generate, proxy
from tests.bench.proxy_peers import SERVER_CORE, Peer, available, e2guardian, free_port, pinned, squid

ROOT = Path(__file__).parents[2]
# Squid never works as root. Where root runs the bench, it sees itself as somebody else and owns the same files.
AS_NOBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000") if os.geteuid() == 0 else ()
ALONE = "Squid alone"


def with_helper(work: Path, hosts: Path, http: int, dns: int, seconds: int) -> Peer:
    """Squid as `homeroom node squid` configures it."""
    port, folder = free_port(), work / f"squid-helper-{seconds}"
    environment = {
        "HOMEROOM_HOME": str(work / "home"), "PYTHONPATH": str(ROOT), "HOMEROOM_PROXY_MAY_REACH": "127.0.0.1/32",
        "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{dns}", "HOMEROOM_PUBLIC_URL": "http://homeroom.test:8524",
    }  # fmt: skip
    chosen = config.Settings(
        folder=folder, listen=("127.0.0.1", port), resolvers=(), clients=("127.0.0.0/8",), ports=(443,),
        page=f"http://127.0.0.1:{http}", environment=environment, hosts=hosts, may_reach=("127.0.0.1/32",),
        helper=(sys.executable, "-m", "homeroom.doors.squid.guard"), seconds=seconds,
    )  # fmt: skip
    settings.prepare(replace(chosen, user=""))
    (folder / "squid.conf").write_text(config.text(chosen))
    name = "Squid, Homeroom's helper" + (", verdicts kept" if seconds else "")
    command = (*AS_NOBODY, "squid", "-N", "-n", f"b{port}", "-f", str(folder / "squid.conf"))
    return Peer(name, pinned(SERVER_CORE, *command), port)


def with_squidguard(work: Path, hosts: Path, http: int) -> Peer:
    """Squid with squidGuard as its rewriter, and the same names in its database."""
    port, folder = free_port(), work / "squidguard"
    (folder / "listed").mkdir(parents=True)
    names = (work / "e2.txt").read_text()
    (folder / "listed" / "domains").write_text(names)
    rules = folder / "squidGuard.conf"
    rules.write_text(
        f"dbhome {folder}\nlogdir {folder}\ndest listed {{\n domainlist listed/domains\n}}\n"
        f"acl {{\n default {{\n pass !listed all\n redirect 302:http://127.0.0.1:{http}/blocked\n }}\n}}\n"
    )
    subprocess.run(["squidGuard", "-c", str(rules), "-C", "all"], check=True, capture_output=True)
    squid_conf = folder / "squid.conf"
    squid_conf.write_text(
        f"http_port 127.0.0.1:{port}\nhttp_access allow all\ncache deny all\naccess_log none\ncache_log /dev/null\n"
        f"pid_filename none\nhosts_file {hosts}\ncoredump_dir {folder}\nshutdown_lifetime 0 seconds\ncache_mem 8 MB\n"
        f"netdb_filename none\npinger_enable off\nurl_rewrite_program /usr/bin/squidGuard -c {rules}\n"
        "url_rewrite_children 4 startup=4 idle=1 concurrency=0\n"
    )
    command = (*AS_NOBODY, "squid", "-N", "-n", f"b{port}", "-f", str(squid_conf))
    return Peer("Squid, squidGuard", pinned(SERVER_CORE, *command), port)


def run(options: argparse.Namespace) -> None:
    """Measure one proxy after the other; print one table."""
    missing = available()
    if "squid" in missing:
        raise SystemExit(missing["squid"])
    if not generate.LISTS.is_dir():
        raise SystemExit(generate.ABSENT)
    # Not below /tmp's own sticky folder of root: Squid's helpers are somebody else and must get there.
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder, proxy.outside() as (http, dns):
        work = Path(folder)
        work.chmod(0o755)
        size = int(options.names) if str(options.names).isdigit() else 0
        allowed, names = proxy.prepare(work, http, size)
        hosts = work / "hosts"
        peers = [squid(work, hosts, None), squid(work, hosts, work / "squid.txt")]
        peers += [with_squidguard(work, hosts, http)] if _has("squidGuard") else []
        peers += [with_helper(work, hosts, http, dns, seconds) for seconds in (0, 60)]
        peers += [] if "e2guardian" in missing else [e2guardian(work, hosts, work / "e2.txt")]
        direct = proxy.first_byte(http, allowed[0])
        found = []
        for peer in peers:
            print(f"{peer.name} …", file=sys.stderr, flush=True)
            found.append(proxy.measure(peer, work, allowed, options))
    print(table(found, direct, names, options))


def table(found: list[dict[str, object]], direct: float, names: int, options: argparse.Namespace) -> str:
    """Markdown: requests, processor time and added latency, beside Squid alone."""
    alone = next(each for each in found if each["name"] == ALONE)
    lines = [
        f"{names:,} names, {options.rounds} rounds of {options.seconds} s, {options.connections} connections; straight "
        f"to the origin the first byte takes {direct:.0f} us\n",
        "| proxy | allowed/s | cpu us | of Squid alone (cpu) | p50 / p99 ms | blocked/s | cpu us | first byte added us "
        "| memory MB | ready s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        allowed, blocked = _said(each, "allowed"), _said(each, "blocked")
        of = _said(alone, "allowed")["cpu_us"] / max(1, allowed["cpu_us"])
        refused = f"{blocked['per_second']:,.0f} | {blocked['cpu_us']:.0f}" if blocked else "– | –"
        added = float(str(each["first_byte_us"])) - direct
        lines.append(
            f"| {each['name']} | {allowed['per_second']:,.0f} | {allowed['cpu_us']:.0f} | {of:.2f} | "
            f"{allowed['p50_ms']:.1f} / {allowed['p99_ms']:.1f} | {refused} | {added:.0f} | {each['memory_mb']} | "
            f"{each['ready_s']} |"
        )
    return "\n".join(lines)


def _said(each: dict[str, object], kind: str) -> dict[str, float]:
    said = each.get(kind)
    return said if isinstance(said, dict) else {}


def _has(program: str) -> bool:
    return any((Path(folder) / program).exists() for folder in os.environ.get("PATH", "").split(":"))
