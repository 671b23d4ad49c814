"""From "published" to the first answer by the new rule at dnsdist, many times: `./run bench scale swap`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import dns.rcode

from homeroom.doors import bundle_file
from homeroom.doors.bundle_file import install_rules
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer as TableWriter
from tests.doors.dns_scene import AT, POLICY_JSON, ROLL_JSON, SLOTS
from tests.doors.dnsdist_process import front
from tests.doors.upstream import Upstream


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


def run(options: argparse.Namespace) -> None:
    """Change a rule again and again under dnsdist."""
    count = int(options.names) if str(options.names).isdigit() else 200_000
    root = Path(tempfile.mkdtemp(prefix="bench-scale-"))
    upstream = Upstream({("wiki.test", "A"): ["192.0.2.1"], ("library.test", "A"): ["192.0.2.1"]})
    took = []
    try:
        home = home_with(root, names(count))
        with front(home, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{upstream.port}", HOMEROOM_DNS_RATE="0") as running:
            for number in range(options.changes):
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
    print(f"| {count:,} names | changes | median s | p95 s | p99 s | slowest s |\n|---|---|---|---|---|---|")
    parts = " | ".join(f"{took[min(len(took) - 1, int(len(took) * part))]:.3f}" for part in (0.5, 0.95, 0.99, 1.0))
    print(f"| in force at dnsdist | {len(took)} | {parts} |")
