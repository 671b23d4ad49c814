"""Signature to open network at the DNS door, and a change of teacher, in a district of many people.

    python -m tests.bench.agreements [PEOPLE] [SIGNATURES]

Sets a made-up district up in a folder of its own, runs the real DNS door and the worker's publishing job as
processes, signs one agreement after the other, and asks the door until it answers. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    """Set up, measure, say."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    home = Path(tempfile.mkdtemp(prefix="homeroom-bench-"))
    port = _free_port()
    os.environ |= {
        "HOMEROOM_HOME": str(home), "HOMEROOM_DEMO": "1", "HOMEROOM_DNS_LISTEN": f"127.0.0.1:{port}",
        "HOMEROOM_DEMO_DNS": f"127.0.0.1:{_free_port()}", "HOMEROOM_DEMO_LISTS": "/none", "HOMEROOM_DNS_RATE": "0",
    }  # fmt: skip
    os.environ["HOMEROOM_DNS_UPSTREAMS"] = os.environ["HOMEROOM_DEMO_DNS"]
    started = time.monotonic()
    _run("demo", "--no-serve", "--students", str(people * 2 // 5))
    print(f"set up in {time.monotonic() - started:.0f} s", file=sys.stderr)
    doors = [_start("little-internet"), _start("door", "dns"), _start("worker")]
    try:
        print(json.dumps(_measure(port, rounds), indent=1))
    finally:
        for each in doors:
            each.send_signal(signal.SIGTERM)
        for each in doors:
            each.wait(20)


def _measure(port: int, rounds: int) -> dict[str, Any]:
    from homeroom.site.django_ready import wake

    wake()
    from homeroom.access import actions as access
    from homeroom.agreements import actions, queries
    from homeroom.agreements.queries.signing import open_slots
    from homeroom.base.actor import SYSTEM, Actor
    from homeroom.people import actions as people_actions
    from homeroom.people import queries as people
    from homeroom.people.models import Class, Person

    now = datetime.now(UTC)
    today = people.today(now)
    waiting = queries.to_sign(today, open_slots(today).filter(part="parent", signatures=None)[: rounds * 3])
    alone = [each for each in waiting if each.waits and _lacks_only_this(each, today)][:rounds]
    for number, each in enumerate(alone):
        access.add_address(actor=SYSTEM, cidr=_address(number), person=each.slot.agreement.person_id, at=now)
    _until(port, _address(0), open_=False, seconds=120)
    took = []
    for number, each in enumerate(alone):
        text = each.text("en")
        evidence = actions.Evidence(
            text=text.pk, sha256=text.sha256, method="session", detail="bench", intent="I agree.",
            typed_name=each.slot.holder.name,
        )  # fmt: skip
        who = Actor(id=each.slot.holder_id, name=each.slot.holder.name, roles=frozenset({"guardian"}))
        _until(port, _address(number), open_=False, seconds=30)
        begun = time.monotonic()
        actions.sign(actor=who, at=datetime.now(UTC), slot=each.slot.pk, evidence=evidence)
        took.append(_until(port, _address(number), open_=True, seconds=30) - begun)
    group = Class.objects.filter(enrolments__role="teacher").exclude(pk__in=("pine-7-1", "aspen-11-1")).last()
    said = {
        "people": Person.objects.count(), "signatures": len(took),
        "p50": round(statistics.median(took), 3), "p99": round(sorted(took)[int(len(took) * 0.99) - 1], 3),
        "slowest": round(max(took), 3),
    }  # fmt: skip
    return said | _change(people_actions, group, today, port, access)


def _change(people_actions: Any, group: Any, today: Any, port: int, access: Any) -> dict[str, Any]:
    """A teacher's class gets another teacher: until the door refuses a student who was open."""
    from homeroom.access.facts import standings
    from homeroom.base.actor import SYSTEM
    from homeroom.people.models import Enrolment

    there = list(Enrolment.objects.on(today).filter(group=group, role="student").values_list("person_id", flat=True))
    opened = [id for id, each in standings(there, today).items() if each.open]
    access.add_address(actor=SYSTEM, cidr="127.0.9.1", person=opened[0], at=datetime.now(UTC))
    _until(port, "127.0.9.1", open_=True, seconds=60)
    old = Enrolment.objects.on(today).filter(group=group, role="teacher").first()
    now = datetime.now(UTC)
    begun = time.monotonic()
    people_actions.end_enrolment(actor=SYSTEM, enrolment=old, last_day=today - timedelta(days=1), at=now)
    place = people_actions.PlaceIn("olsen", group.pk, "teacher", today, primary=True)
    people_actions.enrol_all(actor=SYSTEM, places=[place], at=now)
    closed = _until(port, "127.0.9.1", open_=False, seconds=60) - begun
    return {"class": len(there), "teacher_change": round(closed, 3)}


def _lacks_only_this(each: Any, today: Any) -> bool:
    from homeroom.access.facts import standing_of

    codes = [missing.code for missing in standing_of(each.slot.agreement.person_id, today).missing]
    return codes == ["parent-signature"]


def _address(number: int) -> str:
    return f"127.0.{10 + number // 250}.{1 + number % 250}"


def _until(port: int, address: str, *, open_: bool, seconds: float) -> float:
    """Ask from an address until the answer is as wanted; the instant at which it was."""
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


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "homeroom.site.cli", *words], check=True, stdout=subprocess.DEVNULL)


def _start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "homeroom.site.cli", *words], stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return int(udp.getsockname()[1])


if __name__ == "__main__":
    main()
