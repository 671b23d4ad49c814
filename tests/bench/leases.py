"""How soon a lease is in force: from the row in the database to the answer of a door, with many people and leases.

    ./run bench leases [--people 50000] [--leases 20000]

Prints the steps in milliseconds, by the clock and as work (on a busy machine the clock runs ahead). To them
come the pauses of the worker (100 ms) and of the doors (100 ms), at most.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any


def main() -> None:
    """Fill a house of its own, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--leases", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HOMEROOM_HOME": home, "DJANGO_SETTINGS_MODULE": "homeroom.site.settings"}
        import django

        django.setup()
        _run(asked.people, asked.leases)


def _run(people: int, number: int) -> None:
    from homeroom.access import actions, leases
    from homeroom.access.models import Lease
    from homeroom.base.actor import SYSTEM, Actor
    from homeroom.doors import bundle_file, environment
    from homeroom.filtering import publishing
    from homeroom.kernel.decision.roll import packed
    from homeroom.site import migrate

    migrate.bring_up_to_date()
    now = datetime.now(UTC)
    _fill(people, number, now)
    actions.add_address(actor=SYSTEM, cidr="10.0.0.0/8", audience="student", at=now)
    publishing.publish(now)
    home = environment.home()
    watch, seen = bundle_file.BundleWatch(home), publishing.SeenLeases()
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
