"""So many parents signing at once, each on a connection of their own, against granian as it is shipped.

    ./run bench signing [--parents 1000] [--workers 1] [--threads 4] [--port 21010]

Each parent does what a browser does: chooses a language, agrees to sign electronically, reads the words, signs, and
opens the copy. All begin in the same instant. Everything happens in a temporary home.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKEN = "a" * 32
WORDS = "I use the network for school.\n\n" + "A paragraph of the words that a parent reads before signing. " * 60


@dataclass
class Parent:
    """One parent: the session of a browser, and what the requests took."""

    session: str
    took: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--port", type=int, default=21010)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as folder:
        address = f"127.0.0.1:{options.port}"
        os.environ |= {
            "HOMEROOM_HOME": folder, "HOMEROOM_WEB_LISTEN": address, "HOMEROOM_PUBLIC_URL": f"http://{address}"
        }  # fmt: skip
        parents = [Parent(session) for session in prepare(options.parents + 1)]
        command = ["web", "--workers", str(options.workers), "--threads", str(options.threads)]
        server = subprocess.Popen([sys.executable, "-m", "homeroom.site.cli", *command], stderr=subprocess.DEVNULL)
        try:
            lasted, used = asyncio.run(crowd(parents, options.port, server.pid))
        finally:
            server.terminate()
            server.wait(20)
        print(json.dumps(figures(parents, lasted, used, options), indent=2))


def prepare(count: int) -> list[str]:
    """A district with so many parents of one child each, a form in effect, and a signed-in session for each parent."""
    from homeroom.site.django_ready import wake

    wake()
    from homeroom.site import migrate

    migrate.bring_up_to_date()
    from django.db import transaction

    from homeroom.agreements import actions as agreements
    from homeroom.base.actor import SYSTEM, Actor
    from homeroom.board import actions as board
    from homeroom.people import actions as people
    from homeroom.people.models import Class, Guardianship, Person, School

    at, first = datetime.now(UTC) - timedelta(minutes=5), date(2020, 9, 1)
    people.set_up_district(actor=SYSTEM, name="Bench District", at=at)
    people.add_schools(actor=SYSTEM, schools=[School(id="b", name="Birch", first_day=first)], at=at)
    classes = [Class(id=f"c{n}", school_id="b", title=f"Class {n}", first_day=first) for n in range(-(-count // 28))]
    people.add_classes(actor=SYSTEM, classes=classes, at=at)
    ids = range(count)
    everybody = [Person(id=f"s{n}", given_name="Child", family_name=str(n), birth_date=date(2016, 1, 1)) for n in ids]
    everybody += [Person(id=f"p{n}", given_name="Parent", family_name=str(n), email=f"p{n}@bench.test") for n in ids]
    everybody += [Person(id=f"t{n}", given_name="Teacher", family_name=str(n)) for n in range(len(classes))]
    people.add_people(actor=SYSTEM, people=everybody, at=at)
    roles = [people.RoleOf(person=f"s{n}", role="student", school="b", grade="3", first_day=first) for n in ids]
    roles += [people.RoleOf(person=f"p{n}", role="guardian", first_day=first) for n in ids]
    roles += [people.RoleOf(person=f"t{n}", role="teacher", school="b", first_day=first) for n in range(len(classes))]
    people.add_roles(actor=SYSTEM, roles=roles, at=at)
    places = [people.PlaceIn(person=f"s{n}", group=f"c{n // 28}", role="student", first_day=first) for n in ids]
    places += [
        people.PlaceIn(person=f"t{n}", group=f"c{n}", role="teacher", primary=True, first_day=first)
        for n in range(len(classes))
    ]
    people.enrol_all(actor=SYSTEM, places=places, at=at)
    bonds = [Guardianship(child_id=f"s{n}", guardian_id=f"p{n}", relationship="parent", first_day=first) for n in ids]
    people.add_guardians(actor=SYSTEM, bonds=bonds, at=at)
    words = (agreements.Words("en", "Using the network", WORDS),)
    version = agreements.add_version(actor=SYSTEM, at=at, kind="student", words=words)
    addendum = agreements.submit_version(actor=SYSTEM, at=at, version=version)
    day = at.astimezone().date() - timedelta(days=1)
    board.approve_addendum(
        actor=Actor(id="bench", name="Bench", roles=frozenset({"board_clerk", "technology_director"})), at=at,
        addendum=addendum, approved_on=day, minutes="Bench", effective_on=day,
    )  # fmt: skip
    agreements.follow_roster(actor=SYSTEM, at=at)
    with transaction.atomic():
        return [session_of(f"p{n}") for n in ids]


def session_of(person: str) -> str:
    """The cookie of a parent who has just signed in with a code."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from homeroom.access.models import Account

    account = Account(person_id=person, email=f"{person}@bench.test", password="!", created=datetime.now(UTC))
    account.save()
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store["homeroom_code"] = True
    store["account_authentication_methods"] = [{"method": "code"}]
    store.save()
    return str(store.session_key)


def processor(pid: int) -> float:
    """Seconds of processor time of a process and its children so far, whatever else the machine does."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(
        processor(int(each)) for each in children
    )


async def crowd(parents: list[Parent], port: int, server: int) -> tuple[float, float]:
    """Everybody at once; how long it lasted, and the processor time that the server took for it."""
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    await Browser(parents[0], port).ask("warm", "GET", "/about")
    await sign(parents.pop(), port)  # whatever is loaded at first use is loaded now
    began, before = time.perf_counter(), processor(server)
    await asyncio.gather(*(sign(parent, port) for parent in parents))
    return time.perf_counter() - began, processor(server) - before


async def sign(parent: Parent, port: int) -> None:
    """What one parent does."""
    browser = Browser(parent, port)
    await browser.ask("language", "POST", "/sign", {"language": "en"})
    place = await browser.ask("consent", "POST", "/sign/how", {})
    page = await browser.ask("words", "GET", place)
    said = dict(re.findall(r'name="(text|sha256)" value="([^"]+)"', page))
    done = await browser.ask("sign", "POST", place, {"means": "on", "name": "A Parent", "drawn": "", **said})
    copy = await browser.ask("copy", "GET", done)
    if "This is your copy" not in copy:
        parent.errors.append("no copy")
    browser.close()


class Browser:
    """HTTP/1.1 on one connection, no more than is needed, so that the client costs little."""

    def __init__(self, parent: Parent, port: int) -> None:
        self.parent, self.port = parent, port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, name: str, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """The body, or where a redirect leads. What it took, and what went wrong, is kept."""
        if not path.startswith("/"):
            return ""
        body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}).encode() if form is not None else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: sessionid={self.parent.session}; csrftoken={TOKEN}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        try:
            status, headers, text = await asyncio.wait_for(self._exchange(head.encode() + body), 300)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.parent.errors.append(f"{name}: {type(error).__name__}")
            return ""
        self.parent.took[name] = time.perf_counter() - began
        if status not in (200, 302):
            self.parent.errors.append(f"{name}: {status}")
        return headers.get("location", "") if status == 302 else text

    async def _exchange(self, request: bytes) -> tuple[int, dict[str, str], str]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(request)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return int(lines[0].split()[1]), headers, body.decode()

    def close(self) -> None:
        """Hang up."""
        if self.streams:
            self.streams[1].close()


def figures(parents: list[Parent], lasted: float, used: float, options: argparse.Namespace) -> dict[str, Any]:
    """Requests per second, and the median and 95th percentile of each step in milliseconds."""
    from homeroom.agreements.models import Signature

    steps: dict[str, dict[str, float]] = {}
    for name in ("language", "consent", "words", "sign", "copy"):
        took = sorted(parent.took[name] for parent in parents if name in parent.took) or [0.0]
        steps[name] = {"p50": round(took[len(took) // 2] * 1000), "p95": round(took[int(len(took) * 0.95)] * 1000)}
    requests = sum(len(parent.took) for parent in parents)
    return {
        "parents": len(parents), "processor_ms_each_request": round(used / requests * 1000, 1),
        "workers": options.workers, "threads": options.threads,
        "seconds": round(lasted, 1), "requests_per_second": round(requests / lasted),
        "signatures_per_second": round(len(parents) / lasted), "milliseconds": steps,
        "signatures": Signature.objects.count(), "errors": [each for parent in parents for each in parent.errors][:5],
        "errors_count": sum(len(parent.errors) for parent in parents),
    }  # fmt: skip


if __name__ == "__main__":
    main()
