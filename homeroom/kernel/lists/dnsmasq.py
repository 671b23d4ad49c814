"""dnsmasq configuration: address=, server= and local= lines that answer names with nothing (dnsmasq(8))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.hosts import SINKS
from homeroom.kernel.lists.names import is_plain
from homeroom.kernel.lists.patterns import named, unsupported

_LINE = re.compile(r"(?:--)?(address|server|local)\s*=\s*/(.*)/([^/]*)")
_common = re.compile(r"(?:address|server|local)=/([a-z0-9_.-]+)/(?:0\.0\.0\.0|::)?", re.ASCII).fullmatch
_COMMENT = re.compile(r"\s#")


def read(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """Every name that is answered with nothing, and what stands under it; `server=/name/#` is an exception."""
    for number, line in lines:
        found = _common(line)
        if found and is_plain(found[1]):
            yield Entry(found[1], how, number, line)
            continue
        text = line.strip()
        if text and text[0] != "#":
            yield from _one(number, text, how)


def _one(number: int, text: str, how: How) -> Iterator[Entry | Unsupported]:
    match = _LINE.fullmatch(_COMMENT.split(text, maxsplit=1)[0].rstrip())
    if not match:
        word = text.partition("=")[0].strip()[:40]
        yield unsupported(number, text, f"The directive “{word}” does not block a name.")
        return
    verb, names, answer = match.groups()
    allow = verb != "address" and answer == "#"
    why = "" if allow else _why_not(verb, answer)
    for name in names.split("/"):
        entry = unsupported(number, text, why) if why else _named(name, how, number, text)
        yield entry._replace(allow=True) if allow and isinstance(entry, Entry) else entry


def _named(name: str, how: How, number: int, text: str) -> Entry | Unsupported:
    if name in ("", "#", "*"):
        return unsupported(number, text, "It speaks of every name at once.")
    if name.startswith("*."):
        return named(name[2:], How.SUB, number, text)
    return named(name.removeprefix("."), how, number, text)


def _why_not(verb: str, answer: str) -> str:
    if not answer or answer in SINKS or (verb == "address" and answer == "#"):
        return ""
    if verb == "address":
        return f"It answers with {answer[:60]}, an address of its own; only names without an answer are blocked."
    return f"It sends the name to another server ({answer[:60]}); it does not block."
