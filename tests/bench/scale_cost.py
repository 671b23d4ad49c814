"""Cores and memory for each 1,000 students: `./run bench scale cost`.

    ./run bench scale cost [--students 1000,10000,100000]

For each size a roll of that many students, each with an address of their own, and the real lists.
Measured: processor time of a question at dnsdist and behind it, memory of dnsdist, of the
embedded door and of the follower, time to write the tables. Assumed, and easily changed: PEAK questions a second for
each student in the busiest minute. Cores are PEAK times the measured time; web traffic is in `scale squid`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors import bundle_file
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist.node import Writer
from tests.bench import dns, dns_lists, dns_peers, generate, scale_dns

PEAK = 0.5  # questions a second for each student, in the busiest minute


def run(options: argparse.Namespace) -> None:
    """Measure each size, print one table."""
    if not generate.LISTS.is_dir():
        raise SystemExit(generate.ABSENT)
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as aside:
        folder = (options.keep or Path(aside)) / str(options.names)
        folder.mkdir(parents=True, exist_ok=True)
        listed = dns.prepare(folder, str(options.names))
        upstream = dns_peers.upstream(folder)
        upstream.start(None)
        lines = [
            f"{len(listed):,} names; assumed: {PEAK} questions a second for each student in the busiest minute\n",
            "| students | dnsdist us | behind us | cores at peak | cores for 1,000 | memory MB | MB for 1,000 "
            "| tables s |",
            "|---|---|---|---|---|---|---|---|",
        ]
        try:
            for students in (int(each) for each in str(options.students).split(",")):
                lines.append(_row(folder, listed, students, options))
                print(lines[-1], flush=True)
        finally:
            upstream.stop()
    print("\n" + "\n".join(lines))


def _row(folder: Path, listed: list[str], students: int, options: argparse.Namespace) -> str:
    bundle_file.publish(folder, at=datetime.now(UTC), journal=students, roll=roll(students))
    tables = folder / f"tables-{students}"
    started = time.perf_counter()
    Writer(folder, tables, Page()).poll(datetime.now(UTC))
    wrote = time.perf_counter() - started
    server = scale_dns.ours(folder, tables)
    server.start(listed[len(listed) // 2])
    try:
        dns._dnsperf(server, folder / "mix.txt", "-n", "1", "-l", str(options.fill), "-c", "4", "-q", "100")
        before = server.cpu_behind()
        rate, front = dns.throughput(server, folder / "mix.txt", options.seconds)
        behind = (server.cpu_behind() - before) / (rate * options.seconds) * 1e6
        memory = server.memory()[0] + sum(_own(process.pid) for process in server.behind)
    finally:
        server.stop()
    cores = students * PEAK * (front + behind) / 1e6
    return (
        f"| {students:,} | {front:.1f} | {behind:.1f} | {cores:.3f} | {cores / students * 1000:.4f} | {memory:,.0f} | "
        f"{memory / students * 1000:.1f} | {wrote:.2f} |"
    )


def roll(students: int) -> dict[str, Any]:
    """So many students, each behind an address; one of them asks."""
    made: dict[str, Any] = dns_lists._roll()
    for number in range(students - 1):
        id = f"s{number}"
        made["persons"][id] = {"profile": "student", "role": "student", "school": f"school{number % 60}", "alias": id}
        made["addresses"].append([f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", {"person": id}])
    return made


def _own(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss_Anon")) / 1024
