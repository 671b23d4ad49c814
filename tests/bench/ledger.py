"""The policy and its ledger: reading the text, the public page, the probes over a year, the binder.

    ./run bench ledger [--students N] [--policy FILE] [--requests N]

Everything happens in a temporary home with a made-up district of that size and a year of counts. The reader is held
against a bare pass over the same lines, the page against an empty page of the same server stack.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

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
    """A district of that size, a text in force, a year of hourly counts of six schools, a year of nightly looks."""
    from homeroom.activity.models import HourCount
    from homeroom.base.actor import SYSTEM
    from homeroom.board import actions as board
    from homeroom.ledger import catalogue
    from homeroom.ledger.models import Observation
    from homeroom.site import settle

    settle.DEMO_LISTS = OWN.parent / "none"
    settle.SMALL = ()
    settle.settle(students=options.students, at=at, say=lambda said: None)
    text, new = board.import_text(actor=SYSTEM, file=options.policy.name, data=options.policy.read_bytes(), at=at)
    if new:
        board.put_in_force(
            actor=SYSTEM, at=at, text=text.pk, from_day=at.date(), alternative="3",
            noticed_on=at.date() - timedelta(days=60), hearing_on=at.date() - timedelta(days=30), minutes="x",
        )  # fmt: skip
    hour = int(at.timestamp()) // 3600 * 3600
    counts = (
        HourCount(
            hour=hour - back * 3600, school=f"s{school}", profile="student", verdict=verdict, kind=kind,
            category=category, door="dns", n=37,
        )
        for back in range(365 * 24)
        for school in range(6)
        for verdict, kind, category in (("allow", "", ""), ("block", "statutory", "pornography"))
    )  # fmt: skip
    HourCount.objects.using("activity").bulk_create(counts, batch_size=5000)
    Observation.objects.bulk_create(
        (
            Observation(probe=probe, at=at - timedelta(days=day), looked_at=9, good_until=at - timedelta(days=day - 2))
            for day in range(365, 0, -1)
            for probe in catalogue.probes()
        ),
        batch_size=5000,
    )


def probing(at: datetime) -> dict[str, Any]:
    """Every probe once."""
    from homeroom.base.actor import SYSTEM
    from homeroom.ledger import actions, catalogue

    each = {
        probe: spent(lambda probe=probe: actions.look(actor=SYSTEM, probe=probe, at=at)) for probe in catalogue.probes()
    }
    slowest = max(each, key=lambda probe: each[probe][0])
    return {
        "probes": len(each), "probes_s": round(sum(took for took, _ in each.values()), 2),
        "failed": sum(bool(row.failed) for _, row in each.values()), "slowest_probe": slowest,
        "slowest_probe_ms": round(each[slowest][0] * 1000),
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
