"""How soon a lease is in force, with many people and leases: its steps, and the whole way to the DNS door.

    ./run bench leases [--people 50000] [--leases 20000] [--rounds 20]

Prints the steps in milliseconds, by the clock and as work (on a busy machine the clock runs ahead). Then the worker
and the DNS door run as processes: somebody whose use is suspended signs in at an address that is open, until the door
refuses it there; the lease ends, until it is open again. The limit is one second.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.agreements import LIMIT, _free_port, _start, _until

HERE = "127.0.8.8"


def main() -> None:
    """Fill a house of its own, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--leases", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    home, port = Path(tempfile.mkdtemp(prefix="hr-bench-", dir="/tmp")), _free_port()
    os.environ |= {
        "HOMEROOM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "homeroom.site.settings", "HOMEROOM_DEMO": "1",
        "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{port}", "HOMEROOM_DEMO_DNS": f"127.0.0.1:{_free_port()}",
        "HOMEROOM_DNS_RATE": "0",
    }  # fmt: skip
    os.environ["HOMEROOM_DNS_UPSTREAMS"] = os.environ["HOMEROOM_DEMO_DNS"]
    try:
        import django

        django.setup()
        _run(asked.people, asked.leases)
        print(json.dumps(_at_the_door(port, asked.rounds), indent=1))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(people: int, number: int) -> None:
    from homeroom.access import actions, leases
    from homeroom.access.models import Lease
    from homeroom.base.actor import SYSTEM, Actor
    from homeroom.doors import environment
    from homeroom.doors.bundle_watch import BundleWatch
    from homeroom.filtering import publishing
    from homeroom.kernel.decision.roll import packed
    from homeroom.site import migrate

    migrate.bring_up_to_date()
    now = datetime.now(UTC)
    _fill(people, number, now)
    for cidr in ("10.0.0.0/8", "127.0.8.0/24"):
        actions.add_address(actor=SYSTEM, cidr=cidr, audience="student", at=now)
    publishing.publish(now)
    home = environment.home()
    watch, seen = BundleWatch(home), publishing.SeenLeases()
    publishing.leases_catch_up(now, seen)
    watch.poll()
    print(f"{people} people, {Lease.objects.count()} leases")
    for _ in range(5):
        begun = _now()
        lease = actions.sign_in_here(actor=Actor(id="p1"), address="10.9.9.9", shared=True, session="s", at=now)
        _say("sign in", begun)
        _timed("look whether anything changed", lambda: leases.mark())
        _timed("tell the doors", lambda: publishing.leases_catch_up(now, seen))
        _timed("a door takes it up", watch.poll)
        assert watch.bundle and watch.bundle.roll.by_address(packed("10.9.9.9")).person == "p1"
        _say("together", begun)
        actions.end_lease(actor=SYSTEM, lease=lease, at=now)
        publishing.leases_catch_up(now, seen)
        watch.poll()


def _at_the_door(port: int, rounds: int) -> dict[str, Any]:
    from homeroom.access import actions
    from homeroom.base.actor import SYSTEM, Actor
    from homeroom.filtering import publishing
    from homeroom.people.models import Person

    now = datetime.now(UTC)
    decider = Actor(id="p0", name="Bench", roles=frozenset({"technology_director"}))
    barred = Person.objects.get(pk="p1")
    actions.restrict(actor=decider, at=now, person=barred, reason="Bench.", cancel=True)
    publishing.publish(now)
    doors = [_start("little-internet"), _start("door", "dns"), _start("worker")]
    begun, ended = [], []
    try:
        _until(port, HERE, open_=True, seconds=120)
        for number in range(-1, rounds):  # the first is not counted: whatever is done at a start is done then
            time.sleep(0.037 * (number % 7))  # at any point of the pauses of worker and door
            at = time.monotonic()
            lease = actions.sign_in_here(
                actor=Actor(id="p1"), address=HERE, shared=True, session=f"s{number}", at=datetime.now(UTC)
            )
            begun.append(_until(port, HERE, open_=False, seconds=30) - at)
            at = time.monotonic()
            actions.end_lease(actor=SYSTEM, lease=lease, at=datetime.now(UTC) + timedelta(milliseconds=1))
            ended.append(_until(port, HERE, open_=True, seconds=30) - at)
    finally:
        for each in doors:
            each.send_signal(signal.SIGTERM)
        for each in doors:
            each.wait(20)
    return {"rounds": rounds, "begun": _figures(begun[1:]), "ended": _figures(ended[1:])}


def _figures(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    last = ordered[math.ceil(len(ordered) * 0.99) - 1]
    return {"p50": round(statistics.median(took), 3), "p99": round(last, 3), "p99_of_limit": round(last / LIMIT, 2)}


def _fill(people: int, number: int, now: datetime) -> None:
    from homeroom.access.models import Lease
    from homeroom.base.actor import SYSTEM
    from homeroom.people import actions
    from homeroom.people.models import Person, Role

    actions.set_up_district(actor=SYSTEM, name="Lake District", at=now)
    rows = [Person(id=f"p{each}", given_name="A", family_name=str(each)) for each in range(people)]
    Person.objects.bulk_create(rows, 2000)
    Role.objects.bulk_create(
        [Role(person_id=row.id, role="student", grade="7", first_day=now.date().replace(year=2020)) for row in rows],
        2000,
    )
    Lease.objects.bulk_create(
        [
            Lease(
                address=f"10.{each // 65536}.{each // 256 % 256}.{each % 256}", person_id=f"p{each}", by="radius",
                created=now, until=now.replace(year=now.year + 1),
            )
            for each in range(number)
        ], 2000,
    )  # fmt: skip


def _timed(what: str, work: Callable[[], Any]) -> None:
    begun = _now()
    work()
    _say(what, begun)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _say(what: str, begun: tuple[float, float]) -> None:
    took, busy = ((now - then) * 1000 for now, then in zip(_now(), begun, strict=True))
    print(f"  {what:32} {took:8.1f} ms, of which {busy:7.1f} ms of work")


if __name__ == "__main__":
    main()
