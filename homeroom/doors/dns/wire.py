"""DNS messages as bytes (RFC 1035, RFC 6891): read a question, walk an answer's records.

Values: a *name* is an uncompressed wire name with its closing zero byte; offsets count from
the start of the message. Nothing here allocates more than the message is long, follows a
pointer forward, or raises anything but Malformed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA = 1, 2, 5, 6, 12, 15, 16, 28
OPT, DS, RRSIG, DNSKEY, SVCB, HTTPS, ANY = 41, 43, 46, 48, 64, 65, 255
DNAME = 39
IN = 1

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, BADVERS = 0, 1, 2, 3, 4, 5, 16

QR, AA, TC, RD, RA, AD, CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010
DO = 0x8000

HEADER = struct.Struct("!HHHHHH")
FIXED = struct.Struct("!HHIH")  # type, class, time to live, length of the data
U16 = struct.Struct("!H")
U32 = struct.Struct("!I")
_AFTER_ID = struct.Struct("!HHHHH")
_TYPE_CLASS = struct.Struct("!HH")
_EDNS = struct.Struct("!BBH")

QTYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
    35: "NAPTR", 39: "DNAME", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 52: "TLSA", 64: "SVCB", 65: "HTTPS",
    257: "CAA",
}  # fmt: skip

# Upper case to lower case, for whole wire names: a length byte is at most 63 and so never a letter.
LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))


class Malformed(ValueError):
    """Bytes that are no DNS message; the message says where it broke."""


class Edns(NamedTuple):
    """What an OPT record says: the version, the size its sender takes, the DO bit, the raw options."""

    version: int
    size: int
    do: bool
    options: bytes


class Query(NamedTuple):
    """One question as a client sent it.

    `question` is the question section as sent, `name` its name in lower case. `problem` is the
    RCODE that the query deserves before anybody looks at its name, or 0.
    """

    id: bytes
    flags: int
    question: bytes
    name: bytes
    qtype: int
    edns: Edns | None
    problem: int = NOERROR


class Record(NamedTuple):
    """Where one record of a message lies: its owner's name, and the offsets of TTL and data."""

    owner: int
    type: int
    rclass: int
    ttl_at: int
    data_at: int
    end: int
    section: int  # 0 answer, 1 authority, 2 additional


def read_query(packet: bytes) -> Query | None:
    """The question of a packet; None where no answer is owed (too short, or itself an answer).

    What can be answered with an error code comes back with `problem` set. Never raises.
    """
    if len(packet) < 12:
        return None
    flags, questions, answers, authorities, additionals = _AFTER_ID.unpack_from(packet, 2)
    if flags & QR:
        return None
    ident = packet[:2]
    if flags & 0x7800:
        return Query(ident, flags, b"", b"", 0, None, NOTIMP)
    if questions != 1 or answers or additionals > 8 or authorities > 8:
        return Query(ident, flags, b"", b"", 0, None, FORMERR)
    try:
        end = skip_plain_name(packet, 12)
        qtype, qclass = _TYPE_CLASS.unpack_from(packet, end)
        end += 4
        edns = _find_edns(packet, end, authorities + additionals) if authorities or additionals else None
    except (Malformed, ValueError, IndexError, struct.error):
        return Query(ident, flags, b"", b"", 0, None, FORMERR)
    question = packet[12:end]
    problem = NOERROR
    if edns is not None and edns.version != 0:
        problem = BADVERS
    elif qclass != IN or qtype == ANY or 128 <= qtype <= 254 or qtype in (0, OPT):
        problem = REFUSED
    return Query(ident, flags, question, question[:-4].translate(LOWER), qtype, edns, problem)


def skip_plain_name(packet: bytes, at: int) -> int:
    """The offset after an uncompressed name; raises Malformed, or IndexError at the packet's end."""
    start = at
    while size := packet[at]:
        if size > 63:
            raise Malformed("A question's name is compressed or has a label of unknown kind.")
        at += size + 1
    if at - start > 254:
        raise Malformed("A name is longer than 255 bytes.")
    return at + 1


def skip_name(message: bytes, at: int) -> int:
    """The offset after a name that may be compressed; raises Malformed or IndexError."""
    while size := message[at]:
        if size >= 0xC0:
            return at + 2
        if size > 63:
            raise Malformed("A label of unknown kind.")
        at += size + 1
    return at + 1


def name_at(message: bytes, at: int) -> bytes:
    """The uncompressed name at an offset, in lower case; raises Malformed.

    Pointers may only lead backwards, so a loop cannot be built.
    """
    parts: list[bytes] = []
    total, limit = 1, at
    try:
        while size := message[at]:
            if size >= 0xC0:
                at = (size & 0x3F) << 8 | message[at + 1]
                if at >= limit:
                    raise Malformed("A compressed name points forwards.")
                limit = at
                continue
            total += size + 1
            if size > 63 or total > 255 or at + size >= len(message):
                raise Malformed("A name is too long or cut off.")
            parts.append(message[at : at + size + 1])
            at += size + 1
    except IndexError:
        raise Malformed("A name is cut off.") from None
    parts.append(b"\0")
    return b"".join(parts).translate(LOWER)


def records(message: bytes, at: int, counts: tuple[int, int, int]) -> Iterator[Record]:
    """The records of a message after its question; raises Malformed."""
    size = len(message)
    try:
        for section, count in enumerate(counts):
            for _ in range(count):
                fixed = skip_name(message, at)
                rtype, rclass, _, length = FIXED.unpack_from(message, fixed)
                end = fixed + 10 + length
                if end > size:
                    raise Malformed("A record is cut off.")
                yield Record(at, rtype, rclass, fixed + 4, fixed + 10, end, section)
                at = end
    except (IndexError, struct.error):
        raise Malformed("A record is cut off.") from None


def make_query(ident: int, question: bytes, *, do: bool, cd: bool, edns: bool = True) -> bytes:
    """A question to an upstream, with recursion desired; with EDNS it takes answers of 1,232 bytes.

    No option of the client travels on (RFC 7871: no client subnet leaves the house).
    """
    flags = RD | AD | (CD if cd else 0)
    head = HEADER.pack(ident, flags, 1, 0, 0, 1 if edns else 0)
    return head + question + ((_OPT_DO if do else _OPT) if edns else b"")


def opt(*, do: bool = False, size: int = 1232, options: bytes = b"", extended: int = 0) -> bytes:
    """An OPT record; `extended` is the whole RCODE, whose upper bits travel here."""
    return b"".join((
        b"\0\0\x29", U16.pack(size), bytes((extended >> 4, 0)), b"\x80\0" if do else b"\0\0",
        U16.pack(len(options)), options,
    ))  # fmt: skip


def text_name(name: str) -> bytes:
    """A canonical host name as a wire name; raises Malformed for one that has no wire form."""
    try:
        labels = [label.encode("ascii") for label in name.rstrip(".").split(".")] if name.rstrip(".") else []
    except UnicodeEncodeError:
        raise Malformed(f"“{name}” is not spelled in ASCII.") from None
    if any(not 0 < len(label) < 64 for label in labels) or sum(len(label) + 1 for label in labels) > 254:
        raise Malformed(f"“{name}” has an empty or an over-long part.")
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _find_edns(packet: bytes, at: int, count: int) -> Edns | None:
    """The OPT record of a query; more than one is Malformed (RFC 6891, 6.1.1)."""
    found = None
    for record in records(packet, at, (0, 0, count)):
        if record.type == OPT:
            if found is not None or packet[record.owner]:
                raise Malformed("There is more than one OPT record, or it has an owner.")
            _, version, flags = _EDNS.unpack_from(packet, record.ttl_at)
            found = Edns(version, record.rclass, bool(flags & DO), packet[record.data_at : record.end])
    return found


_OPT, _OPT_DO = opt(), opt(do=True)
