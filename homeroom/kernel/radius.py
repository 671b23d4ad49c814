"""RADIUS accounting (RFC 2866) as bytes: read what a switch or access point tells, write the acknowledgement.

Only what names a person, a device, an address and a session is read; all else is passed over. A packet whose
authenticator does not fit the shared secret is refused whole.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address

ACCOUNTING_REQUEST, ACCOUNTING_RESPONSE = 4, 5
HEADER, LONGEST = 20, 4096
USER_NAME, NAS_ADDRESS, FRAMED_ADDRESS, CALLING_STATION, NAS_NAME = 1, 4, 8, 31, 32
STATUS, DELAY, SESSION, NAS_ADDRESS6, FRAMED_ADDRESS6 = 40, 41, 44, 95, 168


class BadPacket(ValueError):
    """A packet that is not answered; the message says why, and never what it held."""


class Status(IntEnum):
    """Acct-Status-Type."""

    START = 1
    STOP = 2
    INTERIM = 3
    ON = 7
    OFF = 8


@dataclass(frozen=True, slots=True)
class Told:
    """What one packet tells. `delay` is how many seconds ago it happened; what was not said is ""."""

    status: Status
    session: str = ""
    user: str = ""
    address: str = ""
    mac: str = ""
    nas: str = ""
    delay: int = 0


def read(data: bytes, secret: bytes) -> Told:
    """Read one Accounting-Request; raises BadPacket."""
    packet = _whole(data)
    zeroed = packet[:4] + bytes(16) + packet[HEADER:]
    # MD5 is what RFC 2866 prescribes; it keeps strangers out only as far as the network between is the district's.
    expected = hashlib.md5(zeroed + secret, usedforsecurity=False).digest()
    if not hmac.compare_digest(expected, packet[4:HEADER]):
        raise BadPacket("The authenticator does not fit the shared secret.")
    return _told(dict(_attributes(packet)))


def response(data: bytes, secret: bytes) -> bytes:
    """The Accounting-Response to a request that was read and is kept."""
    head = struct.pack("!BBH", ACCOUNTING_RESPONSE, data[1], HEADER)
    return head + hashlib.md5(head + data[4:HEADER] + secret, usedforsecurity=False).digest()


def _whole(data: bytes) -> bytes:
    if not HEADER <= len(data) <= LONGEST:
        raise BadPacket("The packet is too short or too long.")
    code, _, length = struct.unpack_from("!BBH", data)
    if code != ACCOUNTING_REQUEST:
        raise BadPacket("This is no Accounting-Request.")
    if not HEADER <= length <= len(data):
        raise BadPacket("The packet is cut off.")
    return data[:length]  # what follows is padding (RFC 2865, 3)


def _attributes(packet: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute; of one that comes several times the last counts."""
    at = HEADER
    while at < len(packet):
        if at + 2 > len(packet) or packet[at + 1] < 2 or at + packet[at + 1] > len(packet):
            raise BadPacket("An attribute does not fit into the packet.")
        yield packet[at], packet[at + 2 : at + packet[at + 1]]
        at += packet[at + 1]


def _told(values: dict[int, bytes]) -> Told:
    try:
        status = Status(_number(values.get(STATUS, b"")))
    except ValueError:
        raise BadPacket("The kind of record is not one that is kept.") from None
    if status <= Status.INTERIM and not values.get(SESSION):
        raise BadPacket("The record names no session.")
    return Told(
        status=status,
        session=_text(values.get(SESSION, b"")),
        user=_text(values.get(USER_NAME, b"")),
        address=_address(values.get(FRAMED_ADDRESS, b"")) or _address(values.get(FRAMED_ADDRESS6, b"")),
        mac=mac(_text(values.get(CALLING_STATION, b""))),
        nas=_text(values.get(NAS_NAME, b"")) or _address(values.get(NAS_ADDRESS, b"") or values.get(NAS_ADDRESS6, b"")),
        delay=min(_number(values.get(DELAY, b"")), 86_400),
    )


def mac(text: str) -> str:
    """A hardware address in its one spelling, or "" where there is none.

    >>> mac("00-10-A4-23-19-C0:eduroam"), mac("0010.a423.19c0"), mac("a phone")
    ('0010a42319c0', '0010a42319c0', '')
    """
    digits = "".join(each for each in text.lower() if each in "0123456789abcdef")[:12]
    plain = text.lower().replace("-", "").replace(":", "").replace(".", "")
    return digits if len(digits) == 12 and plain.startswith(digits) else ""


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big") if len(value) == 4 else 0


def _text(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    return "".join(each for each in text if each.isprintable())[:253]


def _address(value: bytes) -> str:
    if len(value) == 4:
        found = IPv4Address(value)
        # All ones or all ones but the last bit mean "let the user choose" (RFC 2865, 5.8); zero is nobody's.
        return "" if int(found) >= 0xFFFFFFFE or not int(found) else str(found)
    return str(IPv6Address(value)) if len(value) == 16 and any(value) else ""
