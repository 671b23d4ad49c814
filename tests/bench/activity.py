"""How fast activity is taken in, against a bare bulk insert of the same rows; and what being killed costs.

    ./run bench activity [--events N] [--kills N]

Everything happens in a temporary home. A quarter of a million events take under a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2026, 9, 1, 15, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
BATCH = 10_000


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=250_000)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        os.environ["HOMEROOM_HOME"] = folder
        home = Path(folder)
        migrate()
        figures = {"events": options.events, **writing(home, options.events)}
        figures |= taking_in(home, options.events)
        figures |= bare(home, options.events)
        figures["taken_in_to_bare"] = round(figures["taken_in_per_second"] / figures["bare_insert_per_second"], 2)
        empty()
        figures |= killed(home, options.events // 2, options.kills)
    print(json.dumps(figures, indent=1))


def migrate() -> None:
    """The tables of the activity database."""
    from django.core.management import call_command

    from homeroom.site.django_ready import wake

    wake()
    call_command("migrate", "activity", database="activity", verbosity=0, interactive=False)


def empty() -> None:
    """Empty tables for the next measurement."""
    from homeroom.activity.models import BlockedRequest, HourCount, SpoolFile

    for model in (BlockedRequest, HourCount, SpoolFile):
        model.objects.using("activity").all().delete()


def answers(events: int):
    """(pseudonym, host, line): 2,000 people, 20,000 hosts."""
    chance = random.Random(524)
    for _ in range(events):
        host = f"h{int(chance.random() ** 3 * 20_000)}.example.test"
        yield f"{chance.randrange(2000):016x}", host, chance.randrange(100_000)


def writing(home: Path, events: int) -> dict[str, float]:
    """Write the spool as a door does: batches of 64, each second a flush; one refusal to one counted answer."""
    from homeroom.doors.spool import Spool
    from homeroom.kernel.decision.ask import Who
    from homeroom.kernel.decision.decision import Block, Cited, Kind

    decisions = [
        Block(
            kind=Kind.STATUTORY, clause="VI.Alt3.A.obscene", category="pornography", reason="r", person="p",
            profile="student", bundle="0123456789abcdef", at=AT, rule=Cited("ut1-adult", "2026-08-01", line, "x"),
        )
        for line in range(1000)
    ]  # fmt: skip
    given = [
        (Who(person="p", profile="student", school=f"school{int(alias, 16) % 20}", alias=alias), host, line)
        for alias, host, line in answers(events)
    ]
    spool = Spool(home, "dns", soon=lambda push: None)
    start = time.perf_counter()
    for number, (who, host, line) in enumerate(given):
        spool.cell(who.school, "student", "block", "statutory", "pornography")[0] += 1
        spool.blocked(AT, who, host, decisions[line % 1000])
        if number % 64 == 63:
            spool.push()
        if number % 20_000 == 19_999:
            spool.flush(AT)
    spool.close(AT)
    spent = time.perf_counter() - start
    size = sum(path.stat().st_size for path in (home / "spool").glob("*.log"))
    return {"spool_microseconds_per_refusal": round(spent / events * 1e6, 2), "spool_bytes_per_refusal": size // events}


def taking_in(home: Path, events: int) -> dict[str, float]:
    """Take everything in, in one process."""
    from homeroom.activity import actions

    start = time.perf_counter()
    taken = actions.take_in(home=home, at=AT, budget=1e9)
    spent = time.perf_counter() - start
    assert (taken.blocked, taken.answers, taken.damaged, taken.torn, taken.lost) == (events, events, 0, 0, 0), taken
    size = (home / "activity.sqlite3").stat().st_size
    return {"taken_in_per_second": round(events / spent), "database_bytes_per_refusal": size // events}


def bare(home: Path, events: int) -> dict[str, float]:
    """The same rows from memory into the same table, with nothing but sqlite3."""
    rows = [
        (1, "dns", alias, host, line, 1, "school1", "student", "statutory", "VI.Alt3.A.obscene", "pornography",
         "ut1-adult", "2026-08-01", "0123456789abcdef")
        for alias, host, line in answers(events)
    ]  # fmt: skip
    from homeroom.activity.actions.intake import _ADD_BLOCKED

    source, target = sqlite3.connect(home / "activity.sqlite3"), sqlite3.connect(home / "bare.sqlite3")
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;")
    for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'activity_blockedrequest'"):
        target.execute(sql)
    statement = _ADD_BLOCKED.replace("%s", "?")
    start = time.perf_counter()
    for first in range(0, events, BATCH):
        with target:
            target.executemany(statement, rows[first : first + BATCH])
    spent = time.perf_counter() - start
    target.close()
    return {"bare_insert_per_second": round(events / spent)}


def killed(home: Path, events: int, kills: int) -> dict[str, object]:
    """A real worker's intake, killed again and again while it runs; then what the tables hold."""
    from homeroom.activity.models import BlockedRequest, HourCount

    writing(home, events)
    command = [sys.executable, "-c", CHILD, str(ROOT)]
    chance, done = random.Random(525), 0
    for _ in range(kills * 3):
        if done == kills:
            break
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.08))
            done += child.poll() is None
            child.send_signal(signal.SIGKILL)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    from django.db.models import Sum

    blocked = BlockedRequest.objects.using("activity").aggregate(n=Sum("n"))["n"]
    counted = HourCount.objects.using("activity").aggregate(n=Sum("n"))["n"]
    return {"killed": done, "killed_lost_or_doubled": abs(blocked - events) + abs(counted - events)}


CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from homeroom.site.django_ready import wake
wake()
from django.conf import settings
from homeroom.activity import actions
from homeroom.activity.actions import intake
from tests.bench.activity import AT
intake.CHUNK = 200_000
print("ready", flush=True)
actions.take_in(home=settings.HOME, at=AT, budget=1e9)
"""


if __name__ == "__main__":
    main()
