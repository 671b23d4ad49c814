"""Zone files (RFC 1035, 5): records with their owners, whatever brackets, comments and directives stand between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from homeroom.kernel.lists.entry import BadList, Unsupported
from homeroom.kernel.lists.patterns import unsupported

LONGEST_RECORD = 65_536
_token = re.compile(r'"(?:\\.|[^"\\])*"?|;.*|[()]|(?:\\.|[^\s;()"\\])+|\\').finditer
_odd = re.compile(r'[\\"();]').search
_TTL = re.compile(r"(?:[0-9]+[wdhms]?)+", re.IGNORECASE | re.ASCII)
_CLASSES = frozenset({"IN", "CH", "HS", "CS"})


class Record(NamedTuple):
    """One record: absolute names without the last dot and in lower case, as far as they are known.

    `owner` is absolute when an origin is known; `data` holds the fields after the type as written.
    """

    owner: str
    type: str
    data: tuple[str, ...]
    origin: str
    line: int
    text: str


@dataclass(slots=True)
class _State:
    origin: str | None = None
    owner: str | None = None


def records(lines: Iterable[tuple[int, str]]) -> Iterator[Record | Unsupported]:
    """The records of a zone file, and what of it could not be read; raises BadList for a bracket never closed."""
    state = _State()
    for number, text, inherits, words in _joined(lines):
        if words[0].startswith("$"):
            why = _directive(state, words)
            if why:
                yield unsupported(number, text, why)
        else:
            yield _record(state, number, text, words, inherits=inherits)


def absolute(name: str, origin: str | None) -> str:
    """A name of a zone file, absolute and without the last dot; relative ones hang below the origin.

    >>> absolute("a.test.", "z"), absolute("a", "z.test"), absolute("@", "z.test")
    ('a.test', 'a.z.test', 'z.test')
    """
    name = name.lower()
    if name == "@":
        return origin or ""
    if name.endswith("."):
        return name[:-1]
    return f"{name}.{origin}" if origin else name


def _joined(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, bool, list[str]]]:
    """Logical lines: (number of the first, its text, whether the owner is left out, words)."""
    first, text, inherits, size, depth = 0, "", False, 0, 0
    words: list[str] = []
    for number, line in lines:
        if not depth:
            first, text, inherits, size, words = number, line.strip(), line[:1] in (" ", "\t"), 0, []
        size += len(line) + 1
        if depth or _odd(line):
            depth = _collect(line, words, depth)
        else:
            words = line.split()
        if depth and size > LONGEST_RECORD:
            break
        if not depth and words:
            yield first, text, inherits, words
    if depth:
        raise BadList(
            f"The zone opens a bracket in line {first} that is never closed. Fetch the list again or fix that line."
        )


def _collect(line: str, words: list[str], depth: int) -> int:
    for match in _token(line):
        token = match[0]
        if token == "(":
            depth += 1
        elif token == ")":
            depth = max(depth - 1, 0)
        elif not token.startswith(";"):
            words.append(token)
    return depth


def _directive(state: _State, words: list[str]) -> str:
    name = words[0].upper()
    if name == "$ORIGIN" and len(words) > 1:
        state.origin = absolute(words[1], state.origin)
        return ""
    if name == "$TTL":
        return ""
    return f"The directive {words[0][:40]} is not carried out."


def _record(state: _State, number: int, text: str, words: list[str], *, inherits: bool) -> Record | Unsupported:
    if not inherits:
        state.owner = absolute(words.pop(0), state.origin)
    if state.owner is None:
        return unsupported(number, text, "The record has no owner, and none stands above it.")
    while words and words[0] != "CNAME" and (_TTL.fullmatch(words[0]) or words[0].upper() in _CLASSES):
        if words.pop(0).upper() in ("CH", "HS", "CS"):
            return unsupported(number, text, "Only records of the class IN are read.")
    if not words:
        return unsupported(number, text, "The record has no type.")
    return Record(state.owner, words[0].upper(), tuple(words[1:]), state.origin or "", number, text)
