"""Which upstream is asked, when another is, and what counts as an answer; no sockets here.

Upstreams are asked in the order they are set. One that does not answer `STRIKES` questions in a
row rests; it is tried again after a while by a question of our own, or by a client's when
there is no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from homeroom.doors.dns import wire
from homeroom.doors.dns.cleaning import read_with_care
from homeroom.doors.dns.flight import Flight
from homeroom.doors.dns.known import Known, read_plain
from homeroom.doors.dns.special import under_any
from homeroom.doors.dns.wire import Malformed
from homeroom.doors.environment import Endpoint

TRY = 1.0  # seconds for one try; clients give up after about five
MOST_TRIES = 4
STRIKES = 3
REST = 2.0  # seconds until a resting upstream is tried again


class Word(Enum):
    """What an upstream's packet is, when it is no answer."""

    LIE = "lie"  # not what was asked: it may be forged, so the question stays open
    CUT = "cut"  # truncated: ask again by TCP
    PLAIN = "plain"  # this upstream does not know EDNS: ask again without
    FAILED = "failed"  # this upstream cannot or will not say: ask another


class Server:
    """One upstream: how it does. `resting` is the moment until which it is left alone, 0 when it is well."""

    __slots__ = ("answered", "asked", "endpoint", "lies", "missed", "resting", "seconds", "strikes")

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.asked = self.answered = self.missed = self.lies = self.strikes = 0
        self.resting = 0.0
        self.seconds = 0.0  # a running mean of the time to an answer

    def good(self, seconds: float) -> None:
        """It answered."""
        self.answered += 1
        self.strikes, self.resting = 0, 0.0
        self.seconds += (seconds - self.seconds) / 16

    def bad(self, now: float, *, gone: bool = False) -> None:
        """It did not answer in time; `gone`: the system says that nobody listens there."""
        self.missed += 1
        self.strikes = STRIKES if gone else self.strikes + 1
        if self.strikes >= STRIKES and now >= self.resting:
            self.resting = now + REST

    def as_json(self) -> dict[str, object]:
        """For the status of the door."""
        address, port = self.endpoint
        return {
            "address": f"[{address}]:{port}" if ":" in address else f"{address}:{port}",
            "up": not self.resting, "asked": self.asked, "answered": self.answered, "missed": self.missed,
            "lies": self.lies, "milliseconds": round(self.seconds * 1000, 2),
        }  # fmt: skip


class Upstreams:
    """All upstreams, and the rules by which they are asked."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.servers = [Server(each) for each in endpoints]

    def pick(self, flight: Flight) -> int | None:
        """Which upstream to ask next, by index; None when it was tried often enough."""
        well = [index for index, server in enumerate(self.servers) if not server.resting]
        most = min(MOST_TRIES, len(well) + 1) if well else 2
        if len(flight.tried) >= most:
            return None
        return min(well or range(len(self.servers)), key=lambda index: (flight.tried.count(index), index), default=None)

    def first(self) -> int | None:
        """Which upstream a new question goes to, by index."""
        for index, server in enumerate(self.servers):
            if not server.resting:
                return index
        return 0 if self.servers else None

    def sent(self, flight: Flight, index: int, now: float) -> None:
        """A try begins."""
        flight.tried.append(index)
        flight.sent_at, flight.deadline = now, now + TRY
        self.servers[index].asked += 1

    def late(self, flights: Iterable[Flight], now: float) -> list[Flight]:
        """Those whose last try was in vain; their upstreams are marked."""
        found = [flight for flight in flights if 0.0 < flight.deadline <= now]
        for flight in found:
            self.servers[flight.tried[-1]].bad(now)
        return found

    def to_probe(self, now: float) -> list[int]:
        """Resting upstreams whose rest is over: they should be asked something of our own."""
        return [index for index, server in enumerate(self.servers) if 0 < server.resting <= now]


def weigh(message: bytes, flight: Flight, second: int, private_ok: tuple[bytes, ...]) -> Known | Word:
    """What a packet from an upstream is, for a question whose id it carries."""
    word = _word(message, flight)
    if word is not None:
        return word
    asked, at = flight.asked, 12 + len(flight.question)
    allowed = under_any(asked.name, private_ok)
    # With DNSSEC there are signatures, and without an answer there is a SOA: both want a closer look.
    if not asked.do and not message[3] & 15:
        known = read_plain(message, at, second, private_ok=allowed)
        if known is not None:
            return known
    try:
        known = read_with_care(message, asked, second, private_ok=allowed)
    except Malformed:
        return Word.FAILED
    return known if known.rcode == message[3] & 15 else Word.FAILED


def _word(message: bytes, flight: Flight) -> Word | None:
    """What header and question alone tell; None where the records must be read."""
    if len(message) < 12 or message[2] & 0xF8 != 0x80:
        return Word.LIE
    code, question = message[3] & 15, flight.question
    if code in (wire.FORMERR, wire.NOTIMP) and not flight.plain:
        return Word.PLAIN
    same = message[12 : 12 + len(question)]
    if message[4:6] != b"\0\1" or (same != question and same.translate(wire.LOWER) != question.translate(wire.LOWER)):
        return Word.LIE
    if message[2] & 2:
        return Word.CUT
    return None if code in (wire.NOERROR, wire.NXDOMAIN) else Word.FAILED
