"""Which ranges of addresses may hold an address, so that few keys need be looked up.

For IPv4 one 64-bit number per /16 with bit L set when a listed range of prefix length L touches it:
most addresses are answered by one look. For IPv6, where lists are short, one number for all.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from homeroom.kernel.lists.table_keys import ipv4_number, ipv6_number, net_key


class NetLengths:
    """The prefix lengths in use, as the builder collects them; `v4` is empty where no IPv4 range is listed."""

    def __init__(self) -> None:
        self.v4 = array("Q")
        self.v6 = 0

    def add(self, key: str) -> None:
        """Take in the key of a range, as `table_keys.net_key` spells it."""
        number, _, length = key[4:].partition("/")
        if len(number) == 8:
            self._add_v4(int(number, 16) >> 16, int(length))
        else:
            self.v6 |= 1 << int(length)

    def _add_v4(self, first: int, length: int) -> None:
        if not self.v4:
            self.v4.frombytes(bytes(8 << 16))
        for place in range(first, first + (1 << max(0, 16 - length))):
            self.v4[place] |= 1 << length


def net_keys(host: str, v4: Sequence[int], v6: int) -> Iterator[str]:
    """The keys of all ranges that may hold this address literal, narrowest first."""
    if ":" in host:
        bits, lengths = 128, v6
    else:
        first, second, _ = host.split(".", 2)
        bits, lengths = 32, v4[int(first) << 8 | int(second)] if len(v4) else 0
    number = 0 if not lengths else ipv6_number(host) if bits == 128 else ipv4_number(host)
    while lengths:
        length = lengths.bit_length() - 1
        yield net_key(number, bits, length)
        lengths ^= 1 << length
