"""What a proxy conversation can ask for: commands that take time, and questions answered at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.pages import Reply
from homeroom.doors.proxy.troubles import Trouble
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.decision import Block, Decision

_NAT64 = "64:ff9b::"  # RFC 6052, in the one spelling: an IPv4 address in the last 32 bits


class Wait(Enum):
    """What the conversation waits for; each has its own patience."""

    REQUEST = "request"
    HEAD = "head"
    CHECK = "check"
    LOOK = "look"
    DIAL = "dial"
    ANSWER = "answer"
    GREETING = "greeting"
    TUNNEL = "tunnel"
    OVER = "over"


@dataclass(slots=True)
class ToClient:
    """Send these bytes to the client."""

    data: bytes


@dataclass(slots=True)
class ToServer:
    """Send these bytes to the origin."""

    data: bytes


@dataclass(slots=True)
class Check:
    """Compare a name and password with the roll, then call `checked`."""

    name: str
    password: str


@dataclass(slots=True)
class Look:
    """Look a name up, then call `found`."""

    host: str


@dataclass(slots=True)
class Dial:
    """Connect to one of these addresses, then call `connected` or `unreachable`; `fresh`: no kept connection."""

    host: str
    addresses: tuple[str, ...]
    port: int
    fresh: bool


class Signal(Enum):
    """Commands that need no values."""

    KEEP_SERVER = "keep"  # the origin's connection may serve others
    DROP_SERVER = "drop"
    END_SERVER = "end server"  # the client closed its half of the tunnel
    END_CLIENT = "end client"  # the origin closed its half of the tunnel
    FINISH = "finish"  # send what is left, then close
    ABORT = "abort"  # close at once, so that nobody takes half an answer for a whole one


Command = ToClient | ToServer | Check | Look | Dial | Signal


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to: its addresses as literals, and the names on the way (CNAME targets)."""

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def via(self) -> tuple[str, ...]:
        """Everything to be judged beside the name itself; an IPv4 address behind NAT64 also as what it is."""
        return self.names + self.addresses + tuple(_carried(each) for each in self.addresses if each.startswith(_NAT64))


def _carried(address: str) -> str:
    return str(IPv4Address(int(IPv6Address(address)) & 0xFFFFFFFF))


class World(Protocol):
    """What a conversation may ask at once, without waiting."""

    fetches: bool  # False where every request is for the proxy itself
    asks_login: bool

    def caller(self) -> Who:
        """Who is behind the client's address."""

    def person(self, key: str) -> Who:
        """A person who signed in."""

    def audience(self, decision: Decision) -> str:
        """Whom a decision was made for: "student", "adult" or "unknown"."""

    def remembered(self, name: str, password: str) -> str | None:
        """The person's id, where this name and password were found right a moment ago."""

    def barred(self) -> bool:
        """Whether too many wrong passwords came from this address."""

    def judge(self, ask: Ask) -> Decision | None:
        """The decision; None where there is no bundle to decide by."""

    def note(self, ask: Ask, decision: Decision) -> None:
        """Count an answered request, and record a refused one."""

    def known(self, host: str) -> Found | None:
        """What a name leads to, where that was looked up a moment ago; for an address literal itself."""

    def reachable(self, host: str, port: int, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a host's addresses that the proxy may connect to."""

    def blocked(self, ask: Ask, decision: Block, request: Request) -> Reply:
        """The block page."""

    def trouble(self, kind: Trouble, request: Request | None, detail: str = "", status: int = 0) -> Reply:
        """A page about something that went wrong."""

    def local(self, request: Request) -> Reply:
        """The answer to a request that is for the proxy itself."""
