"""The cast of a proxy conversation without sockets: a world that answers at once, and small helpers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from homeroom.doors.proxy.acts import Command, Dial, Found, ToClient, ToServer
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.pages import Reply
from homeroom.doors.proxy.talk import Talk
from homeroom.doors.proxy.troubles import Trouble
from homeroom.kernel.decision.ask import Ask, Source, Who
from homeroom.kernel.decision.decision import Allow, Block, Decision, Kind, Rewrite

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
BEN, STRANGER = Who(person="ben", profile="student"), Who(person=None, profile="unknown")
GET = b"GET http://library.test/a?b HTTP/1.1\r\nHost: library.test\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONNECT = b"CONNECT library.test:443 HTTP/1.1\r\nHost: library.test:443\r\n\r\n"


class World:
    """A world in which games.test is blocked, www.search.test is locked, and every name leads to 192.0.2.1."""

    def __init__(self) -> None:
        self.fetches, self.asks_login, self.ready, self.slow_names = True, False, True, False
        self.who = BEN
        self.closed: set[str] = {"games.test", "192.0.2.66", "tracker.test"}
        self.found = {"alias.test": Found(("192.0.2.1",), ("tracker.test",)), "shady.test": Found(("192.0.2.66",))}
        self.inside: set[str] = {"10.0.0.1"}
        self.logins: dict[tuple[str, str], str] = {}
        self.is_barred = False
        self.notes: list[tuple[Ask, Decision]] = []

    def caller(self) -> Who:
        return self.who

    def person(self, key: str) -> Who:
        return Who(person=key, profile="student", source=Source.LOGIN)

    def audience(self, decision: Decision) -> str:
        return decision.profile

    def remembered(self, name: str, password: str) -> str | None:
        return self.logins.get((name, password))

    def barred(self) -> bool:
        return self.is_barred

    def judge(self, ask: Ask) -> Decision | None:
        if not self.ready:
            return None
        common = {"person": ask.who.person, "profile": ask.who.profile, "bundle": "b", "at": AT, "reason": "A reason."}
        if self.closed & {ask.host, *ask.via} or "/games" in ask.path:
            return Block(kind=Kind.DISTRICT, clause="III.2", category="games", **common)
        if ask.host == "www.search.test":
            return Rewrite(kind=Kind.SAFETY, clause="III.2", category="", target="locked.search.test", **common)
        return Allow(kind=Kind.DISTRICT, clause="III.1", category="", **common)

    def note(self, ask: Ask, decision: Decision) -> None:
        self.notes.append((ask, decision))

    def known(self, host: str) -> Found | None:
        if re.fullmatch(r"[\d.]+|.*:.*", host):
            return Found((host,))
        return None if self.slow_names else self.found.get(host, Found(("192.0.2.1",)))

    def reachable(self, host: str, port: int, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in addresses if each not in self.inside)

    def blocked(self, ask: Ask, decision: Block, request: Request) -> Reply:
        return Reply(403, b"text/plain", b"blocked " + ask.host.encode(), headers=())

    def trouble(self, kind: Trouble, request: Request | None, detail: str = "", status: int = 0) -> Reply:
        return Reply(status or kind.status, b"text/plain", (detail or kind.words["en"][0]).encode(), headers=())

    def local(self, request: Request) -> Reply:
        return Reply(200, b"text/plain", b"local", headers=())


def talk(**world: object) -> tuple[Talk, World]:
    made = World()
    for name, value in world.items():
        setattr(made, name, value)
    return Talk(made), made


def sent(commands: list[Command], to: type[ToClient] | type[ToServer] = ToClient) -> bytes:
    """The bytes for one side, put together."""
    return b"".join(each.data for each in commands if isinstance(each, to))


def status(commands: list[Command]) -> int:
    """The status of the answer that the client was sent; 0 for none."""
    text = sent(commands)
    return int(text.split(b" ")[1]) if text.startswith(b"HTTP/1.1 ") else 0


def dialled(each: Talk, data: bytes = GET) -> list[Command]:
    """Send a request, connect, and return what follows."""
    each.from_client(data)
    assert isinstance(each.take()[-1], Dial)
    each.connected(reused=False)
    return each.take()
