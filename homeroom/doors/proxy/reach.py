"""Which addresses a proxy may connect to: the Internet, and what the district lists; never its own insides.

Without this a pupil could ask the proxy for the machines that only the proxy can see. Asked
of the very address that is then dialled, so that a name cannot change its mind in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

# Where clouds tell a machine its secrets. A wide range that happens to hold one does not open
# it; only the very address does.
METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
    )
)  # fmt: skip
_UNICAST = IPv6Network("2000::/3")  # all that was ever handed out (IANA, IPv6 address space)
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))  # RFC 1918, RFC 4193
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class Reach:
    """The addresses that may be reached: public ones, and those in `may`."""

    def __init__(self, may: Sequence[Network] = ()) -> None:
        self._may = tuple(may)
        self.allows = lru_cache(maxsize=50_000)(self._allows)

    def among(self, addresses: Sequence[str], *, own: bool = False) -> tuple[str, ...]:
        """Those of the address literals that may be reached, in their order; `own`: of the district's own pages."""
        return tuple(each for each in addresses if self.allows(each) or (own and _is_private(each)))

    def _allows(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        if address in METADATA:
            return any(net.num_addresses == 1 and address in net for net in self._may)
        return any(address in net for net in self._may) or is_public(address)


def _is_private(text: str) -> bool:
    """Whether an address belongs to a network of somebody's own: 10.1.2.3, fd12::1, but not this very machine."""
    address = ip_address(text)
    return address not in METADATA and any(
        address in network for network in _PRIVATE if network.version == address.version
    )


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is somebody's on the Internet, in every way it can be read.

    >>> [is_public(ip_address(text)) for text in ("93.184.216.34", "10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")]
    [True, False, False, False]
    """
    if address in METADATA or address.is_multicast or not (address.is_global or address in _NAT64):
        return False
    if isinstance(address, IPv4Address):
        return True
    inner = _carried(address)
    if any(not is_public(each) for each in inner):
        return False
    return bool(inner) or address in _UNICAST


def _carried(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for, where it leads there by a gateway."""
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
