"""Answers as bytes: errors, blocks, rewrites, and what an upstream said, with the reason in the answer.

Extended DNS Errors (RFC 8914) tell a district's choice (15 Blocked) from what the law
requires (16 Censored), from what somebody asked for (17 Filtered) and from a network that is
closed to this person (18 Prohibited). They travel only where the question had EDNS.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

from homeroom.doors.dns import wire
from homeroom.doors.dns.known import STALE_TTL, Known
from homeroom.doors.dns.wire import Edns, Query
from homeroom.kernel.decision.decision import Block, Decision, Kind

BLOCK_TTL = 10  # seconds: a corrected mistake or a new grant is seen at once (draft-ietf-dnsop-structured-dns-error)
REWRITE_TTL = 60
UDP_SIZE = 1232  # what fits any path without fragments (DNS Flag Day 2020)
STREAM_SIZE = 65_535

STALE, BLOCKED, CENSORED, FILTERED, PROHIBITED = 3, 15, 16, 17, 18
NOT_READY, STALE_NXDOMAIN, NOT_SUPPORTED, NO_AUTHORITY, NETWORK_ERROR = 14, 19, 21, 22, 23

_HEAD = struct.Struct("!HHHHH")
_OPTION = struct.Struct("!HHH")  # option code 15, length, info code
_SOA = wire.text_name("homeroom.invalid") + wire.text_name("nobody.invalid") + struct.Struct("!IIIII").pack(
    1, 3600, 600, 86400, BLOCK_TTL
)  # fmt: skip
# The owner is the name asked for (a pointer to the question), so the NO lasts for nothing else.
_NEGATIVE = b"\xc0\x0c" + wire.FIXED.pack(wire.SOA, wire.IN, BLOCK_TTL, len(_SOA)) + _SOA


class Reason(NamedTuple):
    """An Extended DNS Error: its code and a sentence."""

    code: int
    text: str = ""


UNREACHABLE = Reason(NO_AUTHORITY, "No upstream resolver answers; try again in a minute.")
UNRESOLVED = Reason(NO_AUTHORITY, "The upstream resolvers cannot resolve this name at the moment.")
OVERLOADED = Reason(NETWORK_ERROR, "Too many questions are under way; try again in a moment.")


@dataclass(frozen=True, slots=True)
class Page:
    """Where the block page listens, as address data for A and AAAA; None where there is no such address."""

    ipv4: bytes | None = None
    ipv6: bytes | None = None

    def __bool__(self) -> bool:
        return self.ipv4 is not None or self.ipv6 is not None


class Built(NamedTuple):
    """An answer without its id, and where its records begin in it; 0 where they were left out."""

    tail: bytes
    body_at: int


def limit_of(query: Query, *, stream: bool) -> int:
    """How many bytes the client takes."""
    if stream:
        return STREAM_SIZE
    return min(max(query.edns.size, 512), UDP_SIZE) if query.edns else 512


def build(
    query: Query, rcode: int, limit: int, *, body: bytes = b"", counts: tuple[int, int] = (0, 0),
    ad: bool = False, reason: Reason | None = None,
) -> Built:  # fmt: skip
    """One answer; what does not fit is left out and marked truncated (RFC 2181, 9)."""
    question, edns = query.question, query.edns
    flags = wire.QR | wire.RA | query.flags & (wire.RD | wire.CD | 0x7800) | rcode & 15
    if ad and (query.flags & wire.AD or (edns is not None and edns.do)):
        flags |= wire.AD
    room = limit - 12 - len(question) - len(body)
    opt = b"" if edns is None else _opt(edns, rcode, room, reason)
    body_at = 10 + len(question)
    if room < len(opt):
        flags, body, counts, body_at = flags | wire.TC, b"", (0, 0), 0
        opt = b"" if edns is None else _opt(edns, rcode, limit - 12 - len(question), reason)
    head = _HEAD.pack(flags, 1 if question else 0, counts[0], counts[1], 1 if opt else 0)
    return Built(head + question + body + opt, body_at)


def error(query: Query, rcode: int, limit: int, reason: Reason | None = None) -> Built:
    """An answer that holds nothing but a response code, and why."""
    return build(query, rcode, limit, reason=reason)


def negative(query: Query, rcode: int, limit: int, reason: Reason | None = None) -> Built:
    """NXDOMAIN, or NODATA with NOERROR, to be remembered for BLOCK_TTL seconds (RFC 2308)."""
    return build(query, rcode, limit, body=_NEGATIVE, counts=(0, 1), reason=reason)


def addresses(query: Query, packed: bytes | None, limit: int, ttl: int, reason: Reason | None = None) -> Built:
    """The name leads to this address; NODATA where there is none of the asked kind."""
    if packed is None:
        return negative(query, wire.NOERROR, limit, reason)
    body = b"\xc0\x0c" + wire.FIXED.pack(query.qtype, wire.IN, ttl, len(packed)) + packed
    return build(query, wire.NOERROR, limit, body=body, counts=(1, 0), reason=reason)


def blocked(query: Query, decision: Decision, page: Page, limit: int) -> Built:
    """VI: no name, or the block page in its place; every type of question alike."""
    reason = reason_of(decision)
    if not page:
        return negative(query, wire.NXDOMAIN, limit, reason)
    packed = {wire.A: page.ipv4, wire.AAAA: page.ipv6}.get(query.qtype)
    return addresses(query, packed, limit, BLOCK_TTL, reason)


def told(query: Query, known: Known, second: int, limit: int) -> Built:
    """What an upstream said, its times counted down; out of time, it says so (RFC 8767)."""
    reason = None
    if known.cleaned and not known.counts[0]:
        return negative(query, known.rcode, limit, Reason(BLOCKED, known.cleaned))
    if second >= known.expires:
        reason = Reason(STALE_NXDOMAIN if known.rcode == wire.NXDOMAIN else STALE)
    body = known.body if second == known.born else known.aged(second)
    return build(query, known.rcode, limit, body=body, counts=known.counts, ad=known.ad, reason=reason)


def rewritten(query: Query, target: bytes, known: Known, second: int, limit: int) -> Built:
    """VI: the name leads to its locked form: a CNAME, and the addresses of its target."""
    ttl = min(known.ttl(second) or STALE_TTL, REWRITE_TTL)
    owner = b"\xc0\x0c"
    body = [owner + wire.FIXED.pack(wire.CNAME, wire.IN, ttl, len(target)) + target]
    # The target's name begins in the CNAME's data: after the question and twelve bytes of fixed fields.
    at = wire.U16.pack(0xC000 | 12 + len(query.question) + 12)
    body += [at + wire.FIXED.pack(query.qtype, wire.IN, ttl, len(each)) + each for each in known.addresses()]
    return build(query, wire.NOERROR, limit, body=b"".join(body), counts=(len(body), 0))


def reason_of(decision: Decision) -> Reason:
    """Which Extended DNS Error a block is, and its words: who stands behind it, what, under which clause."""
    what = f"{decision.category} ({decision.clause})"
    if decision.kind is Kind.STATUTORY:
        return Reason(CENSORED, f"Required by law: {what}")
    if decision.kind is Kind.STANDING:
        return Reason(PROHIBITED, f"Network closed for this person ({decision.clause})")
    if isinstance(decision, Block) and decision.asked_by_self:
        return Reason(FILTERED, f"Blocked at your own wish: {what}")
    if decision.kind is Kind.SAFETY:
        return Reason(BLOCKED, f"Blocked for safety: {what}")
    return Reason(BLOCKED, f"Blocked by the district: {what}")


def _opt(edns: Edns, rcode: int, room: int, reason: Reason | None) -> bytes:
    """Our OPT record for a question that had one, with as much of the reason as there is room for."""
    if reason is None:
        return wire.opt(do=edns.do, size=UDP_SIZE, extended=rcode)
    options = b""
    for text in (reason.text.encode(), b""):
        if 11 + _OPTION.size + len(text) <= room:
            options = _OPTION.pack(15, 2 + len(text), reason.code) + text
            break
    return wire.opt(do=edns.do, size=UDP_SIZE, options=options, extended=rcode)
