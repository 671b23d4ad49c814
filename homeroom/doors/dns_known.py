"""What an upstream said about one question, checked, and ready to be told to many.

Everything an answer leads to is kept as `via`, so that a listed name is not reached under a
borrowed one (cloaking). What must not be told is taken out by `dns_cleaning`.
"""

from __future__ import annotations

from socket import inet_ntoa
from struct import error as broken
from typing import NamedTuple

from homeroom.doors import dns_wire as wire
from homeroom.doors.dns_addresses import address_text, host_of, is_private

LONGEST, LONGEST_NEGATIVE, WITHOUT_SOA = 86_400, 3_600, 5  # seconds
STALE_FOR, STALE_TTL = 3_600, 30  # RFC 8767: how long after its time an answer may still serve, and for how long


class Asked(NamedTuple):
    """What an upstream is asked: the name in lower case, and the bits that change its answer."""

    name: bytes
    qtype: int
    do: bool
    cd: bool

    @property
    def question(self) -> bytes:
        """The question section, as an answer must repeat it."""
        return self.name + wire.U16.pack(self.qtype) + b"\0\1"


class Known:
    """One cleaned answer.

    `body` are its records as bytes, valid behind any question of the same length; `ttl_at`
    the offsets of their times to live in it, `ttls` those times when it was heard, at second
    `born`. It serves until second `expires`. `via` are the canonical names and the addresses
    it leads to, `cleaned` says what was taken out.
    """

    __slots__ = ("ad", "body", "born", "cleaned", "counts", "expires", "rcode", "ttl_at", "ttls", "via")

    def __init__(self, rcode: int, *, ad: bool = False) -> None:
        self.rcode, self.ad = rcode, ad
        self.body = b""
        self.counts = (0, 0)
        self.ttl_at: tuple[int, ...] = ()
        self.ttls: tuple[int, ...] = ()
        self.via: tuple[str, ...] = ()
        self.cleaned = ""
        self.born = self.expires = 0

    def aged(self, second: int) -> bytes:
        """The records with their times counted down to a second; stale ones say 30 s (RFC 8767)."""
        age = second - self.born
        if not age or not self.ttls:
            return self.body
        body = bytearray(self.body)
        stale = second >= self.expires
        for at, ttl in zip(self.ttl_at, self.ttls, strict=True):
            wire.U32.pack_into(body, at, STALE_TTL if stale else max(ttl - age, 0))
        return bytes(body)

    def ttl(self, second: int) -> int:
        """Seconds for which it may still be told."""
        return max(self.expires - second, 0)

    def addresses(self) -> list[bytes]:
        """The data of its A and AAAA records."""
        found = wire.records(self.body, 0, (self.counts[0], 0, 0))
        return [self.body[each.data_at : each.end] for each in found if each.type in (wire.A, wire.AAAA)]

    @property
    def weight(self) -> int:
        """About how many bytes it and its key hold."""
        return 600 + len(self.body) + 70 * len(self.via)


def read_plain(message: bytes, at: int, second: int, *, private_ok: bool) -> Known | None:
    """Read the most common kind of answer quickly: addresses and aliases, nothing to take out.

    `at` is where its records begin. None for every other kind, which `dns_cleaning.read_with_care`
    reads; a test holds both to the same outcome.
    """
    start, flags, answers = at, wire.U16.unpack_from(message, 2)[0], wire.U16.unpack_from(message, 6)[0]
    via: list[str] = []
    ttl_at: list[int] = []
    ttls: list[int] = []
    try:
        for _ in range(answers):
            rtype, _, ttl, length = wire.FIXED.unpack_from(message, at + 2)
            data, end = at + 12, at + 12 + length
            if message[at] < 0xC0 or ttl > LONGEST or end > len(message):
                return None
            if (rtype == wire.A and length == 4) or (rtype == wire.AAAA and length == 16):
                packed = message[data:end]
                if not private_ok and is_private(packed):
                    return None
                via.append(inet_ntoa(packed) if length == 4 else address_text(packed))
            elif rtype == wire.CNAME and wire.skip_name(message, data) == end:
                via.append(host_of(wire.name_at(message, data)))
            else:
                return None
            ttl_at.append(at + 6 - start)
            ttls.append(ttl)
            at = end
    except (IndexError, broken, wire.Malformed):
        return None
    if not ttls:
        return None
    known = Known(wire.NOERROR, ad=bool(flags & wire.AD))
    known.body, known.counts = message[start:at], (answers, 0)
    known.ttl_at, known.ttls = tuple(ttl_at), tuple(ttls)
    known.via = tuple(via)
    known.born, known.expires = second, second + max(min(ttls), 1)
    return known
