"""From "published" to "in force" at many nodes, each in a network namespace of its own: `./run bench scale nodes`.

    ./run bench scale nodes [--nodes 20] [--changes 40]

The centre is the real web application behind TLS; each node is the real `homeroom node run` in its own namespace, with
a cable to the centre. A rule is published again and again; for each node the moment is taken at which the new bundle
is the one in force there (its doors look ten times a second, and dnsdist's tables follow: `scale swap`). Needs root.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from homeroom.site import two_nodes


class WebOnly(two_nodes.Centre):
    """A centre whose worker rests: nobody but the bench publishes."""

    def start(self) -> None:
        """Start the web application."""
        with self._log.open("ab") as log:
            command = [*two_nodes.HOMEROOM, "web"]
            self._processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
        two_nodes.wait(self.answers, 60.0, lambda: f"the centre did not come up; its log is {self._log}")


def run(options: argparse.Namespace) -> None:
    """Start all, change rules, print one table."""
    said = two_nodes.refusal()
    if said:
        raise SystemExit(said)
    with tempfile.TemporaryDirectory(prefix="hr-", dir="/tmp") as folder:
        home = Path(folder) / "centre"
        home.mkdir()
        os.environ["HOMEROOM_HOME"] = str(home)
        from homeroom.site import migrate
        from homeroom.site.django_ready import wake

        wake()
        migrate.bring_up_to_date()
        from tests.doors.dns_process import put_in_force

        put_in_force(home)
        centre, nodes = WebOnly(home, home / "log"), list[two_nodes.Node]()
        try:
            centre.start()
            for number in range(1, options.nodes + 1):
                nodes.append(_node(number, Path(folder), centre))
            print(table(measure(home, nodes, options.changes), nodes))
        finally:
            for node in nodes:
                node.end()
            centre.end()


def _node(number: int, folder: Path, centre: two_nodes.Centre) -> two_nodes.Node:
    from homeroom.base.actor import SYSTEM
    from homeroom.nodes import actions

    root = folder / f"node-{number}"
    root.mkdir()
    node = two_nodes.Node(number, root, folder / f"node-{number}.log")
    node.enrol(actions.make_code(actor=SYSTEM, name=f"node-{number}", at=datetime.now(UTC)), centre.certificate)
    node._start("node", "run", home=node.root)
    node._wait(lambda: (node.home / "bundles" / "current").exists())
    return node


def measure(home: Path, nodes: list[two_nodes.Node], changes: int) -> list[float]:
    """Seconds from each publication to each node."""
    from homeroom.doors import bundle_file
    from homeroom.kernel.decision.overlay import Rule
    from tests.doors.dns_scene import AT

    took = []
    for number in range(changes):
        rules = [Rule(f"{number}", "block", f"h{number}.test").as_json()]
        begun = time.monotonic()
        name = bundle_file.publish(home, at=AT, journal=number + 2, overlay=rules)
        waiting = {node.number: node.home for node in nodes}
        while waiting:
            for each, place in list(waiting.items()):
                if bundle_file.current_id(place) == name:
                    took.append(time.monotonic() - begun)
                    del waiting[each]
            if time.monotonic() - begun > 30:
                raise SystemExit(f"Nodes {sorted(waiting)} did not follow within 30 s.")
            time.sleep(0.002)
    return sorted(took)


def table(took: list[float], nodes: list[two_nodes.Node]) -> str:
    """Markdown."""
    at = {part: took[min(len(took) - 1, int(len(took) * part))] for part in (0.5, 0.95, 0.99)}
    cpu = sum(_seconds(process.pid) for node in nodes for process in node._processes) / len(nodes)
    return (
        "| nodes | samples | median s | p95 s | p99 s | slowest s | processor s of a node so far |\n"
        "|---|---|---|---|---|---|---|\n"
        f"| {len(nodes)} | {len(took)} | {at[0.5]:.3f} | {at[0.95]:.3f} | {at[0.99]:.3f} | {took[-1]:.3f} | {cpu:.1f} |"
    )


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
