"""The policy and its ledger: reading the text, the public page, the probes over a year, the binder.

    ./run bench ledger [--students N] [--policy FILE] [--requests N]

Everything happens in a temporary home with a made-up district of that size and a whole year of its records (see
ledger_year.py). The reader is held against a bare pass over the same lines, the page against an empty page of the same
server stack; every probe is timed by itself, the slowest first, by processor time and by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench import ledger_year

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "policy" / "msba-524.txt"
OWN = ROOT / "homeroom" / "board" / "data" / "made-up-policy.txt"


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=5_000)
    parser.add_argument("--policy", type=Path, default=REAL if REAL.exists() else OWN)
    parser.add_argument("--requests", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        os.environ["HOMEROOM_HOME"] = folder
        ready()
        at = datetime.now(UTC)
        figures: dict[str, Any] = {"students": options.students, **reading(options.policy)}
        moving(options, at)
        figures |= probing(at) | page(options.requests) | binding(at)
    print(json.dumps(figures, indent=1))


def ready() -> None:
    """An empty house."""
    from homeroom.site import migrate
    from homeroom.site.django_ready import wake

    wake()
    migrate.bring_up_to_date()


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time that something took, and what came of it."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def reading(path: Path) -> dict[str, Any]:
    """Parse of the text, against a bare pass of regular expressions over its lines."""
    from homeroom.kernel.policytext import outline
    from homeroom.kernel.policytext.read import read_policy

    lines = path.read_text(encoding="utf-8").splitlines()
    rounds = sorted(spent(lambda: read_policy(lines))[0] for _ in range(15))
    bare = sorted(spent(lambda: [outline.mark(line) for line in lines])[0] for _ in range(15))
    text = read_policy(lines)
    return {
        "policy": path.name, "lines": len(lines), "clauses": sum(1 for _ in text), "misplaced": len(text.unplaced),
        "findings": len(text.findings), "parse_ms": round(rounds[7] * 1000, 2),
        "parse_to_bare_pass": round(rounds[7] / bare[7], 1),
    }  # fmt: skip


def moving(options: argparse.Namespace, at: datetime) -> None:
    """A district of that size, a text in force, and the year."""
    from homeroom.base.actor import SYSTEM
    from homeroom.board import actions as board
    from homeroom.site import settle

    begun = time.perf_counter()
    settle._move_in = lambda at, say: None  # the year is written below, in portions
    settle.DEMO_LISTS = OWN.parent / "none"
    settle.SMALL = ()
    settle.settle(students=options.students, at=at, say=lambda said: None)
    text, new = board.import_text(actor=SYSTEM, file=options.policy.name, data=options.policy.read_bytes(), at=at)
    if new:
        board.put_in_force(
            actor=SYSTEM, at=at, text=text.pk, from_day=at.date(), alternative="3",
            noticed_on=at.date() - timedelta(days=60), hearing_on=at.date() - timedelta(days=30), minutes="x",
        )  # fmt: skip
    say(f"moved in after {time.perf_counter() - begun:.0f} s; writing the year ...")
    rows = ledger_year.fill(options.students, at)
    say(f"{sum(rows.values())} rows after {time.perf_counter() - begun:.0f} s: {rows}")


def say(what: str) -> None:
    """To whoever waits."""
    print(what, file=sys.stderr, flush=True)


def probing(at: datetime) -> dict[str, Any]:
    """Every probe once."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from homeroom.base.actor import SYSTEM
    from homeroom.ledger import actions, catalogue

    each: dict[str, tuple[float, float, int, Any]] = {}
    for probe in catalogue.probes():
        begun, used = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connections["default"]) as asked:
            row = actions.look(actor=SYSTEM, probe=probe, at=at)
        each[probe] = (time.process_time() - used, time.perf_counter() - begun, len(asked), row)
        if row.failed:
            say(f"{probe} failed: {row.failed}")
    order = sorted(each, key=lambda probe: -each[probe][0])
    say(f"{'probe':60} {'s':>8} {'cpu s':>8} {'queries':>8} {'looked at':>10} {'broken':>8}")
    for probe in order:
        cpu, clock, queries, row = each[probe]
        say(f"{probe:60} {clock:8.3f} {cpu:8.3f} {queries:8} {row.looked_at:10} {row.broken:8}")
    return {
        "probes": len(each), "probes_s": round(sum(clock for _, clock, _, _ in each.values()), 2),
        "probes_cpu_s": round(sum(cpu for cpu, _, _, _ in each.values()), 2),
        "failed": sum(bool(row.failed) for _, _, _, row in each.values()),
        "slowest_probes_cpu_ms": {probe: round(each[probe][0] * 1000) for probe in order[:10]},
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def page(requests: int) -> dict[str, Any]:
    """The public page, a clause, a question in plain words."""
    from django.test import Client

    client, told = Client(HTTP_HOST="127.0.0.1"), {}
    empty = timed(client, "/about", requests)
    for name, path in (("page", "/ledger"), ("clause", "/ledger/XIV.B.3"), ("question", "/ledger?q=laptop")):
        took = timed(client, path, requests)
        told[f"{name}_ms_median"] = round(statistics.median(took), 1)
        told[f"{name}_ms_p95"] = round(took[int(len(took) * 0.95)], 1)
        told[f"{name}_to_about_page"] = round(statistics.median(took) / statistics.median(empty), 1)
    told["page_bytes"] = len(client.get("/ledger").content)
    return told


def timed(client: Any, path: str, requests: int) -> list[float]:
    """Milliseconds of processor time of each request, sorted."""
    client.get(path)
    return sorted(spent(lambda: client.get(path))[0] * 1000 for _ in range(requests))


def binding(at: datetime) -> dict[str, Any]:
    """The binder of the running funding year."""
    from homeroom.ledger import binder
    from homeroom.people import queries as people

    steps: list[tuple[float, str]] = []
    year = binder.year_of(people.today(at))
    took, data = spent(lambda: binder.build(year, at, lambda done, of, what: steps.append((time.process_time(), what))))
    longest = max(pairwise(steps), key=lambda pair: pair[1][0] - pair[0][0])
    return {"binder_s": round(took, 2), "binder_bytes": len(data), "binder_slowest_step": longest[0][1]}


if __name__ == "__main__":
    main()
