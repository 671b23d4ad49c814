"""Names and addresses of the wire in the one spelling that lists and rules know."""

from __future__ import annotations

from socket import AF_INET6, inet_ntoa, inet_ntop

from homeroom.kernel.lists import names

_MAPPED = b"\0" * 10 + b"\xff\xff"
_NAT64 = b"\0\x64\xff\x9b" + b"\0" * 8
_PARTLY_PRIVATE = {100: (64, 127), 169: (254, 254), 172: (16, 31), 192: (168, 168), 198: (18, 19)}


def host_of(name: bytes) -> str:
    """The canonical host behind a wire name; "." for the root.

    Service instances ("Room 12 printer._ipp._tcp...") hold bytes that no list can hold; they
    are judged as the nearest parent that has a spelling. A name without any is "invalid".
    """
    while name != b"\0":
        try:
            return names.from_wire(name)
        except names.BadName:
            name = name[name[0] + 1 :]
            if name == b"\0":
                return "invalid"
    return "."


def address_text(packed: bytes) -> str:
    """An address in its one spelling; IPv4 inside IPv6 (mapped, NAT64) is judged as IPv4."""
    if len(packed) == 4:
        return inet_ntoa(packed)
    if packed[:12] in (_MAPPED, _NAT64):
        return inet_ntoa(packed[12:])
    text = inet_ntop(AF_INET6, packed)
    return names.canonical(text) if "." in text else text


def is_private(packed: bytes) -> bool:
    """Whether an address is one that no public name should lead to (RFC 1918, RFC 6890, RFC 4193).

    >>> is_private(bytes([192, 168, 1, 1])), is_private(bytes([192, 0, 43, 8]))
    (True, False)
    """
    if len(packed) == 16:
        if packed[:12] in (_MAPPED, _NAT64):
            return is_private(packed[12:])
        return packed[0] in (0, 0xFC, 0xFD) or (packed[0] == 0xFE and packed[1] >= 0x80)
    first, second = packed[0], packed[1]
    if first in (0, 10, 127) or first >= 224:
        return True
    low, high = _PARTLY_PRIVATE.get(first, (1, 0))
    return low <= second <= high
