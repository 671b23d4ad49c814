"""What a list may name: a host, an address, a range of addresses, an address on the web."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from homeroom.kernel.lists.entry import LONGEST_TEXT, Entry, How, Unsupported
from homeroom.kernel.lists.names import BadName, canonical, is_address, is_plain, split_url

# Loopback, private and link-local addresses: what they mean differs from network to network, so that
# no list can know who is there. First part of an IPv4 address -> lowest and highest second part.
_HOME4 = {"0": (0, 255), "10": (0, 255), "127": (0, 255), "169": (254, 254), "172": (16, 31), "192": (168, 168)}
_HOME6 = tuple(ip_network(text) for text in ("::/127", "fc00::/7", "fe80::/10"))


def named(name: str, how: How, line: int, text: str) -> Entry | Unsupported:
    """An entry for a host as written in a list; for an address literal or a range, an entry of how NET."""
    if is_plain(name):
        return Entry(name, how, line, text[:LONGEST_TEXT])
    try:
        pattern, how = target(name, how)
    except BadName as trouble:
        return unsupported(line, text, str(trouble))
    return Entry(pattern, how, line, text[:LONGEST_TEXT])


def target(name: str, how: How) -> tuple[str, How]:
    """The pattern of a host as written, and how it is compared; raises BadName."""
    if "/" in name:
        if not name.partition("/")[2].isdigit():
            raise BadName(f"{name[:80]!r} is a URL or holds a path, and this format lists hosts.")
        return net(name), How.NET
    host = canonical(name)
    if not is_address(host):
        return host, how
    if how is How.SUB:
        raise BadName(f"{name[:80]!r} is an address, and nothing stands under an address.")
    if _is_at_home(host):
        raise BadName(f"{name[:80]!r} is an address inside every network, so that a list cannot mean anybody by it.")
    return f"{host}/{128 if ':' in host else 32}", How.NET


def net(text: str) -> str:
    """An address or a range in CIDR notation as a CIDR in one spelling; raises BadName.

    >>> net("10.1.2.3/8"), net("2001:DB8::"), net("::ffff:192.0.2.0/120")
    ('10.0.0.0/8', '2001:db8::/128', '192.0.2.0/24')
    """
    host, _, length = text.partition("/")
    host = host.removeprefix("[").removesuffix("]")
    try:
        network = ip_network(f"{host}/{length}" if length else canonical(host), strict=False)
    except ValueError as trouble:
        raise BadName(f"{text[:80]!r} is not an address or a range of addresses.") from trouble
    if isinstance(network, IPv6Network):
        network = _unmapped(network)
    if network.prefixlen == 0:
        raise BadName(f"{text[:80]!r} is every address there is.")
    return str(network)


def url(text: str, line: int) -> Entry | Unsupported:
    """An entry for a URL as a list writes it: with or without scheme, port, "www." and a slash at the end."""
    try:
        host, path = split_url(text)
        stem = host.removeprefix("www.")
        host = stem if "." in stem else host
        if path in ("", "/"):
            if text.partition("#")[2]:
                why = "What follows “#” never leaves a browser, so that only the whole site could be blocked."
                return unsupported(line, text, why)
            host, how = target(host, How.EXACT)
            return Entry(host, how, line, text[:LONGEST_TEXT])
    except BadName as trouble:
        return unsupported(line, text, str(trouble))
    return Entry(host + (path if "?" in path else path.rstrip("/")), How.URL, line, text[:LONGEST_TEXT])


def unsupported(line: int, text: str, why: str) -> Unsupported:
    """A line that is not carried out."""
    return Unsupported(line, text.strip()[:LONGEST_TEXT], why)


def _is_at_home(host: str) -> bool:
    if ":" in host:
        return any(ip_address(host) in home for home in _HOME6)
    first, second, _ = host.split(".", 2)
    low, high = _HOME4.get(first, (256, -1))
    return low <= int(second) <= high


def _unmapped(network: IPv6Network) -> IPv4Network | IPv6Network:
    mapped = network.network_address.ipv4_mapped
    if mapped is None or network.prefixlen < 96:
        return network
    return IPv4Network((mapped, network.prefixlen - 96))
