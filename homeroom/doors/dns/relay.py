"""Questions that somebody in front of this door hands over: dnsdist, with the PROXY protocol (version 2).

The front says who asked; so only a front that we know may speak here (HOMEROOM_DNS_RELAY_FROM). Where the
question came by DoH under a path of its own, the path travels in a value of type PATH_VALUE and is read
here by the same rules as that of our own DoH.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address

from homeroom.doors.dns import identity
from homeroom.doors.dns.guests import Guests
from homeroom.doors.dns.identity import Claim
from homeroom.doors.dns.link import Link
from homeroom.doors.dns.talk import Reply, Talk
from homeroom.doors.dns.tcp import Tcp, peer_address
from homeroom.doors.dns.udp import Udp
from homeroom.doors.environment import Endpoint

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
PATH_VALUE = 0xE0  # of the range that the protocol leaves to applications
LONGEST = 16 + 2048  # bytes of a header; a DoH path has at most 512
NOBODY = b"\0\0\0\0"  # the front itself asks, to see whether we are well
IN_FORCE = b"Homeroom: which rules are in force?"  # is answered with the mark of what this door judges by

_HEAD = struct.Struct("!12sBBH")
_VALUE = struct.Struct("!BH")
_SIZES = {1: 4, 2: 16}  # address family: bytes of one address
Network = IPv4Network | IPv6Network


def introduced(question: bytes) -> bytes:
    """A question that the front asks for itself, behind its header."""
    return _HEAD.pack(SIGNATURE, 0x20, 0, 0) + question


class BadFront(ValueError):
    """What came is not a question with a PROXY header before it."""


def read_header(data: bytes) -> tuple[int, bytes, str] | None:
    """Where the header ends, the packed address of the client, and its DoH path; None where more bytes are needed.

    Raises BadFront.
    """
    if not SIGNATURE.startswith(data[:12]) and not data.startswith(SIGNATURE):
        raise BadFront("There is no PROXY header (version 2).")
    if len(data) < 16:
        return None
    _, version, family, length = _HEAD.unpack_from(data)
    end = 16 + length
    if version >> 4 != 2 or end > LONGEST:
        raise BadFront("The PROXY header has another version or is too long.")
    if len(data) < end:
        return None
    size = _SIZES.get(family >> 4, 0)
    if version & 15 == 0 or not size:
        return end, NOBODY, ""
    at = 16 + 2 * size + 4
    if at > end:
        raise BadFront("The PROXY header is shorter than its addresses.")
    address = data[16 : 16 + size]
    mapped = address.startswith(b"\0" * 10 + b"\xff\xff")
    return end, address[12:] if mapped else address, _path(data[at:end])


def _path(values: bytes) -> str:
    at = 0
    while at + _VALUE.size <= len(values):
        kind, length = _VALUE.unpack_from(values, at)
        at += _VALUE.size
        if kind == PATH_VALUE:
            return values[at : at + length].decode("latin-1")
        at += length
    return ""


def asker(address: bytes, path: str) -> bytes | Claim:
    """Whom the conversation is to take for the client: an address, or an address with a claim.

    A path that is none of ours claims something nobody knows, so that it opens nothing.
    """
    if not path or path == identity.PATH:
        return address
    return identity.claim(path, address) or Claim(address, identity.TOKEN, "unreadable")


class Trusted:
    """Which addresses may say who asks."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks, self._known = networks, dict[bytes, bool]()

    def __call__(self, packed: bytes) -> bool:
        """Whether a front at this packed address is believed."""
        said = self._known.get(packed)
        if said is None:
            address = ip_address(packed)
            said = any(address.version == each.version and address in each for each in self._networks)
            if len(self._known) < 1000:
                self._known[packed] = said
        return said


def relay_udp(
    loop: asyncio.AbstractEventLoop, talk: Talk, link: Link, endpoint: Endpoint, trusted: Callable[[bytes], bool]
) -> Udp:
    """Listen for handed-over questions by UDP; raises OSError."""
    return Udp(loop, talk, link, endpoint, partial(datagram, talk, trusted))


def datagram(talk: Talk, trusted: Callable[[bytes], bool], packet: bytes, front: bytes) -> Reply:
    """One handed-over question; what does not come from a known front gets no answer."""
    if not trusted(front):
        return None
    try:
        header = read_header(packet)
    except BadFront:
        header = None
    if header is None:
        talk.counts["silent"] += 1
        return None
    end, address, path = header
    question = packet[end:]
    if question == IN_FORCE:
        return talk.in_force.encode("ascii")
    return talk.relayed(question, asker(address, path))


class RelayTcp(Tcp):
    """One connection of a front; its header says for whom it asks."""

    def __init__(self, talk: Talk, link: Link, guests: Guests, trusted: Callable[[bytes], bool]) -> None:
        super().__init__(talk, link, guests)
        self._trusted, self._introduced, self._head = trusted, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A front connects; anybody else is turned away."""
        super().connection_made(transport)
        if not self._trusted(peer_address(self.transport)):
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """First the header, then questions."""
        if not self._introduced:
            self._head += data
            try:
                header = read_header(self._head)
            except BadFront:
                self.transport.abort()
                return
            if header is None:
                return
            end, address, path = header
            who = asker(address, path)
            self._client = self._talk.client(who if isinstance(who, Claim) else Claim(who))
            self._introduced, data, self._head = True, self._head[end:], b""
        if data:
            super().data_received(data)
