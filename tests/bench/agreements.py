"""Signature to open network at the DNS door, and a change of teacher, in a district of many people.

    ./run bench agreements [PEOPLE] [SIGNATURES] [--home FOLDER]

Sets a made-up district up in a folder of its own (with --home in that one, which stays and is used again), runs the
real DNS door and the worker as processes, signs one agreement after the other, and asks the door until it answers.
Then a class gets another teacher: until a student is refused, and until the new teacher's signatures for the whole
class have opened it again. Prints one JSON object; `of_limit` is the part of the asked second that was used.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import signed_town

LIMIT = 1.0  # seconds from a signature to an open network
STUDENT = "127.0.9.1"  # whom the change of teacher is watched by


def main() -> None:
    """Set up, measure, say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=50_000)
    parser.add_argument("signatures", type=int, nargs="?", default=50)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    home = asked.home or Path(tempfile.mkdtemp(prefix="hr-bench-", dir="/tmp"))
    port = _free_port()
    os.environ |= {
        "HOMEROOM_HOME": str(home), "HOMEROOM_DEMO": "1", "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{port}",
        "HOMEROOM_DEMO_DNS": f"127.0.0.1:{_free_port()}", "HOMEROOM_DEMO_LISTS": "/none", "HOMEROOM_DNS_RATE": "0",
    }  # fmt: skip
    os.environ["HOMEROOM_DNS_UPSTREAMS"] = os.environ["HOMEROOM_DEMO_DNS"]
    try:
        if not (home / "homeroom.sqlite3").exists():
            signed_town.set_up(home, asked.people)
        print(json.dumps(_with_doors(port, asked.signatures), indent=1))
    finally:
        if asked.home is None:
            shutil.rmtree(home, ignore_errors=True)


def _with_doors(port: int, rounds: int) -> dict[str, Any]:
    doors = [_start("little-internet"), _start("door", "dns"), _start("worker")]
    try:
        return _measure(port, rounds)
    finally:
        for each in doors:
            each.send_signal(signal.SIGTERM)
        for each in doors:
            each.wait(20)


def _measure(port: int, rounds: int) -> dict[str, Any]:
    from homeroom.site.django_ready import wake

    wake()
    from homeroom.access import actions as access
    from homeroom.access.facts import standings
    from homeroom.access.models import AddressRange
    from homeroom.base.actor import SYSTEM
    from homeroom.people import queries as people
    from homeroom.people.models import Person

    now = datetime.now(UTC)
    today = people.today(now)
    first, *alone = _waiting_for_one(today, rounds + 1)
    for each in AddressRange.objects.filter(ended=None, cidr__startswith="127.0."):  # of an earlier run
        AddressRange.objects.filter(pk=each.pk).update(ended=now)
    group, there = _class(today)
    opened = [id for id, each in standings(there, today).items() if each.open]
    if opened:  # told of before the rounds: an address makes the whole roll anew, which is not what is measured
        access.add_address(actor=SYSTEM, cidr=STUDENT, person=opened[0], at=now)
    for number, each in enumerate(alone):
        access.add_address(actor=SYSTEM, cidr=_address(number), person=each.slot.agreement.person_id, at=now)
    _until(port, _address(len(alone) - 1), open_=False, seconds=120)
    _put(first)  # whatever is loaded at first use is loaded now
    roll, both, early = _roll(), list[tuple[float, float]](), 0
    for number, each in enumerate(alone):
        both.append(_sign(port, number, each))
        early += _roll() == roll
    took = [whole for _, whole in both]
    slow = {number: round(each, 2) for number, each in enumerate(took) if each > LIMIT / 2}
    print(f"slow ones, by number: {slow}; the whole roll was made anew up to number {early}", file=sys.stderr)
    said = {"people": Person.objects.count(), "signatures": len(took), **_figures("signature_to_open", took)}
    if 0 < early < len(took):
        said |= {
            "while_the_roll_is_made": early,
            **_figures("meanwhile", took[:early]),
            **_figures("after", took[early:]),
        }
    said |= _figures("of_this_the_click", [click for click, _ in both])
    return said | (_change(port, today, group, there) if opened else {"teacher_change": "nobody of a class is open"})


def _roll() -> str:
    """The whole roll in force: a worker that has just begun makes it anew, and signatures go out in between."""
    from homeroom.doors import bundle_file, environment

    home = environment.home()
    return str(bundle_file.manifest(home, bundle_file.current_id(home))["roll"])


def _figures(name: str, took: list[float]) -> dict[str, Any]:
    """Median, 99th percentile and slowest in seconds, and the part of the limit that the 99th percentile takes."""
    ordered = sorted(took)
    last = ordered[math.ceil(len(ordered) * 0.99) - 1]
    return {
        f"{name}_p50": round(statistics.median(took), 3), f"{name}_p99": round(last, 3),
        f"{name}_slowest": round(ordered[-1], 3), f"{name}_p99_of_limit": round(last / LIMIT, 2),
    }  # fmt: skip


def _waiting_for_one(today: date, rounds: int) -> list[Any]:
    """Parents' places of students for whom nothing else is missing; where the town has too few, they are made."""
    from homeroom.access.facts import standings
    from homeroom.agreements import queries
    from homeroom.agreements.queries.signing import open_slots
    from homeroom.base.actor import SYSTEM
    from homeroom.journal import actions as journal

    free = open_slots(today).filter(part="parent", agreement__first_day__lte=today, signatures=None, refusals=None)
    pks = list(free.order_by("id").values_list("pk", flat=True)[: rounds * 40])
    held = queries.to_sign(today, free.filter(pk__in=pks))
    with journal.atomic():
        for each in held[: rounds * 3]:
            _sign_the_rest(each, today, SYSTEM)
    found = standings([each.slot.agreement.person_id for each in held], today)
    lacking = {id for id, said in found.items() if [gap.code for gap in said.missing] == ["parent-signature"]}
    one_each = {each.slot.agreement.person_id: each for each in held if each.waits}
    return [each for id, each in one_each.items() if id in lacking][:rounds]


def _sign_the_rest(each: Any, today: date, system: Any) -> None:
    """Let the student and the teachers sign, so that one signature is missing."""
    from homeroom.agreements import queries
    from homeroom.agreements.queries.signing import open_slots

    others = open_slots(today).filter(agreement=each.slot.agreement_id).exclude(part="parent")
    for other in queries.to_sign(today, others):
        if other.waits:
            _put(other)


def _put(each: Any) -> None:
    from homeroom.agreements import actions
    from homeroom.base.actor import Actor

    text = each.text("en")
    evidence = actions.Evidence(
        text=text.pk, sha256=text.sha256, method="session", detail="bench", intent="I agree.",
        typed_name=each.slot.holder.name,
    )  # fmt: skip
    who = Actor(id=each.slot.holder_id, name=each.slot.holder.name)
    actions.sign(actor=who, at=datetime.now(UTC), slot=each.slot.pk, evidence=evidence)


def _sign(port: int, number: int, each: Any) -> tuple[float, float]:
    """Seconds from the click to the end of its transaction, and to the first answer at the door."""
    _until(port, _address(number), open_=False, seconds=30)
    begun = time.monotonic()
    _put(each)
    return time.monotonic() - begun, _until(port, _address(number), open_=True, seconds=30) - begun


def _change(port: int, today: date, group: str, there: list[str]) -> dict[str, Any]:
    """A class gets another teacher: until the door refuses a student who was open, and until it answers again."""
    from homeroom.agreements import queries
    from homeroom.agreements.queries.signing import open_slots
    from homeroom.base.actor import SYSTEM
    from homeroom.people import actions as people
    from homeroom.people.models import Enrolment

    now = datetime.now(UTC)
    _until(port, STUDENT, open_=True, seconds=60)
    old = Enrolment.objects.on(today).filter(group=group, role="teacher").exclude(person="olsen")
    begun = time.monotonic()
    for each in old:
        people.end_enrolment(actor=SYSTEM, enrolment=each, last_day=today - timedelta(days=1), at=now)
    place = people.PlaceIn("olsen", group, "teacher", today, primary=True)
    people.enrol_all(actor=SYSTEM, places=[place], at=now)
    closed = _until(port, STUDENT, open_=False, seconds=60) - begun
    slots = open_slots(today).filter(part="teacher", holder="olsen", agreement__person__in=there)
    for _ in range(600):
        if slots.count() >= len(there):
            break
        time.sleep(0.05)
    asked = time.monotonic() - begun
    waiting = [each for each in queries.to_sign(today, slots) if each.waits]
    begun = time.monotonic()
    _put_all(waiting)
    again = _until(port, STUDENT, open_=True, seconds=60) - begun
    return {
        "class": len(there), "teacher_change_to_closed": round(closed, 3), "places_open_after": round(asked, 3),
        "class_signed_to_open": round(again, 3), "slowest_of_limit": round(max(closed, again) / LIMIT, 2),
    }  # fmt: skip


def _class(today: date) -> tuple[str, list[str]]:
    """The largest class in which somebody is open, that the new teacher does not teach yet."""
    from django.db.models import Count

    from homeroom.access.facts import standings
    from homeroom.people.models import Enrolment

    taught = Enrolment.objects.on(today).filter(person="olsen", role="teacher").values("group_id")
    new = Enrolment.objects.filter(role="teacher", first_day=today).values("group_id")  # changed by an earlier run
    rows = Enrolment.objects.on(today).filter(role="student").exclude(group__in=taught).exclude(group__in=new)
    sizes = rows.values("group_id").annotate(n=Count("pk")).order_by("-n", "group_id")
    best: tuple[str, list[str]] = ("", [])
    for group in [each["group_id"] for each in sizes[:40]]:
        there = list(rows.filter(group=group).values_list("person_id", flat=True))
        best = best if best[0] else (group, there)
        if any(each.open for each in standings(there, today).values()):
            return group, there
    return best


def _put_all(waiting: list[Any]) -> None:
    """IX.C.3: the teacher signs for the class in one sitting, with one record each."""
    from homeroom.agreements import actions
    from homeroom.base.actor import Actor

    text = waiting[0].text("en")
    evidence = actions.Evidence(
        text=text.pk, sha256=text.sha256, method="session", detail="bench", intent="I agree.", typed_name="A Teacher"
    )
    signings = [(each.slot.pk, evidence) for each in waiting]
    actions.sign_all(actor=Actor(id="olsen", name="Olsen"), at=datetime.now(UTC), signings=signings)


def _address(number: int) -> str:
    return f"127.0.{10 + number // 250}.{1 + number % 250}"


def _until(port: int, address: str, *, open_: bool, seconds: float) -> float:
    """Ask from an address until the answer is as wanted; the instant at which it was."""
    import dns.exception
    import dns.message
    import dns.query
    import dns.rcode

    deadline = time.monotonic() + seconds
    while True:
        asked = dns.message.make_query("library.test", "A", use_edns=0)
        try:
            said = dns.query.udp(asked, "127.0.0.1", port=port, source=address, timeout=2)
            closed = any(getattr(option, "code", None) == 18 for option in said.options)
            if (said.rcode() == dns.rcode.NOERROR and not closed) is open_:
                return time.monotonic()
        except (OSError, dns.exception.DNSException):
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{address} did not become {'open' if open_ else 'closed'} within {seconds} s")
        time.sleep(0.005)


def _start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "homeroom.site.cli", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _free_port() -> int:
    """A number that is free for UDP and for TCP: the door takes both."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                tcp.bind(udp.getsockname())
                return int(udp.getsockname()[1])


if __name__ == "__main__":
    main()
