"""IPv4 and IPv6 literals, in every form that a browser or proxy would follow to the same address."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_PART = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
is_dotted = re.compile(rf"(?:{_PART}\.){{3}}{_PART}", re.ASCII).fullmatch  # the one spelling of an IPv4 address
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)


def is_number(label: str) -> bool:
    """Whether a lower-case label is a number, so that a name ending in it can only be an IPv4 address.

    WHATWG URL, "ends in a number checker".

    >>> is_number("0x7f"), is_number("09"), is_number("x7")
    (True, True, False)
    """
    return _NUMBER.fullmatch(label) is not None


def ipv4(text: str) -> str:
    """An IPv4 literal in its dotted form; parts may be left out, octal or hexadecimal (WHATWG URL, IPv4 parser).

    Raises ValueError with a reason.

    >>> ipv4("0x7f.1"), ipv4("2130706433"), ipv4("0300.0250.0.1")
    ('127.0.0.1', '127.0.0.1', '192.168.0.1')
    """
    if is_dotted(text):
        return text
    parts = [_part(part) for part in text.split(".")]
    if len(parts) > 4:
        raise ValueError("an IPv4 address has at most four parts")
    *head, last = parts
    if any(part > 255 for part in head) or last >= 256 ** (5 - len(parts)):
        raise ValueError("a part of the IPv4 address is too large")
    number = last
    for index, part in enumerate(head):
        number += part << 8 * (3 - index)
    return str(IPv4Address(number))


def ipv6(text: str) -> str:
    """An IPv6 literal without brackets in its shortest form (RFC 5952); an IPv4-mapped one as the IPv4 address.

    Raises ValueError with a reason.

    >>> ipv6("2001:DB8:0:0::1"), ipv6("::ffff:127.0.0.1")
    ('2001:db8::1', '127.0.0.1')
    """
    if "%" in text:
        raise ValueError("a zone id (%) has no meaning outside the machine it was written on")
    try:
        address = IPv6Address(text)
    except AddressValueError as trouble:
        raise ValueError("it is not an IPv6 address") from trouble
    mapped = address.ipv4_mapped
    return str(mapped) if mapped is not None else str(address)


def _part(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("a name whose last label is a number must be an IPv4 address")
    if len(text) > 40:
        raise ValueError("a part of the IPv4 address is too large")
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    if len(text) > 1 and text.startswith("0"):
        if not text.isdigit() or set(text) & {"8", "9"}:
            raise ValueError("a part of the IPv4 address starts with 0 but is not octal")
        return int(text, 8)
    return int(text)
