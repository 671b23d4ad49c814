"""What an upstream said about one question, checked, and ready to be told to many.

Everything an answer leads to is kept as `via`, so that a listed name is not reached under a
borrowed one (cloaking). What must not be told is taken out by `dns_cleaning`.
"""

from __future__ import annotations

from socket import inet_ntoa
from struct import error as broken

from homeroom.doors.dns import wire
from homeroom.doors.dns.addresses import address_text, host_of, is_private

LONGEST, LONGEST_NEGATIVE, WITHOUT_SOA = 86_400, 3_600, 5  # seconds
STALE_FOR, STALE_TTL = 3_600, 30  # RFC 8767: how long after its time an answer may still serve, and for how long


class Asked(bytes):
    """What an upstream is asked: the name in lower case, the type, and the bits that change its answer.

    One string of bytes (name, type, one byte of bits): it is the key of every look-up, and costs
    the collector nothing.
    """

    __slots__ = ()

    @classmethod
    def about(cls, name: bytes, qtype: int, *, do: bool = False, cd: bool = False) -> Asked:
        """A question about a name."""
        return cls(name + wire.U16.pack(qtype) + _BITS[do | cd << 1])

    @property
    def name(self) -> bytes:
        """The name, in lower case."""
        return self[:-3]

    @property
    def qtype(self) -> int:
        """The type."""
        return self[-3] << 8 | self[-2]

    @property
    def do(self) -> bool:
        """Whether signatures are wanted (DNSSEC OK)."""
        return self[-1] & 1 == 1

    @property
    def cd(self) -> bool:
        """Whether the client checks them itself (checking disabled)."""
        return self[-1] & 2 == 2

    @property
    def question(self) -> bytes:
        """The question section, as an answer must repeat it."""
        return self[:-1] + b"\0\1"


_BITS = (b"\0", b"\1", b"\2", b"\3")
_PLACES: dict[tuple[int, ...], tuple[int, ...]] = {}  # most answers have their times in the same few places


class Known:
    """One cleaned answer.

    `body` are its records as bytes, valid behind any question of the same length, with their
    times to live as they were heard at second `born`; `ttl_at` are the offsets of those times.
    It serves until second `expires`. `via` are the canonical names and the addresses it leads
    to, with spaces between; `cleaned` says what was taken out.
    """

    __slots__ = ("_aged", "_aged_at", "ad", "body", "born", "cleaned", "counts", "expires", "rcode", "ttl_at", "via")

    def __init__(
        self, rcode: int, body: bytes, counts: tuple[int, int], ttl_at: tuple[int, ...], via: str, *, ad: bool = False
    ) -> None:
        if len(_PLACES) > 1_000:
            _PLACES.clear()
        self.rcode, self.body, self.counts, self.via, self.ad = rcode, body, counts, via, ad
        self.ttl_at = _PLACES.setdefault(ttl_at, ttl_at)
        self.cleaned = ""
        self.born = self.expires = self._aged_at = 0
        self._aged = body

    def live(self, second: int, seconds: int) -> None:
        """Heard now, it serves for so many seconds; without any, still those who asked together."""
        self.born = self._aged_at = second
        self.expires = second + max(seconds, 1)

    def aged(self, second: int) -> bytes:
        """The records with their times counted down to a second; stale ones say 30 s (RFC 8767)."""
        if second != self._aged_at:
            self._aged_at, self._aged = second, self._counted_down(second)
        return self._aged

    def _counted_down(self, second: int) -> bytes:
        body, age, stale = bytearray(self.body), second - self.born, second >= self.expires
        for at in self.ttl_at:
            ttl = wire.U32.unpack_from(body, at)[0]
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
        return 400 + 2 * len(self.body) + len(self.via)


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
    known = Known(
        wire.NOERROR, message[start:at], (answers, 0), tuple(ttl_at), " ".join(via), ad=bool(flags & wire.AD)
    )  # fmt: skip
    known.live(second, min(ttls))
    return known
