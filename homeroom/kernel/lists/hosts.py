"""Hosts files: an address and the names that shall lead to it (hosts(5)); as a filter, to nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from homeroom.kernel.lists.entry import LONGEST_TEXT, Entry, How, Unsupported
from homeroom.kernel.lists.names import BadName, canonical, is_address, is_plain
from homeroom.kernel.lists.patterns import named, unsupported

SINKS = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 (compared with, never bound)
OWN = frozenset(
    {
        "localhost", "localhost.localdomain", "local", "broadcasthost", "localhost6", "localhost6.localdomain6",
        "ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters",
        "ip6-allhosts", *SINKS,
    }
)  # fmt: skip


_common = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?)[ \t]+([a-z0-9_.-]+)", re.ASCII).fullmatch


def read(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """Every name of every line that leads to nowhere; the lines that each hosts file has of its own are skipped."""
    for number, line in lines:
        found = _common(line)
        if found and found[1] not in OWN and is_plain(found[1]):
            yield Entry(found[1], how, number, line[:LONGEST_TEXT])
            continue
        text = line.strip()
        if text and text[0] not in "#!;":
            yield from one(number, text, how)


def one(number: int, text: str, how: How) -> Iterator[Entry | Unsupported]:
    """What one line that is no comment says."""
    sink, *names = text.partition("#")[0].split()
    if sink not in SINKS:
        why = _why_not(sink)
        if why:
            yield unsupported(number, text, why)
            return
    if not names:
        yield unsupported(number, text, "No name follows the address.")
    for name in names:
        if name in OWN:
            continue
        yield Entry(name, how, number, text[:LONGEST_TEXT]) if is_plain(name) else named(name, how, number, text)


def _why_not(sink: str) -> str:
    try:
        address = canonical(sink)
    except BadName:
        address = ""
    if address in SINKS or address.startswith("127."):
        return ""
    if address and is_address(address):
        return f"It leads to {address}, a real address; only names that lead to nowhere (0.0.0.0) are blocked."
    return "No address stands in front. If this is a list of plain names, its format is “domains”."
