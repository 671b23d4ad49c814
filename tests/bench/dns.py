"""The DNS door against unbound and dnsmasq with the same names and the same questions, in one run.

    ./run bench dns [--names real|5000000] [--seconds 5] [--rounds 3] [--keep FOLDER] [--only NAME ...]

Each server has core 0 to itself while it is asked, the load (dnsperf) and the upstream share core 1. All
servers run from the start and take turns, round by round, so that what else the machine does meets all
alike. Throughput is the median of the rounds; before the first every question of the file is asked twice,
for the caches; "cold" has new names in every round. Latency is taken at 2,000 questions a second. Peers
run as Debian ships them, unbound also with roomy caches. "cpu us" is processor time for each question: a
million divided by it is what the core can do, even where the machine is busy with others. `--keep` leaves
names and compiled lists in a folder, for the next run to find.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import dns_lists, dns_peers, generate
from tests.bench.dns_peers import LOAD_CORE, Server, need

QUESTIONS = 400_000
_SPELLED = re.compile(r"[a-z0-9_.-]+").fullmatch  # some models are expressions; nobody asks for those
COLD, COLD_FILES = 150_000, 5
KINDS = ("mix", "block", "cold")
ALL = ("homeroom", "unbound", "dnsmasq", "unbound, roomy cache", "unbound, no names", "bare loop")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", default="real", help="“real”, or how many names in all")
    parser.add_argument("--seconds", type=int, default=5, help="of load for each figure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for names and compiled lists")
    parser.add_argument("--only", nargs="*", default=ALL, help="servers to measure")
    parser.add_argument("--kinds", nargs="*", default=KINDS, help="loads to measure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as aside:
        folder = (options.keep or Path(aside)) / options.names
        folder.mkdir(parents=True, exist_ok=True)
        listed = prepare(folder, options.names)
        upstream = dns_peers.upstream(folder)
        upstream.start(None)
        try:
            print(json.dumps({"names": len(listed)}))
            measure(folder, listed, options)
        finally:
            upstream.stop()


def prepare(folder: Path, names: str) -> list[str]:
    """Names, questions and compiled lists in a folder, unless they are there already."""
    known = folder / "listed.txt"
    if not known.exists():
        real, entries = dns_lists.entries(names)
        listed = dns_lists.install(folder, entries)
        _questions(folder / "mix.txt", dns_lists.mix(real, listed, QUESTIONS))
        _questions(folder / "block.txt", listed[:: max(1, len(listed) // 100_000)])
        new = generate.unlisted(real, COLD * COLD_FILES)
        for number in range(COLD_FILES):
            _questions(folder / f"cold-{number}.txt", new[number * COLD : (number + 1) * COLD])
        known.write_text("\n".join(listed), encoding="ascii")
    return known.read_text(encoding="ascii").split()


def measure(folder: Path, listed: list[str], options: argparse.Namespace) -> None:
    """Every server started, asked in turn, and the table at the end."""
    servers = {
        "homeroom": lambda: dns_peers.homeroom(folder),
        "unbound": lambda: dns_peers.unbound(folder, listed),
        "dnsmasq": lambda: dns_peers.dnsmasq(folder, listed),
        "unbound, roomy cache": lambda: dns_peers.unbound(folder, listed, "unbound-roomy", roomy=True),
        "unbound, no names": lambda: dns_peers.unbound(folder, [], "unbound-bare"),
        "bare loop": dns_peers.bare,
    }
    started: dict[str, Server] = {}
    figures: dict[str, dict[str, Any]] = {}
    try:
        for name, make in servers.items():
            if name in options.only:
                started[name] = make()
                started[name].start(None if name in ("unbound, no names", "bare loop") else listed[len(listed) // 2])
                figures[name] = {"ready s": round(started[name].ready, 2)}
                print(json.dumps({"server": name, **figures[name]}), flush=True)
        for kind in options.kinds:
            rounds(kind, started, figures, folder, options)
    finally:
        for server in started.values():
            server.stop()
    print(table(figures))


def rounds(
    kind: str, servers: dict[str, Server], figures: dict[str, dict[str, Any]], folder: Path, options: argparse.Namespace
) -> None:
    """One kind of load on all servers in turn; their medians go into the figures."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for server in servers.values():
        if kind != "cold":
            _dnsperf(server, folder / f"{kind}.txt", "-n", "2", "-l", "60", "-c", "4", "-q", "200")
    for number in range(options.rounds):
        file = f"cold-{number % COLD_FILES}" if kind == "cold" else kind
        for name, server in servers.items():
            runs[name].append(throughput(server, folder / f"{file}.txt", options.seconds))
    for name, server in servers.items():
        row = figures[name]
        row[f"{kind} q/s"] = round(statistics.median(rate for rate, _ in runs[name]))
        row[f"{kind} cpu us"] = round(statistics.median(cpu for _, cpu in runs[name]), 1)
        if kind == "mix":
            own, resident = server.memory()
            row["own MB"], row["resident MB"] = round(own), round(resident)
            row["p50 us"], row["p99 us"] = latency(server, folder / "mix.txt", options.seconds)
        print(json.dumps({"server": name, kind: runs[name], **row}), flush=True)


def throughput(server: Server, questions: Path, seconds: int) -> tuple[float, float]:
    """Questions answered per second, as fast as they come back, and microseconds of processor time for each."""
    before = server.cpu()
    said = _dnsperf(server, questions, "-l", str(seconds), "-c", "4", "-q", "200")
    rate = re.search(r"Queries per second:\s+([\d.]+)", said)
    done = re.search(r"Queries completed:\s+(\d+)", said)
    if not rate or not done or not int(done[1]):
        raise SystemExit(f"dnsperf could not measure {server.name} with {questions.name}:\n{said}")
    return float(rate[1]), (server.cpu() - before) / int(done[1]) * 1e6


def latency(server: Server, questions: Path, seconds: int) -> tuple[int, int]:
    """Median and 99th percentile in microseconds at 2,000 questions a second."""
    said = _dnsperf(server, questions, "-l", str(seconds), "-c", "4", "-Q", "2000", "-v")
    times = sorted(float(line.rsplit(" ", 1)[1]) for line in said.splitlines() if line.startswith("> "))
    if not times:
        return 0, 0
    return round(times[len(times) // 2] * 1e6), round(times[len(times) * 99 // 100] * 1e6)


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Markdown, with ratios of throughput, processor time and memory to ours."""
    columns = list(dict.fromkeys(column for row in figures.values() for column in row))
    lines = ["| server | " + " | ".join(columns) + " | ours/its mix | by cpu | its/our memory |"]
    lines.append("|" + "---|" * (len(columns) + 4))
    ours = figures.get("homeroom", {})
    for name, row in figures.items():
        speed = ours.get("mix q/s", 0) / row["mix q/s"] if row.get("mix q/s") else 0
        cpu = row["mix cpu us"] / ours["mix cpu us"] if ours.get("mix cpu us") else 0
        memory = row["own MB"] / ours["own MB"] if ours.get("own MB") else 0
        cells = " | ".join(f"{row.get(column, ''):,}" if row.get(column, "") != "" else "" for column in columns)
        lines.append(f"| {name} | {cells} | {speed:.2f} | {cpu:.2f} | {memory:.1f} |")
    return "\n".join(lines)


def _dnsperf(server: Server, questions: Path, *options: str) -> str:
    command = ["taskset", "-c", LOAD_CORE, need("dnsperf"), "-s", "127.0.0.1", "-p", str(server.port)]
    said = subprocess.run(
        [*command, "-d", str(questions), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return said.stdout


def _questions(path: Path, names: Any) -> None:
    with path.open("w", encoding="ascii") as file:
        for place, name in enumerate(each for each in names if _SPELLED(each)):
            file.write(f"{name} {'AAAA' if place % 3 == 0 else 'A'}\n")


if __name__ == "__main__":
    main()
