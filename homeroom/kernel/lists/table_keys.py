"""Under which key the table keeps an entry, and which keys a question must look up.

A name is its own key. A URL's key is the URL, cut after LONGEST_WALK edges so that a question never
looks up more prefixes than that. A range of addresses has a key that no name and no URL can have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from itertools import islice

from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import is_address

LONGEST_WALK = 40

_edge = re.compile(r"[/?#;&]").finditer  # where `decision.overlay.path_begins` sees a segment's edge


class BadEntry(ValueError):
    """An entry that no table can hold; the message is a sentence that names its line."""


def key_of(entry: Entry) -> tuple[str, str]:
    """The key of an entry (not an expression) and its pattern in the one spelling; raises BadEntry.

    >>> key_of(Entry("10.1.2.3/8", How.NET, 1, ""))
    ('net 0a000000/8', '10.0.0.0/8')
    """
    pattern = entry.pattern
    if not pattern.isascii() or not pattern.isprintable() or " " in pattern or not pattern:
        raise BadEntry(f"Line {entry.line} holds {pattern!r}, which is no name, URL or range in its one spelling.")
    if entry.how is How.NET:
        return _key_of_net(entry)
    if entry.how is How.URL:
        host, _, path = pattern.partition("/")
        return host + url_key("/" + path), host + "/" + path
    if "/" in pattern:
        raise BadEntry(f"Line {entry.line} lists {pattern!r} as a name, but a name holds no slash.")
    return pattern, pattern


def url_key(path: str) -> str:
    """A path cut at its edge number LONGEST_WALK.

    >>> url_key("/a/b"), len(url_key("/a" * 100))
    ('/a/b', 80)
    """
    for edge in islice(_edge(path), LONGEST_WALK, None):
        return path[: edge.start()]
    return path


def path_keys(path: str) -> Iterator[str]:
    """Every key under which a listed path that this path begins with can stand, longest first.

    >>> list(path_keys("/a/b?c"))
    ['/a/b?c', '/a/b', '/a/', '/a', '/']
    """
    edges = [edge.start() for edge in islice(_edge(path), LONGEST_WALK + 1)]
    if len(edges) <= LONGEST_WALK and not path.endswith("/"):
        yield path
    for edge in reversed(edges):
        if path[edge] == "/":
            yield path[: edge + 1]
        if edge:
            yield path[:edge]


def marked_hosts(url: str) -> tuple[str, ...]:
    """The hosts at which a question must look for this listed URL: its own, and a name's with "www." before it."""
    host = url.partition("/")[0]
    return (host,) if is_address(host) else (host, "www." + host)


def ipv4_number(host: str) -> int:
    """A canonical IPv4 literal as a number.

    >>> hex(ipv4_number("10.1.2.3"))
    '0xa010203'
    """
    a, b, c, d = host.split(".")
    return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)


def ipv6_number(host: str) -> int:
    """A canonical IPv6 literal as a number."""
    return int(IPv6Address(host))


def net_key(number: int, bits: int, length: int) -> str:
    """The key of the network of that prefix length around an address of 32 or 128 bits.

    >>> net_key(0x0A010203, 32, 8)
    'net 0a000000/8'
    """
    host_bits = bits - length
    return f"net {number >> host_bits << host_bits:0{bits // 4}x}/{length}"


def pattern_of(key: str) -> str:
    """The pattern behind a key, where nothing else was kept of it."""
    if not key.startswith("net "):
        return key
    number, _, length = key[4:].partition("/")
    network = IPv4Network if len(number) == 8 else IPv6Network
    return str(network((int(number, 16), int(length))))


def _key_of_net(entry: Entry) -> tuple[str, str]:
    try:
        network = ip_network(entry.pattern, strict=False)
    except ValueError as trouble:
        raise BadEntry(f"Line {entry.line} holds {entry.pattern!r}, which is no range of addresses.") from trouble
    number = int(network.network_address)
    return net_key(number, network.max_prefixlen, network.prefixlen), str(network)
